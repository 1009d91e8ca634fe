#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/fake_clock.h"
#include "telemetry/metrics/snapshot.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;

const std::vector<double> kSeconds{0.001, 0.5, 1, 2, 5, 30};

TEST(NativeRangeTest, EveryValueIsWithinTheBoundsOfItsBucket) {
  const NativeRange range(kSeconds);
  for (double value = range.zero_threshold() * 1.0001; value < 255; value *= 1.0137) {
    const auto index = range.first_index() + static_cast<std::int32_t>(range.cell_of(value)) - 1;
    EXPECT_GT(value, std::exp2((index - 1) / 8.0) * (1 - 1e-15)) << index;
    EXPECT_LE(value, std::exp2(index / 8.0) * (1 + 1e-15)) << index;
  }
}

TEST(NativeRangeTest, PowersOfTwoAreExactUpperBounds) {
  const NativeRange range(kSeconds);
  const auto index = [&](double value) {
    return range.first_index() + static_cast<std::int32_t>(range.cell_of(value)) - 1;
  };
  EXPECT_EQ(index(0.5), -8);
  EXPECT_EQ(index(1), 0);
  EXPECT_EQ(index(2), 8);
  EXPECT_EQ(index(std::nextafter(2.0, 3.0)), 9);
}

TEST(NativeRangeTest, WhatIsOutsideIsZeroOrTheLastBucket) {
  const NativeRange range(kSeconds);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double tiny : {0.0, -1.0, -kInfinity, 1e-300, range.zero_threshold()}) {
    EXPECT_EQ(range.cell_of(tiny), 0U) << tiny;
  }
  for (const double huge : {257.0, 1e300, kInfinity}) {
    EXPECT_EQ(range.cell_of(huge), range.cells() - 1) << huge;
  }
}

const std::vector<MetricSpec>& rows() {
  static const std::vector<MetricSpec> kRows{
      {.name = "t_seconds", .type = MetricType::Histogram, .help = "h", .bounds = kSeconds}};
  return kRows;
}

TEST(NativeHistogram, IsKeptOnlyWhenAskedFor) {
  testing::FakeClock clock;
  Registry registry(rows(), clock);
  registry.histogram("t_seconds").observe(1);
  EXPECT_FALSE(take_snapshot(registry).families[0].series[0].native);
}

TEST(NativeHistogram, SnapshotsAndDeltasHoldItsBuckets) {
  testing::FakeClock clock;
  Registry registry(rows(), clock, /*native=*/true);
  const Histogram histogram = registry.histogram("t_seconds");
  histogram.observe(0);
  histogram.observe(1);
  histogram.observe(1);
  histogram.observe(2);
  histogram.observe(NAN);
  DeltaReader reader(registry);
  const auto native_of = [](const Snapshot& snapshot) {
    return *snapshot.families[0].series[0].native;
  };
  NativeBuckets native = native_of(reader.read());
  EXPECT_EQ(native.schema, 3);
  EXPECT_EQ(native.zero_count, 1U);
  EXPECT_EQ(native.first_index, 0);
  EXPECT_EQ(native.counts, (std::vector<std::uint64_t>{2, 0, 0, 0, 0, 0, 0, 0, 1}));
  histogram.observe(0.5);
  histogram.observe(2);
  native = native_of(reader.read());
  EXPECT_EQ(native.zero_count, 0U);
  EXPECT_EQ(native.first_index, -8);
  EXPECT_EQ(native.counts.size(), 17U);
  EXPECT_EQ(native.counts.front(), 1U);
  EXPECT_EQ(native.counts[8], 0U);
  EXPECT_EQ(native.counts.back(), 1U);
  EXPECT_TRUE(native_of(reader.read()).counts.empty());
}

}  // namespace
}  // namespace testgen::telemetry
