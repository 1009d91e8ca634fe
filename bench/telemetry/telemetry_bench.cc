// What observing costs: counters, histograms, spans and scrapes, beside
// prometheus-cpp in the same run where it is installed.
#include <benchmark/benchmark.h>

#include "telemetry/telemetry.h"

#ifdef TESTGEN_HAVE_PROMETHEUS_CPP
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#endif

namespace testgen::telemetry {
namespace {

const base::SystemClock kClock;

Telemetry& shared() {
  static const auto telemetry = std::move(*Telemetry::create(TelemetryOptions::quiet(), kClock));
  return *telemetry;
}

void counter_add(benchmark::State& state) {
  const Counter counter = shared().metrics().cache_hits_total;
  for (auto _ : state) counter.add();
}
BENCHMARK(counter_add)->Threads(1)->Threads(2);

void counter_with_labels(benchmark::State& state) {
  const auto& requests = shared().metrics().requests_total;
  for (auto _ : state) requests.with("POST", "/v1/generate", 202).add();
}
BENCHMARK(counter_with_labels);

void histogram_observe(benchmark::State& state) {
  const Histogram histogram = shared().metrics().request_duration_seconds;
  double value = 0.001;
  for (auto _ : state) {
    histogram.observe(value);
    value = value > 20 ? 0.001 : value * 1.1;
  }
}
BENCHMARK(histogram_observe)->Threads(1)->Threads(2);

void histogram_observe_with_exemplar(benchmark::State& state) {
  const Histogram histogram = shared().metrics().request_duration_seconds;
  SpanContext context;
  context.trace_id.bytes.fill(1);
  context.span_id.bytes.fill(2);
  context.flags = kFlagSampled;
  for (auto _ : state) histogram.observe(0.03, context);
}
BENCHMARK(histogram_observe_with_exemplar);

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
BENCHMARK(span_with_five_attributes);

const std::vector<MetricSpec>& many_rows() {
  static const std::vector<MetricSpec> rows{
      {.name = "bench_total", .help = "h", .labels = {{"name", {}}}, .series_cap = 100'000}};
  return rows;
}

void scrape(benchmark::State& state) {
  Registry registry(many_rows(), kClock);
  const auto counters = registry.counters<1>("bench_total");
  for (int i = 0; i < state.range(0); ++i) counters.with(i).add();
  for (auto _ : state) benchmark::DoNotOptimize(render(registry, ExpositionFormat::Text));
}
BENCHMARK(scrape)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

#ifdef TESTGEN_HAVE_PROMETHEUS_CPP
void prometheus_cpp_counter_add(benchmark::State& state) {
  static prometheus::Registry registry;
  static auto& counter =
      prometheus::BuildCounter().Name("c_total").Help("h").Register(registry).Add({});
  for (auto _ : state) counter.Increment();
}
BENCHMARK(prometheus_cpp_counter_add)->Threads(1)->Threads(2);

void prometheus_cpp_histogram_observe(benchmark::State& state) {
  static prometheus::Registry registry;
  static auto& histogram = prometheus::BuildHistogram().Name("h").Help("h").Register(registry).Add(
      {}, prometheus::Histogram::BucketBoundaries{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                  0.25, 0.5, 1, 2, 5, 10, 30});
  double value = 0.001;
  for (auto _ : state) {
    histogram.Observe(value);
    value = value > 20 ? 0.001 : value * 1.1;
  }
}
BENCHMARK(prometheus_cpp_histogram_observe)->Threads(1)->Threads(2);

void prometheus_cpp_scrape(benchmark::State& state) {
  prometheus::Registry registry;
  auto& family = prometheus::BuildCounter().Name("bench_total").Help("h").Register(registry);
  for (int i = 0; i < state.range(0); ++i) family.Add({{"name", std::to_string(i)}}).Increment();
  const prometheus::TextSerializer serializer;
  for (auto _ : state) benchmark::DoNotOptimize(serializer.Serialize(registry.Collect()));
}
BENCHMARK(prometheus_cpp_scrape)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);
#endif

}  // namespace
}  // namespace testgen::telemetry
