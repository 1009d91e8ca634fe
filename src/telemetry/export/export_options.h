// Where telemetry leaves the process, and how. Plain data; the defaults are OpenTelemetry's.
#pragma once

#include <chrono>
#include <string>

#include "telemetry/export/batcher.h"
#include "telemetry/export/dogstatsd_exporter.h"
#include "telemetry/export/final_push.h"
#include "telemetry/export/new_relic_exporter.h"
#include "telemetry/export/otlp_metrics.h"
#include "telemetry/export/otlp_sender.h"

namespace testgen::telemetry {

struct ExportOptions {
  Resource resource;  // beside service.name and service.version
  // OTLP; a target without a URL is switched off.
  OtlpTarget traces;
  OtlpTarget metrics;
  OtlpTarget logs;
  BatchOptions span_batch;
  BatchOptions log_batch{.delay = std::chrono::seconds(1)};
  std::chrono::milliseconds metric_interval{60'000};
  MetricEncoding metric_encoding;
  // Others.
  DogStatsdOptions dogstatsd;
  NewRelicOptions new_relic;
  FinalPushOptions final_push;
};

// Where a signal ("traces") goes below a base URL.
[[nodiscard]] std::string signal_url(std::string_view base, std::string_view signal);

// Checks that an http or https URL is one; the error names it.
[[nodiscard]] base::Status check_url(std::string_view url);

}  // namespace testgen::telemetry
