#include "telemetry/metrics/family.h"

#include <gtest/gtest.h>

#include <limits>

#include <thread>

#include "base/check.h"
#include "support/fake_clock.h"
#include "telemetry/metrics/registry.h"

namespace testgen::telemetry {
namespace {

const std::vector<MetricSpec>& rows() {
  static const std::vector<MetricSpec> kRows{
      {.name = "t_requests_total",
       .help = "h",
       .labels = {{"method", {"GET", "POST"}, true}, {"path", {}}},
       .series_cap = 4},
      {.name = "t_seconds", .type = MetricType::Histogram, .help = "h", .bounds = {1, 2, 5}},
      {.name = "t_level", .type = MetricType::Gauge, .help = "h"},
      {.name = "t_known_total",
       .help = "h",
       .labels = {{"a", {"x", "y"}}, {"b", {"1", "2", "3"}}},
       .series_cap = 6},
  };
  return kRows;
}

class FamilyTest : public ::testing::Test {
 protected:
  const Family& family(std::size_t index) { return *registry_.families()[index]; }
  testing::FakeClock clock_;
  Registry registry_{rows(), clock_};
};

TEST_F(FamilyTest, KnownCombinationsExistFromTheStart) {
  EXPECT_EQ(family(0).series_count(), 0U);  // one label has no known values
  EXPECT_EQ(family(1).series_count(), 1U);  // no labels: one series
  ASSERT_EQ(family(3).series_count(), 6U);
  EXPECT_EQ(family(3).at(0).labels, R"(a="x",b="1")");
  EXPECT_EQ(family(3).at(5).labels, R"(a="y",b="3")");
}

TEST_F(FamilyTest, TheSameValuesAreTheSameSeries) {
  const auto requests = registry_.counters<2>("t_requests_total");
  requests.with("GET", "/a").add();
  requests.with(std::string("GET"), std::string_view("/a")).add(2);
  EXPECT_EQ(requests.with("GET", "/a").value(), 3U);
  EXPECT_EQ(requests.with("GET", "/b").value(), 0U);
  EXPECT_EQ(requests.with("POST", 200).value(), 0U);
  EXPECT_EQ(family(0).at(2).labels, R"(method="POST",path="200")");
}

TEST_F(FamilyTest, AClosedLabelTakesNoOtherValue) {
  const auto requests = registry_.counters<2>("t_requests_total");
  requests.with("BREW", "/a").add();
  requests.with("PROPFIND", "/a").add();
  EXPECT_EQ(family(0).series_count(), 1U);
  EXPECT_EQ(requests.with("other", "/a").value(), 2U);
}

TEST_F(FamilyTest, PastTheCapEverythingIsOneSeriesAndIsCounted) {
  const auto requests = registry_.counters<2>("t_requests_total");
  for (int i = 0; i < 1000; ++i) requests.with("GET", i).add();
  EXPECT_EQ(family(0).series_count(), 5U);  // the cap, and `other`
  EXPECT_EQ(requests.with("GET", 3).value(), 1U);
  EXPECT_EQ(requests.with("other", "other").value(), 996U);
  EXPECT_EQ(family(0).rejected(), 996U);
}

TEST_F(FamilyTest, ALowerLimitSparesWhatIsKnown) {
  Registry small(rows(), clock_, false, 2);
  const auto requests = small.counters<2>("t_requests_total");
  for (int i = 0; i < 10; ++i) requests.with("GET", i).add();
  EXPECT_EQ(small.families()[0]->series_cap(), 2U);
  EXPECT_EQ(requests.with("other", "other").value(), 8U);
  const auto known = small.counters<2>("t_known_total");
  known.with("y", "3").add();
  EXPECT_EQ(known.with("y", "3").value(), 1U);
  EXPECT_EQ(small.families()[3]->rejected(), 0U);
  // It does not raise a cap.
  EXPECT_EQ(Registry(rows(), clock_, false, 100).families()[0]->series_cap(), 4U);
}

TEST_F(FamilyTest, LabelValuesAreEscapedBoundedAndValidText) {
  const auto requests = registry_.counters<2>("t_requests_total");
  requests.with("GET", "a\"b\\c\nd").add();
  EXPECT_EQ(family(0).at(0).labels, R"(method="GET",path="a\"b\\c\nd")");
  requests.with("GET", "\xff\xfe").add();
  EXPECT_EQ(family(0).at(1).labels, R"(method="GET",path="other")");
  requests.with("GET", std::string(127, 'x') + "\xc3\xa9 and more").add();
  EXPECT_EQ(family(0).at(2).values[1], std::string(127, 'x'));  // not half a character
}

TEST_F(FamilyTest, ThreadsAgreeOnNewSeries) {
  const auto requests = registry_.counters<2>("t_requests_total");
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 2000; ++i) requests.with("GET", i % 8).add();
      });
    }
  }
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < family(0).series_count(); ++i) {
    total += registry_.cells().view().sum(family(0).at(i).cell);
  }
  EXPECT_EQ(total, 16'000U);
  EXPECT_EQ(family(0).series_count(), 5U);
}

TEST_F(FamilyTest, HistogramBoundsAreInclusive) {
  const Histogram histogram = registry_.histogram("t_seconds");
  for (const double value : {0.5, 1.0, 1.5, 2.0, 5.0, 5.1, 1e300}) histogram.observe(value);
  histogram.observe(std::numeric_limits<double>::quiet_NaN());
  const auto view = registry_.cells().view();
  const std::uint32_t cell = family(1).at(0).cell;
  EXPECT_EQ(view.sum(cell), 2U);
  EXPECT_EQ(view.sum(cell + 1), 2U);
  EXPECT_EQ(view.sum(cell + 2), 1U);
  EXPECT_EQ(view.sum(cell + 3), 2U);
  EXPECT_EQ(histogram.count(), 7U);
}

TEST_F(FamilyTest, GaugesAreSharedBetweenThreads) {
  const Gauge gauge = registry_.gauge("t_level");
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) {
          gauge.add(1);
          gauge.add(-1);
        }
        gauge.add(1);
      });
    }
  }
  EXPECT_EQ(gauge.value(), 4);
  gauge.set(-2.5);
  EXPECT_EQ(gauge.value(), -2.5);
}

TEST_F(FamilyTest, WhatTheCatalogueDoesNotHaveIsABug) {
  EXPECT_THROW((void)registry_.counter("t_absent_total"), base::InternalError);
  EXPECT_THROW((void)registry_.counter("t_level"), base::InternalError);
  EXPECT_THROW((void)registry_.counters<1>("t_requests_total"), base::InternalError);
}

}  // namespace
}  // namespace testgen::telemetry
