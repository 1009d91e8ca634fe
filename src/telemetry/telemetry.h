// The one telemetry object of a process: metrics, traces, logs, health and objectives, passed by
// reference to whoever is observed. Made once, at the start, by the composition root. Everything
// it hands out is thread-safe and lives as long as it does.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/result.h"
#include "telemetry/export/export_options.h"
#include "telemetry/health/health.h"
#include "telemetry/logging/logger.h"
#include "telemetry/metrics/exposition.h"
#include "telemetry/metrics/metrics.h"
#include "telemetry/slo/slo_tracker.h"
#include "telemetry/tracing/tracer.h"

namespace testgen::telemetry {

struct TelemetryOptions {
  std::string version = "0";
  std::string service_name = "testgen-copilot";  // service.name of exported spans
  bool debug_metrics = false;
  bool native_histograms = false;           // kept as well, and shown where protobuf is asked for
  std::uint32_t series_limit = UINT32_MAX;  // of each metric, below the catalogue's own cap
  LoggingOptions logging;
  TracingOptions tracing;
  ExportOptions exports;

  // Nothing leaves the process: for tests and for commands that stay silent.
  [[nodiscard]] static TelemetryOptions quiet();
};

// What the HTTP layer knows once a request is answered.
struct AnsweredRequest {
  std::string_view method;
  std::string_view endpoint;  // the route's template, never the raw path
  int status = 0;
  std::chrono::nanoseconds duration{0};
  std::uint64_t request_bytes = 0;
  std::uint64_t response_bytes = 0;
};

class Telemetry {
 public:
  // `clock` is borrowed. Fails when the log file cannot be opened or the endpoint is not a URL.
  [[nodiscard]] static base::Result<std::unique_ptr<Telemetry>> create(
      const TelemetryOptions& options, const base::Clock& clock);
  ~Telemetry();  // shuts down with a short deadline
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  [[nodiscard]] Metrics& metrics();
  [[nodiscard]] Tracer& tracer();
  [[nodiscard]] Logger& log();
  [[nodiscard]] Health& health();
  [[nodiscard]] SloTracker& slo();
  [[nodiscard]] const base::Clock& clock() const;

  // Moves the request counters and histograms and the objectives, in one call. Probes, scrapes
  // and event streams are not reported here.
  void request_answered(const AnsweredRequest& request, const SpanContext& context);
  // Counts a failure once, where it is answered for: "http", "job", "pipeline", "storage"…
  void count_error(const base::Error& error, std::string_view component);

  // The body and content type of GET /metrics for its Accept headers. Never waits for writers.
  struct Scrape {
    std::string content_type;
    std::string body;
    bool gzip = false;  // the body is compressed
  };
  [[nodiscard]] Scrape scrape(std::string_view accept, std::string_view accept_encoding = {});
  [[nodiscard]] Registry& registry();
  // Debug metrics (request and response sizes, queue wait) are shown while this is on.
  void set_debug_metrics(bool on);
  [[nodiscard]] bool debug_metrics() const;

  // Sends and writes what is queued, stops every thread, keeps the deadline. Fails when the
  // metrics file cannot be written. Idempotent.
  base::Status shutdown(base::SteadyTime deadline);

 private:
  Telemetry();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace testgen::telemetry
