// The memory of metrics is published and bounded: what size() says is what malloc gave, and a
// series costs no more than these bytes.
#include <gtest/gtest.h>
#include <malloc.h>

#include "support/fake_clock.h"
#include "telemetry/metrics/registry.h"

namespace testgen::telemetry {
namespace {

constexpr std::size_t kSeries = 10'000;

const std::vector<MetricSpec>& rows() {
  static const std::vector<MetricSpec> kRows{
      {.name = "m_total", .help = "h", .labels = {{"name", {}}}, .series_cap = kSeries},
      {.name = "m_seconds",
       .type = MetricType::Histogram,
       .help = "h",
       .labels = {{"name", {}}},
       .bounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30},
       .series_cap = kSeries},
  };
  return kRows;
}

std::size_t allocated() {
  return mallinfo2().uordblks + mallinfo2().hblkhd;
}

struct Cost {
  double said = 0;
  double taken = 0;
};

template <class Fill>
Cost cost_of_a_series(std::span<const MetricSpec> row, const Fill& fill) {
  const testing::FakeClock clock;
  const std::size_t before = allocated();
  Registry registry(row, clock);
  fill(registry);
  EXPECT_EQ(registry.size().series, kSeries);
  return {static_cast<double>(registry.size().bytes) / kSeries,
          static_cast<double>(allocated() - before) / kSeries};
}

void expect_bounded(const Cost& cost, double most) {
  EXPECT_LE(cost.said, most);
  // Sanitizers bring a malloc of their own that tells nothing.
  if (cost.taken > 0) {
    EXPECT_NEAR(cost.taken / cost.said, 1, 0.3);
  }
}

TEST(RegistryMemory, ACounterSeriesIsSmall) {
  const Cost cost = cost_of_a_series(std::span(rows()).first(1), [](Registry& registry) {
    const auto counters = registry.counters<1>("m_total");
    for (std::size_t i = 0; i < kSeries; ++i) counters.with(i).add();
  });
  expect_bounded(cost, 256);
}

TEST(RegistryMemory, AHistogramSeriesIsItsBuckets) {
  const Cost cost = cost_of_a_series(std::span(rows()).subspan(1), [](Registry& registry) {
    const auto histograms = registry.histograms<1>("m_seconds");
    for (std::size_t i = 0; i < kSeries; ++i) histograms.with(i).observe(1);
  });
  expect_bounded(cost, 256 + 16 * 8);
}

}  // namespace
}  // namespace testgen::telemetry
