// Starts spans and collects them when they end: every recorded span goes to the in-memory ring
// (GET /debug/traces/{id}); sampled ones also go to the exporter, if there is one, and so do
// those of a trace that failed or was slow. Thread-safe; starting and ending a span takes no lock
// and, once warm, no memory.
#pragma once

#include <atomic>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "telemetry/metrics/metrics.h"
#include "telemetry/tracing/propagation.h"
#include "telemetry/tracing/sampler.h"
#include "telemetry/tracing/span.h"
#include "telemetry/tracing/span_ring.h"
#include "telemetry/tracing/trace_keeper.h"

namespace testgen::telemetry {

class SpanExporter;

struct TracingOptions {
  bool enabled = true;
  Propagators propagators;
  SpanLimits limits;
  Sampler sampler;
  // Unsampled traces with an entry that took this long are exported; see TraceKeeper.
  std::chrono::milliseconds slow_request{2'000};
  std::chrono::milliseconds slow_job{30'000};
  std::size_t ring_spans = 20'000;
  std::size_t ring_bytes = 32U << 20U;
};

class Tracer {
 public:
  // `metrics` and `clock` are borrowed; `exporter` may be null.
  Tracer(const TracingOptions& options, Metrics& metrics, const base::Clock& clock,
         SpanExporter* exporter);

  // A child of `parent`, or the root of a new trace when the parent is invalid. With `began`
  // the span starts in the past (time spent in a queue).
  [[nodiscard]] Span start(std::string_view name, SpanKind kind = SpanKind::Internal,
                           const SpanContext& parent = {},
                           std::optional<base::WallTime> began = std::nullopt) {
    // Switched off, the caller's trace passes through untouched.
    return options_.enabled ? record(name, kind, parent, began) : Span(parent);
  }

  // The caller's trace, and the headers that continue it elsewhere.
  [[nodiscard]] SpanContext extract(const TraceHeaders& headers) const {
    return telemetry::extract(options_.propagators, headers);
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> inject(
      const SpanContext& context) const {
    return telemetry::inject(options_.propagators, context);
  }

  [[nodiscard]] const SpanRing& ring() const { return ring_; }
  [[nodiscard]] SpanRing& ring() { return ring_; }
  // Spans started and not ended; spans of this tracer only.
  [[nodiscard]] double live() const;

 private:
  friend class Span;
  [[nodiscard]] Span record(std::string_view name, SpanKind kind, const SpanContext& parent,
                            std::optional<base::WallTime> began);
  void finish(SpanRecord* record, std::int64_t begun_ns);
  void export_kept(const TraceId& id);
  [[nodiscard]] std::int64_t steady_ns() const;
  // What to add to the steady clock to get the time of day. Read anew every second, so that a
  // span costs one reading of one clock at each end.
  [[nodiscard]] std::int64_t wall_offset(std::int64_t steady_now_ns);

  const TracingOptions options_;
  Metrics& metrics_;
  const base::Clock& clock_;
  const bool real_time_;  // the clock is the system's, so the cheap one may stand in for it
  SpanExporter* exporter_;
  TraceKeeper keeper_;
  std::atomic<std::int64_t> wall_offset_{0};
  std::atomic<std::int64_t> offset_due_{INT64_MIN};
  SpanRing ring_;
};

}  // namespace testgen::telemetry
