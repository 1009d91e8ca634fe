#include "telemetry/metrics/snapshot.h"

#include <gtest/gtest.h>

#include <thread>

#include "support/fake_clock.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;

const std::vector<MetricSpec>& rows() {
  static const std::vector<MetricSpec> kRows{
      {.name = "t_total", .help = "h", .labels = {{"kind", {"a"}}}, .series_cap = 9},
      {.name = "t_seconds", .type = MetricType::Histogram, .help = "h", .bounds = {0.5, 2}},
      {.name = "t_level", .type = MetricType::Gauge, .help = "h"},
      {.name = "t_cpu_total", .type = MetricType::ObservedCounter, .help = "h"},
      {.name = "t_hidden", .help = "h", .debug = true},
      {.name = "t_future_total", .help = "h", .landed = false},
      {.name = "t_promised_total", .help = "h", .landed = false, .fixed = true},
  };
  return kRows;
}

SpanContext sampled() {
  SpanContext context;
  context.trace_id.bytes.fill(1);
  context.span_id.bytes.fill(2);
  context.flags = kFlagSampled;
  return context;
}

class SnapshotTest : public ::testing::Test {
 protected:
  static const SeriesSnapshot& one(const Snapshot& snapshot, std::size_t family) {
    EXPECT_EQ(snapshot.families[family].series.size(), 1U);
    return snapshot.families[family].series.front();
  }
  testing::FakeClock clock_;
  Registry registry_{rows(), clock_};
};

TEST_F(SnapshotTest, HoldsWhatWasCounted) {
  const base::WallTime start = clock_.wall_now();
  registry_.counters<1>("t_total").with("a").add(3, sampled());
  const Histogram histogram = registry_.histogram("t_seconds");
  histogram.observe(0.25);
  histogram.observe(1.5, sampled());
  histogram.observe(7);
  registry_.gauge("t_level").set(-2.5);
  registry_.observed_counter("t_cpu_total").set(1.25);
  clock_.advance(1s);
  const Snapshot snapshot = take_snapshot(registry_);
  EXPECT_EQ(snapshot.time, start + 1s);
  ASSERT_EQ(snapshot.families.size(), rows().size());
  const SeriesSnapshot& counter = one(snapshot, 0);
  EXPECT_EQ(snapshot.families[0].spec->name, "t_total");
  ASSERT_EQ(counter.label_values.size(), 1U);
  EXPECT_EQ(counter.label_values[0], "a");
  EXPECT_EQ(counter.count, 3U);
  EXPECT_EQ(counter.value, 3.0);
  EXPECT_EQ(counter.start, start);
  ASSERT_EQ(counter.exemplars.size(), 1U);
  EXPECT_EQ(counter.exemplars[0].second.value, 3.0);
  const SeriesSnapshot& times = one(snapshot, 1);
  EXPECT_EQ(times.buckets, (std::vector<std::uint64_t>{1, 1, 1}));
  EXPECT_EQ(times.count, 3U);
  EXPECT_EQ(times.sum, 8.75);
  ASSERT_EQ(times.exemplars.size(), 1U);
  EXPECT_EQ(times.exemplars[0].first, 1U);
  EXPECT_EQ(one(snapshot, 2).value, -2.5);
  EXPECT_EQ(one(snapshot, 3).value, 1.25);
}

TEST_F(SnapshotTest, WhatIsNotShownHasNoSeries) {
  EXPECT_TRUE(take_snapshot(registry_).families[4].series.empty());
  EXPECT_TRUE(take_snapshot(registry_).families[5].series.empty());
  EXPECT_EQ(take_snapshot(registry_).families[6].series.size(), 1U);
  registry_.show_debug(true);
  EXPECT_EQ(take_snapshot(registry_).families[4].series.size(), 1U);
}

TEST_F(SnapshotTest, ADeltaHasWhatHappenedSinceTheLast) {
  const base::WallTime start = clock_.wall_now();
  const auto counters = registry_.counters<1>("t_total");
  const Histogram histogram = registry_.histogram("t_seconds");
  const ObservedCounter cpu = registry_.observed_counter("t_cpu_total");
  counters.with("a").add(3, sampled());
  histogram.observe(1);
  cpu.set(10);
  registry_.gauge("t_level").set(5);
  clock_.advance(10s);
  DeltaReader reader(registry_);
  const Snapshot first = reader.read();
  EXPECT_EQ(one(first, 0).count, 3U);
  EXPECT_EQ(one(first, 0).start, start);
  EXPECT_EQ(one(first, 1).buckets, (std::vector<std::uint64_t>{0, 1, 0}));

  counters.with("a").add(2);
  histogram.observe(0.25);
  cpu.set(12);
  clock_.advance(10s);
  counters.with("new").add(7);
  clock_.advance(10s);
  const Snapshot second = reader.read();
  ASSERT_EQ(second.families[0].series.size(), 2U);
  EXPECT_EQ(second.families[0].series[0].count, 2U);
  EXPECT_EQ(second.families[0].series[0].value, 2.0);
  EXPECT_EQ(second.families[0].series[0].start, start + 10s);
  EXPECT_TRUE(second.families[0].series[0].exemplars.empty());
  EXPECT_EQ(second.families[0].series[1].count, 7U);
  EXPECT_EQ(second.families[0].series[1].start, start + 20s);
  EXPECT_EQ(one(second, 1).buckets, (std::vector<std::uint64_t>{1, 0, 0}));
  EXPECT_EQ(one(second, 1).count, 1U);
  EXPECT_EQ(one(second, 1).sum, 0.25);
  EXPECT_EQ(one(second, 2).value, 5.0) << "a gauge is no difference";
  EXPECT_EQ(one(second, 3).value, 2.0);

  cpu.set(1);  // whatever is observed has begun anew
  const Snapshot third = reader.read();
  EXPECT_EQ(third.families[0].series[0].count, 0U);
  EXPECT_EQ(one(third, 3).value, 1.0);
}

TEST_F(SnapshotTest, WhatHappensWhileHiddenIsInTheNextDeltaThatShowsIt) {
  registry_.show_debug(true);
  DeltaReader reader(registry_);
  const Counter hidden = registry_.counter("t_hidden");
  hidden.add(1);
  EXPECT_EQ(one(reader.read(), 4).count, 1U);
  registry_.show_debug(false);
  hidden.add(2);
  EXPECT_TRUE(reader.read().families[4].series.empty());
  registry_.show_debug(true);
  hidden.add(4);
  EXPECT_EQ(one(reader.read(), 4).count, 6U);
}

TEST_F(SnapshotTest, DeltasOfManyThreadsAddUp) {
  const Histogram histogram = registry_.histogram("t_seconds");
  constexpr std::uint64_t kEach = 20'000;
  DeltaReader reader(registry_);
  std::uint64_t seen = 0;
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 3; ++i) {
      writers.emplace_back([&] {
        for (std::uint64_t n = 0; n < kEach; ++n) histogram.observe(1);
      });
    }
    for (int i = 0; i < 50; ++i) seen += one(reader.read(), 1).count;
  }
  seen += one(reader.read(), 1).count;
  EXPECT_EQ(seen, 3 * kEach);
}

}  // namespace
}  // namespace testgen::telemetry
