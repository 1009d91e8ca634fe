#include "telemetry/metrics/exposition.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "support/fake_clock.h"
#include "telemetry/metrics/number.h"

namespace testgen::telemetry {
namespace {

const std::vector<MetricSpec>& rows() {
  static const std::vector<MetricSpec> kRows{
      {.name = "t_requests_total",
       .help = "Back\\slash, \"quote\"\nand line",
       .labels = {{"method", {"GET"}}},
       .series_cap = 9},
      {.name = "t_duration_seconds",
       .type = MetricType::Histogram,
       .unit = "seconds",
       .help = "Time",
       .labels = {{"kind", {"a"}}},
       .bounds = {0.5, 2},
       .series_cap = 2},
      {.name = "t_level_ratio", .type = MetricType::Gauge, .unit = "ratio", .help = "Level"},
      {.name = "t_cpu_seconds_total",
       .type = MetricType::ObservedCounter,
       .unit = "seconds",
       .help = "CPU"},
      {.name = "t_secret", .type = MetricType::Gauge, .help = "Debug", .debug = true},
  };
  return kRows;
}

class ExpositionTest : public ::testing::Test {
 protected:
  ExpositionTest() {
    SpanContext sampled;
    sampled.trace_id.bytes.fill(0xab);
    sampled.span_id.bytes.fill(0xcd);
    sampled.flags = kFlagSampled;
    registry_.counters<1>("t_requests_total").with("GET").add(3, sampled);
    const auto histogram = registry_.histograms<1>("t_duration_seconds").with("a");
    histogram.observe(0.25);
    histogram.observe(1.5, sampled);
    SpanContext unsampled = sampled;
    unsampled.flags = 0;
    histogram.observe(7, unsampled);
    registry_.gauge("t_level_ratio").set(0.1);
    registry_.observed_counter("t_cpu_seconds_total").set(12.5);
  }
  testing::FakeClock clock_;
  Registry registry_{rows(), clock_};
};

TEST_F(ExpositionTest, Text004) {
  EXPECT_EQ(render(registry_, ExpositionFormat::Text), R"(# TYPE t_requests_total counter
# HELP t_requests_total Back\\slash, "quote"\nand line
t_requests_total{method="GET"} 3
# TYPE t_duration_seconds histogram
# HELP t_duration_seconds Time
t_duration_seconds_bucket{kind="a",le="0.5"} 1
t_duration_seconds_bucket{kind="a",le="2.0"} 2
t_duration_seconds_bucket{kind="a",le="+Inf"} 3
t_duration_seconds_sum{kind="a"} 8.75
t_duration_seconds_count{kind="a"} 3
# TYPE t_level_ratio gauge
# HELP t_level_ratio Level
t_level_ratio 0.1
# TYPE t_cpu_seconds_total counter
# HELP t_cpu_seconds_total CPU
t_cpu_seconds_total 12.5
)");
}

TEST_F(ExpositionTest, OpenMetrics) {
  const std::string ids =
      R"({trace_id="abababababababababababababababab",span_id="cdcdcdcdcdcdcdcd"})";
  EXPECT_EQ(render(registry_, ExpositionFormat::OpenMetrics),
            R"(# TYPE t_requests counter
# HELP t_requests Back\\slash, \"quote\"\nand line
t_requests_total{method="GET"} 3 # )" +
                ids + R"( 3 1700000000
t_requests_created{method="GET"} 1700000000
# TYPE t_duration_seconds histogram
# UNIT t_duration_seconds seconds
# HELP t_duration_seconds Time
t_duration_seconds_bucket{kind="a",le="0.5"} 1
t_duration_seconds_bucket{kind="a",le="2.0"} 2 # )" +
                ids + R"( 1.5 1700000000
t_duration_seconds_bucket{kind="a",le="+Inf"} 3
t_duration_seconds_sum{kind="a"} 8.75
t_duration_seconds_count{kind="a"} 3
t_duration_seconds_created{kind="a"} 1700000000
# TYPE t_level_ratio gauge
# UNIT t_level_ratio ratio
# HELP t_level_ratio Level
t_level_ratio 0.1
# TYPE t_cpu_seconds counter
# UNIT t_cpu_seconds seconds
# HELP t_cpu_seconds CPU
t_cpu_seconds_total 12.5
t_cpu_seconds_created 1700000000
# EOF
)");
}

TEST_F(ExpositionTest, DebugMetricsAreShownOnRequest) {
  registry_.show_debug(true);
  EXPECT_NE(render(registry_, ExpositionFormat::Text).find("\nt_secret 0\n"), std::string::npos);
  registry_.show_debug(false);
  EXPECT_EQ(render(registry_, ExpositionFormat::Text).find("t_secret"), std::string::npos);
}

TEST_F(ExpositionTest, HooksRunBeforeEveryRendering) {
  int runs = 0;
  registry_.on_collect([&] { registry_.gauge("t_level_ratio").set(++runs); });
  EXPECT_NE(render(registry_, ExpositionFormat::Text).find("\nt_level_ratio 1\n"),
            std::string::npos);
  EXPECT_NE(render(registry_, ExpositionFormat::Text).find("\nt_level_ratio 2\n"),
            std::string::npos);
}

TEST_F(ExpositionTest, PagesNeverContradictThemselvesWhileWritersRun) {
  const auto histogram = registry_.histograms<1>("t_duration_seconds").with("a");
  std::jthread writer([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) histogram.observe(1);
  });
  const auto number_after = [](const std::string& page, const std::string& prefix) {
    return std::stoull(page.substr(page.find(prefix) + prefix.size()));
  };
  for (int i = 0; i < 200; ++i) {
    const std::string page = render(registry_, ExpositionFormat::Text);
    ASSERT_EQ(number_after(page, R"(_bucket{kind="a",le="+Inf"} )"),
              number_after(page, R"(_count{kind="a"} )"));
  }
}

TEST(Negotiation, FollowsQualityThenOrder) {
  using enum ExpositionFormat;
  EXPECT_EQ(negotiate_exposition(""), Text);
  EXPECT_EQ(negotiate_exposition("*/*"), Text);
  EXPECT_EQ(negotiate_exposition("text/html, image/png"), Text);
  // Prometheus 2.42 and 3.
  EXPECT_EQ(negotiate_exposition("application/openmetrics-text;version=1.0.0,"
                                 "application/openmetrics-text;version=0.0.1;q=0.75,"
                                 "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"),
            OpenMetrics);
  EXPECT_EQ(negotiate_exposition("application/openmetrics-text;version=1.0.0;"
                                 "escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3"),
            OpenMetrics);
  EXPECT_EQ(negotiate_exposition("text/plain;version=0.0.4, application/openmetrics-text;q=0.9"),
            Text);
  EXPECT_EQ(negotiate_exposition("application/openmetrics-text;version=0.0.1"), Text);
  EXPECT_EQ(negotiate_exposition("application/openmetrics-text;q=0, text/plain;q=0.1"), Text);
  EXPECT_EQ(negotiate_exposition("application/vnd.google.protobuf;proto=io.prometheus.client."
                                 "MetricFamily;encoding=delimited,application/openmetrics-text;"
                                 "version=1.0.0;q=0.8,*/*;q=0.1"),
            Protobuf);
  EXPECT_EQ(negotiate_exposition("application/vnd.google.protobuf;proto=io.prometheus.client."
                                 "MetricFamily;encoding=text, text/plain;q=0.1"),
            Text);
  EXPECT_EQ(negotiate_exposition("application/openmetrics-text;q=2, text/plain;q=0.1"), Text);
  EXPECT_EQ(negotiate_exposition("APPLICATION/OPENMETRICS-TEXT ; Version=1.0.0"), OpenMetrics);
  EXPECT_EQ(negotiate_exposition(std::string(100'000, ',') + ";;;=;q=x,\xff"), Text);
}

TEST(Negotiation, CompressesOnlyWhenAskedTo) {
  EXPECT_FALSE(accepts_gzip(""));
  EXPECT_FALSE(accepts_gzip("identity, br"));
  EXPECT_FALSE(accepts_gzip("gzip;q=0"));
  EXPECT_FALSE(accepts_gzip("gzip;q=0, *"));
  EXPECT_TRUE(accepts_gzip("gzip"));
  EXPECT_TRUE(accepts_gzip("deflate, GZIP;q=0.5"));
  EXPECT_TRUE(accepts_gzip("*"));
}

TEST(Numbers, ReadBackTheSame) {
  const auto text = [](double value) {
    std::string out;
    append_number(out, value);
    return out;
  };
  EXPECT_EQ(text(0.1), "0.1");
  EXPECT_EQ(text(3), "3");
  EXPECT_EQ(text(1e-5), "1e-05");
  EXPECT_EQ(text(INFINITY), "+Inf");
  EXPECT_EQ(text(-INFINITY), "-Inf");
  EXPECT_EQ(text(NAN), "NaN");
  EXPECT_EQ(std::stod(text(1.0 / 3)), 1.0 / 3);
  std::string bound;
  append_bound(bound, 2);
  append_bound(bound, 0.005);
  append_bound(bound, 1048576);
  EXPECT_EQ(bound, "2.00.0051048576.0");
}

}  // namespace
}  // namespace testgen::telemetry
