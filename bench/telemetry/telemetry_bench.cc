// What spans cost. Metrics have metrics_bench.cc, log lines logging_bench.cc; telemetry.py makes
// one table of all and holds it to its bars.
#include <benchmark/benchmark.h>

#include "pinned.h"
#include "support/allocations.h"
#include "telemetry/telemetry.h"

namespace testgen::telemetry {
namespace {

const base::SystemClock kClock;

Telemetry& shared() {
  static const auto telemetry = std::move(*Telemetry::create(TelemetryOptions::quiet(), kClock));
  return *telemetry;
}

void span_with_five_attributes(benchmark::State& state) {
  const bench::Pinned pinned(state.thread_index());
  Tracer& tracer = shared().tracer();
  // The ring is full, so that blocks come back and each span has one to let go.
  while (tracer.ring().span_count() < TracingOptions().ring_spans) (void)tracer.start("earlier");
  const auto before = testing::allocations();
  for (auto _ : state) {
    Span span = tracer.start("generate_tests");
    span.set("file.path", "src/calc.py");
    span.set("file.language", "python");
    span.set("tests.count", 12);
    span.set("ratio", 0.5);
    span.set("kept", true);
  }
  state.counters["allocations"] =
      benchmark::Counter(static_cast<double>(testing::allocations().count - before.count),
                         benchmark::Counter::kAvgIterations);
}
BENCHMARK(span_with_five_attributes)->Threads(1)->Threads(2);

void span_switched_off(benchmark::State& state) {
  TelemetryOptions options = TelemetryOptions::quiet();
  options.tracing.enabled = false;
  const auto telemetry = std::move(*Telemetry::create(options, kClock));
  Tracer& tracer = telemetry->tracer();
  const SpanContext parent;
  for (auto _ : state) {
    Span span = tracer.start("generate_tests", SpanKind::Internal, parent);
    span.set("tests.count", 12);
    benchmark::DoNotOptimize(span);
  }
}
BENCHMARK(span_switched_off);

void span_memory(benchmark::State& state) {
  for (auto _ : state) state.counters["bytes"] = sizeof(SpanRecord);
}
BENCHMARK(span_memory)->Iterations(1);

}  // namespace
}  // namespace testgen::telemetry
