#include "telemetry/export/otlp_metrics.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/fake_clock.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const std::vector<MetricSpec>& rows() {
  static const std::vector<MetricSpec> rows{
      {.name = "testgen_things_total", .help = "Things", .labels = {{"kind", {}}}, .series_cap = 5},
      {.name = "testgen_level", .type = MetricType::Gauge, .unit = "ratio", .help = "Level"},
      {.name = "testgen_wait_seconds",
       .type = MetricType::Histogram,
       .unit = "seconds",
       .help = "Wait",
       .bounds = {0.5, 2}},
      {.name = "process_cpu_seconds_total",
       .type = MetricType::ObservedCounter,
       .unit = "seconds",
       .help = "CPU"},
      {.name = "otel_sdk_exporter_metric_data_point_exported_total",
       .help = "Points",
       .labels = {{"error_type", {""}}},
       .series_cap = 5},
  };
  return rows;
}

class OtlpMetricsTest : public ::testing::Test {
 protected:
  void work() {
    registry_.counters<1>("testgen_things_total").with("a").add(3);
    registry_.gauge("testgen_level").set(0.25);
    SpanContext context;
    context.trace_id.bytes.fill(1);
    context.span_id.bytes.fill(2);
    context.flags = kFlagSampled;
    registry_.histogram("testgen_wait_seconds").observe(1, context);
    registry_.histogram("testgen_wait_seconds").observe(7);
    registry_.observed_counter("process_cpu_seconds_total").set(1.5);
  }
  json encoded(const MetricEncoding& encoding = {}) {
    return json::parse(encode_metrics_json(take_snapshot(registry_), encoding, {{"k", "v"}}));
  }
  static json metric(const json& request, const std::string& name) {
    for (const json& each : request["resourceMetrics"][0]["scopeMetrics"][0]["metrics"]) {
      if (each["name"] == name) return each;
    }
    return nullptr;
  }
  testing::FakeClock clock_;
  Registry registry_{rows(), clock_};
};

TEST_F(OtlpMetricsTest, CountersAreMonotonicSums) {
  work();
  clock_.advance(1s);
  const json sum = metric(encoded(), "testgen_things_total");
  EXPECT_EQ(sum["sum"]["isMonotonic"], true);
  EXPECT_EQ(sum["sum"]["aggregationTemporality"], 2);
  const json& point = sum["sum"]["dataPoints"][0];
  EXPECT_EQ(point["asInt"], "3");  // 64-bit integers are strings
  EXPECT_EQ(point["timeUnixNano"], "1700000001000000000");
  EXPECT_EQ(point["startTimeUnixNano"], "1700000000000000000");
  EXPECT_EQ(point["attributes"], json::parse(R"([{"key":"kind","value":{"stringValue":"a"}}])"));
}

TEST_F(OtlpMetricsTest, GaugesAndHistograms) {
  work();
  const json all = encoded();
  const json gauge = metric(all, "testgen_level");
  EXPECT_EQ(gauge["gauge"]["dataPoints"][0]["asDouble"], 0.25);
  EXPECT_EQ(gauge["unit"], "1");
  const json histogram = metric(all, "testgen_wait_seconds");
  EXPECT_EQ(histogram["unit"], "s");
  const json& point = histogram["histogram"]["dataPoints"][0];
  EXPECT_EQ(point["count"], "2");
  EXPECT_EQ(point["sum"], 8);
  EXPECT_EQ(point["bucketCounts"], json::parse(R"(["0","1","1"])"));
  EXPECT_EQ(point["explicitBounds"], json::parse("[0.5,2]"));
  ASSERT_EQ(point["exemplars"].size(), 1U);
  EXPECT_EQ(point["exemplars"][0]["traceId"],
            std::string(32, '0').replace(0, 32, "01010101010101010101010101010101"));
  EXPECT_EQ(point["exemplars"][0]["asDouble"], 1);
}

TEST_F(OtlpMetricsTest, OpenTelemetrysOwnNamesComeBack) {
  const json all = encoded();
  const json own = metric(all, "otel.sdk.exporter.metric_data_point.exported");
  ASSERT_TRUE(own.is_object());
  // An empty label is none.
  EXPECT_EQ(own["sum"]["dataPoints"][0]["attributes"].size(), 0U);
  EXPECT_EQ(otlp_name({.name = "otel_sdk_metric_reader_collection_duration_seconds"}),
            "otel.sdk.metric_reader.collection.duration");
  EXPECT_EQ(otlp_name({.name = "testgen_requests_total"}), "testgen_requests_total");
  EXPECT_EQ(otlp_label(rows()[4], "error_type"), "error.type");
  EXPECT_EQ(otlp_label(rows()[0], "error_type"), "error_type");
}

TEST_F(OtlpMetricsTest, TemporalityIsSaidForEachKind) {
  using enum MetricType;
  EXPECT_EQ(temporality_number(Temporality::Cumulative, Counter), 2);
  EXPECT_EQ(temporality_number(Temporality::Delta, Counter), 1);
  EXPECT_EQ(temporality_number(Temporality::Delta, ObservedCounter), 1);
  EXPECT_EQ(temporality_number(Temporality::LowMemory, Histogram), 1);
  EXPECT_EQ(temporality_number(Temporality::LowMemory, ObservedCounter), 2);
}

TEST_F(OtlpMetricsTest, ADeltaSaysOnlyWhatMoved) {
  work();
  DeltaReader reader(registry_);
  (void)reader.read();
  registry_.counters<1>("testgen_things_total").with("a").add(2);
  Snapshot delta = reader.read();
  drop_unmoved(delta);
  const json all = json::parse(encode_metrics_json(delta, {.temporality = Temporality::Delta}, {}));
  EXPECT_EQ(metric(all, "testgen_things_total")["sum"]["dataPoints"][0]["asInt"], "2");
  EXPECT_TRUE(metric(all, "testgen_wait_seconds").is_null());
  EXPECT_FALSE(metric(all, "testgen_level").is_null());  // a gauge has a value at any time
  EXPECT_EQ(data_point_count(delta), 2U);
}

TEST_F(OtlpMetricsTest, NativeBucketsBecomeExponentialHistograms) {
  Snapshot snapshot = take_snapshot(registry_);
  SeriesSnapshot& series = snapshot.families[2].series[0];
  series.count = 3;
  series.sum = 3.5;
  series.native = NativeBuckets{.schema = 3,
                                .zero_threshold = 1e-128,
                                .zero_count = 1,
                                .first_index = -4,
                                .counts = {1, 0, 1}};
  const auto point = [&](bool exponential) {
    const json all =
        json::parse(encode_metrics_json(snapshot, {.exponential_histograms = exponential}, {}));
    return metric(all, "testgen_wait_seconds");
  };
  EXPECT_TRUE(point(false).contains("histogram"));
  const json exponential = point(true)["exponentialHistogram"]["dataPoints"][0];
  EXPECT_EQ(exponential["scale"], 3);
  EXPECT_EQ(exponential["zeroCount"], "1");
  EXPECT_EQ(exponential["positive"]["offset"], -5);
  EXPECT_EQ(exponential["positive"]["bucketCounts"], json::parse(R"(["1","0","1"])"));
}

}  // namespace
}  // namespace testgen::telemetry
