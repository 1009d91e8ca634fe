#include "telemetry/tracing/tracer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/random.h"
#include "telemetry/tracing/span_exporter.h"

namespace testgen::telemetry {
namespace {

// Ids come from a generator of the thread, seeded by the kernel: they must be unique and
// uniform, not secret.
template <std::size_t N>
std::array<std::uint8_t, N> random_id() {
  thread_local base::Random random = [] {
    std::uint64_t seed = 0;
    base::random_bytes(std::as_writable_bytes(std::span(&seed, 1)));
    return base::Random(seed);
  }();
  std::array<std::uint8_t, N> bytes{};
  while (bytes == std::array<std::uint8_t, N>{}) {
    for (std::size_t i = 0; i < N; i += 8) {
      const std::uint64_t word = random.next();
      std::memcpy(bytes.data() + i, &word, 8);
    }
  }
  return bytes;
}

template <class Duration>
std::int64_t nanoseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
}

}  // namespace

Tracer::Tracer(const TracingOptions& options, Metrics& metrics, const base::Clock& clock,
               SpanExporter* exporter)
    : options_(options),
      metrics_(metrics),
      clock_(clock),
      exporter_(exporter),
      ring_(options.ring_spans, options.ring_bytes) {}

Span Tracer::start(std::string_view name, SpanKind kind, const SpanContext& parent,
                   std::optional<base::WallTime> began) {
  Span span;
  if (!options_.enabled) {
    span.context_ = parent;  // the caller's trace passes through untouched
    return span;
  }
  SpanContext& context = span.context_;
  if (parent.valid()) {
    context.trace_id = parent.trace_id;
    context.flags = parent.flags;
    context.tracestate = parent.tracestate;
  } else {
    context.trace_id.bytes = random_id<16>();
    context.flags = kFlagRandom;
    if (sample(context.trace_id)) context.flags |= kFlagSampled;
  }
  context.span_id.bytes = random_id<8>();
  metrics_.otel_span_started_total.add();
  metrics_.otel_span_live.add(1);

  const std::int64_t now = wall_ns();
  span.tracer_ = this;
  span.record_ = std::make_shared<SpanRecord>();
  span.record_->context = context;
  span.record_->parent = parent.valid() ? parent.span_id : SpanId{};
  span.record_->name = name;
  span.record_->kind = kind;
  // Only a server span's parent came from outside; a job's came from this program's own queue.
  span.record_->parent_is_remote = parent.valid() && kind == SpanKind::Server;
  span.record_->start_ns = began ? std::min(now, nanoseconds(began->time_since_epoch())) : now;
  span.steady_start_ns_ = steady_ns() - (now - span.record_->start_ns);
  return span;
}

void Tracer::finish(std::shared_ptr<SpanRecord> record, std::int64_t steady_start_ns) {
  // The duration comes from the steady clock: a wall clock that was set must not bend a span.
  record->end_ns = record->start_ns + std::max<std::int64_t>(0, steady_ns() - steady_start_ns);
  metrics_.otel_span_live.add(-1);
  const FinishedSpan finished = std::move(record);
  if (const std::size_t evicted = ring_.push(finished)) {
    metrics_.trace_ring_evicted_total.add(evicted);
  }
  if (exporter_ != nullptr && finished->context.sampled()) exporter_->export_span(finished);
}

std::int64_t Tracer::wall_ns() const {
  return nanoseconds(clock_.wall_now().time_since_epoch());
}
std::int64_t Tracer::steady_ns() const {
  return nanoseconds(clock_.steady_now().time_since_epoch());
}

// The last seven bytes of the id are its randomness (trace-context level 2), so that every
// service with the same ratio decides the same without asking.
bool Tracer::sample(const TraceId& id) const {
  if (options_.sample_ratio >= 1.0) return true;
  if (!(options_.sample_ratio > 0.0)) return false;
  std::uint64_t randomness = 0;
  for (std::size_t i = 9; i < 16; ++i) randomness = randomness << 8U | id.bytes[i];
  constexpr double kRange = 72057594037927936.0;  // 2^56
  return static_cast<double>(randomness) < options_.sample_ratio * kRange;
}

}  // namespace testgen::telemetry
