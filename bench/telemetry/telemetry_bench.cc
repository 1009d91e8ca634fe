// What spans cost. Metrics have metrics_bench.cc, log lines logging_bench.cc.
#include <benchmark/benchmark.h>

#include "telemetry/telemetry.h"

namespace testgen::telemetry {
namespace {

const base::SystemClock kClock;

Telemetry& shared() {
  static const auto telemetry = std::move(*Telemetry::create(TelemetryOptions::quiet(), kClock));
  return *telemetry;
}

void span_with_five_attributes(benchmark::State& state) {
  Tracer& tracer = shared().tracer();
  for (auto _ : state) {
    Span span = tracer.start("generate_tests");
    span.set("file.path", "src/calc.py");
    span.set("file.language", "python");
    span.set("tests.count", 12);
    span.set("ratio", 0.5);
    span.set("kept", true);
  }
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

}  // namespace
}  // namespace testgen::telemetry
