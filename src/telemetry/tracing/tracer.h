// Starts spans and collects them when they end: every recorded span goes to the in-memory ring
// (GET /debug/traces/{id}); sampled ones also go to the exporter, if there is one. Thread-safe.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "telemetry/metrics/metrics.h"
#include "telemetry/tracing/span.h"
#include "telemetry/tracing/span_ring.h"

namespace testgen::telemetry {

class SpanExporter;

struct TracingOptions {
  bool enabled = true;
  double sample_ratio = 1.0;  // of new traces; a caller's own decision is followed
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
                           std::optional<base::WallTime> began = std::nullopt);

  [[nodiscard]] const SpanRing& ring() const { return ring_; }
  [[nodiscard]] SpanRing& ring() { return ring_; }

 private:
  friend class Span;
  void finish(std::shared_ptr<SpanRecord> record, std::int64_t steady_start_ns);
  [[nodiscard]] std::int64_t wall_ns() const;
  [[nodiscard]] std::int64_t steady_ns() const;
  [[nodiscard]] bool sample(const TraceId& id) const;

  const TracingOptions options_;
  Metrics& metrics_;
  const base::Clock& clock_;
  SpanExporter* exporter_;
  SpanRing ring_;
};

}  // namespace testgen::telemetry
