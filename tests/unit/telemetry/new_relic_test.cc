#include <nlohmann/json.hpp>

#include "base/gzip.h"
#include "fixture.h"
#include "support/http_stub.h"
#include "telemetry/export/new_relic_exporter.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::http_answer;
using testing::HttpStub;
using testing::StubRequest;

class NewRelicTest : public MetricsFixture {
 protected:
  NewRelicTest() { (void)delta_.read(); }
  json metric(const std::string& name) {
    const auto bodies = new_relic_bodies(delta_.read(), 60s, {{"service.name", "t"}}, 1'000'000);
    for (const NewRelicBody& body : bodies) {
      const json document = json::parse(body.json);
      EXPECT_EQ(document[0]["common"]["interval.ms"], 60'000);
      EXPECT_EQ(document[0]["common"]["timestamp"], 1'699'999'940'000);
      EXPECT_EQ(document[0]["common"]["attributes"]["service.name"], "t");
      EXPECT_EQ(document[0]["metrics"].size(), body.points);
      for (const json& each : document[0]["metrics"]) {
        if (each["name"] == name) return each;
      }
    }
    return nullptr;
  }
  DeltaReader delta_{registry_};
  std::unique_ptr<Logger> log_ =
      std::move(*Logger::create({.destination = LogDestination::None}, metrics_, clock_));
};

TEST_F(NewRelicTest, CountsHaveTheAgentsNames) {
  metrics_.tests_generated_total.with("python").add(5);
  EXPECT_EQ(metric("Custom/TestsGenerated"),
            json::parse(R"({"name":"Custom/TestsGenerated","type":"count","value":5,
                            "attributes":{"language":"python"}})"));
  EXPECT_TRUE(metric("Custom/TestsGenerated").is_null());  // nothing since
}

TEST_F(NewRelicTest, HistogramsAreSummaries) {
  metrics_.request_duration_seconds.observe(1.25);
  EXPECT_EQ(metric("Custom/RequestDurationSeconds")["value"],
            json::parse(R"({"count":1,"sum":1.25,"min":1.25,"max":1.25})"));
  metrics_.request_duration_seconds.observe(1.25);
  metrics_.request_duration_seconds.observe(4);
  const json value = metric("Custom/RequestDurationSeconds")["value"];
  EXPECT_EQ(value["count"], 2);
  EXPECT_EQ(value["sum"], 5.25);
  EXPECT_LE(value["min"], 1.25);
  EXPECT_GE(value["max"], 4);
}

TEST_F(NewRelicTest, LabelsThatTheReceiverKeepsForItselfAreRenamed) {
  EXPECT_EQ(new_relic_name("testgen_cache_hits_total"), "Custom/CacheHits");
  metrics_.queue_length.set(2);
  EXPECT_EQ(metric("Custom/QueueLength")["type"], "gauge");
}

TEST_F(NewRelicTest, BodiesAreBounded) {
  std::size_t points = 0;
  const auto bodies = new_relic_bodies(delta_.read(), 60s, {}, 2000);
  for (const NewRelicBody& body : bodies) {
    EXPECT_LE(body.json.size(), 2000U);
    EXPECT_TRUE(json::accept(body.json));
    points += body.points;
  }
  EXPECT_GT(bodies.size(), 1U);
  EXPECT_GT(points, 0U);
}

TEST_F(NewRelicTest, IsSentWithItsKey) {
  HttpStub stub(
      [](const StubRequest&, std::stop_token) { return http_answer(202, R"({"requestId":"x"})"); });
  NewRelicExporter exporter({.key = "secret", .url = stub.url("/metric/v1"), .interval = 1h}, {},
                            registry_, metrics_, *log_, clock_);
  metrics_.cache_hits_total.add();
  exporter.shutdown(in(10s));
  const StubRequest request = stub.requests().at(0);
  EXPECT_NE(request.head.find("\r\nApi-Key: secret\r\n"), std::string::npos);
  EXPECT_TRUE(json::accept(base::gunzip(request.body, 1 << 24).value_or("")));
  EXPECT_GT(metrics_.telemetry_pushed_total.with("new_relic", "").value(), 0U);
}

TEST_F(NewRelicTest, ARefusedKeyIsCounted) {
  HttpStub stub([](const StubRequest&, std::stop_token) { return http_answer(403); });
  NewRelicExporter exporter({.key = "wrong", .url = stub.url("/"), .interval = 1h}, {}, registry_,
                            metrics_, *log_, clock_);
  exporter.shutdown(in(10s));
  EXPECT_GT(metrics_.telemetry_pushed_total.with("new_relic", "rejected").value(), 0U);
}

TEST(NewRelicUrl, FollowsTheKeysRegion) {
  EXPECT_EQ(new_relic_url("eu01xx1234"), "https://metric-api.eu.newrelic.com/metric/v1");
  EXPECT_EQ(new_relic_url("1234"), "https://metric-api.newrelic.com/metric/v1");
}

}  // namespace
}  // namespace testgen::telemetry
