// What metrics cost beside prometheus-cpp, in the same run: counting, observing, rendering, and
// the memory of a series. telemetry.py makes the table and holds it to its bars.
#include <benchmark/benchmark.h>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "pinned.h"
#include "telemetry/metrics/exposition.h"

namespace testgen::telemetry {
namespace {

const base::SystemClock kClock;
const std::vector<double> kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                  0.25,  0.5,    1,     2,    5,     10,   30};

const std::vector<MetricSpec>& rows() {
  static const std::vector<MetricSpec> kRows{
      {.name = "bench_total", .help = "h"},
      {.name = "bench_labelled_total",
       .help = "h",
       .labels = {{"method", {}}, {"endpoint", {}}, {"status", {}}},
       .series_cap = 100},
      {.name = "bench_seconds", .type = MetricType::Histogram, .help = "h", .bounds = kBounds},
  };
  return kRows;
}

Registry& shared() {
  static Registry registry(rows(), kClock);
  return registry;
}

// Durations as a service has them: most are short.
double next_duration(double value) {
  return value > 20 ? 0.001 : value * 1.1;
}

void counter(benchmark::State& state) {
  const bench::Pinned pinned(state.thread_index());
  const Counter kept = shared().counter("bench_total");
  for (auto _ : state) kept.add();
}
BENCHMARK(counter)->Threads(1)->Threads(2);

void counter_by_labels(benchmark::State& state) {
  const auto family = shared().counters<3>("bench_labelled_total");
  for (auto _ : state) family.with("POST", "/v1/generate", 202).add();
}
BENCHMARK(counter_by_labels);

// With its sum and a sampled trace offered as exemplar each time.
void histogram(benchmark::State& state) {
  const bench::Pinned pinned(state.thread_index());
  const Histogram kept = shared().histogram("bench_seconds");
  SpanContext context;
  context.trace_id.bytes.fill(1);
  context.span_id.bytes.fill(2);
  context.flags = kFlagSampled;
  double value = 0.001;
  for (auto _ : state) {
    kept.observe(value, context);
    value = next_duration(value);
  }
}
BENCHMARK(histogram)->Threads(1)->Threads(2);

void histogram_native(benchmark::State& state) {
  static Registry registry(rows(), kClock, /*native=*/true);
  const Histogram kept = registry.histogram("bench_seconds");
  double value = 0.001;
  for (auto _ : state) {
    kept.observe(value);
    value = next_duration(value);
  }
}
BENCHMARK(histogram_native);

const std::vector<MetricSpec>& many_rows() {
  static const std::vector<MetricSpec> kRows{
      {.name = "bench_total", .help = "h", .labels = {{"name", {}}}, .series_cap = 100'000}};
  return kRows;
}

void render_text(benchmark::State& state) {
  Registry registry(many_rows(), kClock);
  const auto counters = registry.counters<1>("bench_total");
  for (int i = 0; i < state.range(0); ++i) counters.with(i).add();
  for (auto _ : state) benchmark::DoNotOptimize(render(registry, ExpositionFormat::Text));
}
BENCHMARK(render_text)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

// Not times but bytes: what a registry with so many series of one family takes, a series.
template <class Fill>
void memory_of_a_series(benchmark::State& state, const MetricSpec& row, const Fill& fill) {
  constexpr int kSeries = 10'000;
  for (auto _ : state) {
    MetricSpec capped = row;
    capped.series_cap = kSeries;
    const std::vector<MetricSpec> rows{capped};
    Registry registry(rows, kClock);
    for (int i = 0; i < kSeries; ++i) fill(registry, i);
    state.counters["bytes"] =
        static_cast<double>(registry.size().bytes) / static_cast<double>(registry.size().series);
  }
}

void counter_series(benchmark::State& state) {
  memory_of_a_series(
      state, {.name = "m_total", .help = "h", .labels = {{"name", {}}}},
      [](Registry& registry, int i) { registry.counters<1>("m_total").with(i).add(); });
}
BENCHMARK(counter_series)->Iterations(1);

void histogram_series(benchmark::State& state) {
  memory_of_a_series(
      state,
      {.name = "m_seconds",
       .type = MetricType::Histogram,
       .help = "h",
       .labels = {{"name", {}}},
       .bounds = kBounds},
      [](Registry& registry, int i) { registry.histograms<1>("m_seconds").with(i).observe(1); });
}
BENCHMARK(histogram_series)->Iterations(1);

void peer_counter(benchmark::State& state) {
  const bench::Pinned pinned(state.thread_index());
  static prometheus::Registry registry;
  static auto& kept =
      prometheus::BuildCounter().Name("c_total").Help("h").Register(registry).Add({});
  for (auto _ : state) kept.Increment();
}
BENCHMARK(peer_counter)->Threads(1)->Threads(2);

void peer_histogram(benchmark::State& state) {
  const bench::Pinned pinned(state.thread_index());
  static prometheus::Registry registry;
  static auto& kept = prometheus::BuildHistogram().Name("h").Help("h").Register(registry).Add(
      {}, prometheus::Histogram::BucketBoundaries(kBounds));
  double value = 0.001;
  for (auto _ : state) {
    kept.Observe(value);
    value = next_duration(value);
  }
}
BENCHMARK(peer_histogram)->Threads(1)->Threads(2);

void peer_render_text(benchmark::State& state) {
  prometheus::Registry registry;
  auto& family = prometheus::BuildCounter().Name("bench_total").Help("h").Register(registry);
  for (int i = 0; i < state.range(0); ++i) family.Add({{"name", std::to_string(i)}}).Increment();
  const prometheus::TextSerializer serializer;
  for (auto _ : state) benchmark::DoNotOptimize(serializer.Serialize(registry.Collect()));
}
BENCHMARK(peer_render_text)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace testgen::telemetry
