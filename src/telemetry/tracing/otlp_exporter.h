// Sends finished spans to an OpenTelemetry receiver over OTLP/HTTP, in batches, from a thread of
// its own. The queue is bounded; an absent, slow or lying receiver costs spans, which are
// counted, and never time of the caller. Retries follow the OTLP specification.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "telemetry/logging/logger.h"
#include "telemetry/metrics/metrics.h"
#include "telemetry/tracing/otlp_encoding.h"
#include "telemetry/tracing/span_exporter.h"

namespace testgen::telemetry {

enum class OtlpProtocol { HttpProtobuf, HttpJson };

// The defaults are OpenTelemetry's.
struct OtlpOptions {
  std::string endpoint;         // base URL, /v1/traces is appended; empty: no export
  std::string traces_endpoint;  // used exactly as it is, instead of `endpoint`
  OtlpProtocol protocol = OtlpProtocol::HttpProtobuf;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, std::string>> resource;  // beside service.name and version
  std::chrono::milliseconds timeout{10'000};                  // of one batch, retries included
  std::chrono::milliseconds schedule_delay{5'000};
  std::chrono::milliseconds initial_backoff{1'000};
  std::chrono::milliseconds max_backoff{5'000};
  std::size_t queue_spans = 2'048;
  std::size_t batch_spans = 512;
};

// Whether any endpoint is set.
[[nodiscard]] bool export_configured(const OtlpOptions& options);

// The URL that spans go to; fails when it is not an http or https URL.
[[nodiscard]] base::Result<std::string> traces_url(const OtlpOptions& options);

// `metrics`, `log` and `clock` are borrowed. Logs when the receiver starts to fail and when it
// is back, not every batch.
[[nodiscard]] base::Result<std::unique_ptr<SpanExporter>> make_otlp_exporter(
    const OtlpOptions& options, const Resource& resource, Metrics& metrics, Logger& log,
    const base::Clock& clock);

}  // namespace testgen::telemetry
