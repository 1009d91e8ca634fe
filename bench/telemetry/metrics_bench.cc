// What metrics cost beside prometheus-cpp, in the same run: counting, observing, rendering, and
// the memory of a series. Ends with a table of ratios and the bars they are held to.
#include <benchmark/benchmark.h>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cstdio>
#include <map>

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
  state.counters["bytes/series"] =
      static_cast<double>(registry.size().bytes) / static_cast<double>(registry.size().series);
}
BENCHMARK(render_text)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

void peer_counter(benchmark::State& state) {
  static prometheus::Registry registry;
  static auto& kept =
      prometheus::BuildCounter().Name("c_total").Help("h").Register(registry).Add({});
  for (auto _ : state) kept.Increment();
}
BENCHMARK(peer_counter)->Threads(1)->Threads(2);

void peer_histogram(benchmark::State& state) {
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

struct Bar {
  const char* what;
  const char* ours;
  const char* peers;
  double most;  // ours ÷ theirs
};
constexpr Bar kBars[] = {
    {"counter increment, 1 thread", "counter/threads:1", "peer_counter/threads:1", 1.0 / 5},
    {"counter increment, 2 threads", "counter/threads:2", "peer_counter/threads:2", 1.0 / 20},
    {"histogram observe, 1 thread", "histogram/threads:1", "peer_histogram/threads:1", 1.0 / 2},
    {"histogram observe, 2 threads", "histogram/threads:2", "peer_histogram/threads:2", 1.0 / 2},
    {"rendering 10 000 series", "render_text/10000", "peer_render_text/10000", 1.0 / 20},
    {"rendering 100 000 series", "render_text/100000", "peer_render_text/100000", 1.0 / 20},
};

// Keeps the best CPU time of each benchmark's repetitions: what disturbs a run only adds.
class Reporter final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      const double time = run.GetAdjustedCPUTime();
      const auto [known, fresh] = best_.emplace(run.run_name.str(), time);
      if (!fresh) known->second = std::min(known->second, time);
    }
  }
  // How many bars are missed.
  int print_ratios() const {
    int missed = 0;
    std::printf("\n%-30s %10s %14s %10s %8s\n", "CPU time", "testgen", "prometheus-cpp", "ratio",
                "bar");
    for (const Bar& bar : kBars) {
      const auto ours = best_.find(bar.ours);
      const auto peers = best_.find(bar.peers);
      if (ours == best_.end() || peers == best_.end()) continue;  // filtered out
      const double ratio = ours->second / peers->second;
      const bool met = ratio <= bar.most;
      missed += met ? 0 : 1;
      std::printf("%-30s %10.2f %14.2f %10s %8s%s\n", bar.what, ours->second, peers->second,
                  ("1/" + rounded(1 / ratio)).c_str(), ("1/" + rounded(1 / bar.most)).c_str(),
                  met ? "" : "  MISSED");
    }
    return missed;
  }

 private:
  static std::string rounded(double value) {
    char text[32];
    (void)std::snprintf(text, sizeof text, "%.3g", value);
    return text;
  }
  std::map<std::string, double> best_;
};

}  // namespace
}  // namespace testgen::telemetry

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  testgen::telemetry::Reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  return reporter.print_ratios() == 0 ? 0 : 2;
}
