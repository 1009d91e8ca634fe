#include "telemetry/tracing/tracer.h"

#include <algorithm>
#include <cstring>

#include "base/random.h"
#include "base/tick_clock.h"
#include "telemetry/tracing/span_exporter.h"
#include "telemetry/tracing/span_pool.h"

namespace testgen::telemetry {
namespace {

constexpr std::int64_t kOffsetLifetimeNs = 1'000'000'000;

// Ids come from a generator of the thread, seeded by the kernel: they must be unique and
// uniform, not secret.
base::Random& id_source() {
  thread_local base::Random random = [] {
    std::uint64_t seed = 0;
    base::random_bytes(std::as_writable_bytes(std::span(&seed, 1)));
    return base::Random(seed);
  }();
  return random;
}

std::uint64_t random_word(base::Random& random) {
  while (true) {
    if (const std::uint64_t word = random.next()) return word;
  }
}

void fill(TraceId& id, base::Random& random) {
  const std::uint64_t high = random_word(random);
  const std::uint64_t low = random_word(random);
  std::memcpy(id.bytes.data(), &high, 8);
  std::memcpy(id.bytes.data() + 8, &low, 8);
}

void fill(SpanId& id, base::Random& random) {
  const std::uint64_t word = random_word(random);
  std::memcpy(id.bytes.data(), &word, 8);
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
      real_time_(dynamic_cast<const base::SystemClock*>(&clock) != nullptr),
      exporter_(exporter),
      keeper_(options.slow_request, options.slow_job),
      ring_(options.ring_spans, options.ring_bytes) {
  (void)wall_offset(steady_ns());
}

Span Tracer::record(std::string_view name, SpanKind kind, const SpanContext& parent,
                    std::optional<base::WallTime> began) {
  Span span;
  const std::int64_t now = steady_ns();
  base::Random& random = id_source();
  SpanRecord& record = *SpanPool::take();
  SpanContext& context = span.context_;
  const bool has_parent = parent.valid();
  if (has_parent) {
    context.trace_id = parent.trace_id;
    context.flags = parent.flags & kFlagRandom;
    record.parent = parent.span_id;
  } else {
    fill(context.trace_id, random);
    context.flags = kFlagRandom;
  }
  if (parent.carried) context.carried = record.context.carried = parent.carried;
  if (options_.sampler.sample(context.trace_id, parent)) context.flags |= kFlagSampled;
  fill(context.span_id, random);
  metrics_.otel_span_started_total.add();

  record.context.trace_id = context.trace_id;
  record.context.span_id = context.span_id;
  record.context.flags = context.flags;
  record.set_limits(options_.limits);
  record.set_name(name);
  record.kind = kind;
  // Only a server span's parent came from outside; a job's came from this program's own queue.
  record.parent_is_remote = has_parent && kind == SpanKind::Server;
  record.start_ns = now + wall_offset(now);
  span.begun_ns_ = now;
  if (began) {
    const std::int64_t past = std::min(record.start_ns, nanoseconds(began->time_since_epoch()));
    span.begun_ns_ -= record.start_ns - past;
    record.start_ns = past;
  }
  span.tracer_ = this;
  span.record_ = &record;
  return span;
}

void Tracer::finish(SpanRecord* record, std::int64_t begun_ns) {
  // The duration comes from the steady clock: a wall clock that was set must not bend a span.
  record->end_ns = record->start_ns + std::max<std::int64_t>(0, steady_ns() - begun_ns);
  FinishedSpan finished = FinishedSpan::first(record);
  if (exporter_ == nullptr) {
    if (const std::size_t evicted = ring_.push(std::move(finished))) {
      metrics_.trace_ring_evicted_total.add(evicted);
    }
    return;
  }
  const bool keep = !record->context.sampled() && keeper_.ended(*record);
  if (const std::size_t evicted = ring_.push(finished)) {
    metrics_.trace_ring_evicted_total.add(evicted);
  }
  if (record->context.sampled() || keep) {
    if (finished->claim_export()) exporter_->export_span(finished);
  }
  if (keep) export_kept(finished->context.trace_id);
}

// The spans of the trace that ended before it was known to be worth keeping.
void Tracer::export_kept(const TraceId& id) {
  for (FinishedSpan& span : ring_.trace(id)) {
    if (span->claim_export()) exporter_->export_span(std::move(span));
  }
}

double Tracer::live() const {
  // Ends are read first, so that a span that ends meanwhile cannot make this negative.
  const std::uint64_t ended = ring_.pushed();
  const std::uint64_t started = metrics_.otel_span_started_total.value();
  return static_cast<double>(started - std::min(started, ended));
}

std::int64_t Tracer::steady_ns() const {
  return real_time_ ? base::tick_clock_ns() : nanoseconds(clock_.steady_now().time_since_epoch());
}

std::int64_t Tracer::wall_offset(std::int64_t steady_now_ns) {
  if (steady_now_ns >= offset_due_.load(std::memory_order_relaxed)) {
    const std::int64_t wall = nanoseconds(clock_.wall_now().time_since_epoch());
    wall_offset_.store(wall - steady_now_ns, std::memory_order_relaxed);
    offset_due_.store(steady_now_ns + kOffsetLifetimeNs, std::memory_order_relaxed);
  }
  return wall_offset_.load(std::memory_order_relaxed);
}

}  // namespace testgen::telemetry
