// What Prometheus, Alertmanager and the service answer, read with suspicion.
#include <gtest/gtest.h>

#include <cmath>

#include "operations/sources/alertmanager.h"
#include "operations/sources/prometheus.h"
#include "operations/sources/readiness.h"

namespace testgen::operations {
namespace {

TEST(PrometheusAnswers, VectorsScalarsAndWhatIsNoNumber) {
  const auto samples = read_instant(
      R"({"status":"success","data":{"resultType":"vector","result":[
         {"metric":{"job":"a"},"value":[1.5,"NaN"]},{"metric":{},"value":[1.5,"+Inf"]},
         {"metric":{},"value":[1.5,"0.25"]}]}})");
  ASSERT_TRUE(samples);
  ASSERT_EQ(samples->size(), 3U);
  EXPECT_EQ((*samples)[0].labels.at("job"), "a");
  EXPECT_TRUE(std::isnan((*samples)[0].value));
  EXPECT_TRUE(std::isinf((*samples)[1].value));
  EXPECT_EQ((*samples)[2].value, 0.25);
  const auto scalar =
      read_instant(R"({"status":"success","data":{"resultType":"scalar","result":[1,"7"]}})");
  ASSERT_TRUE(scalar);
  EXPECT_EQ(scalar->front().value, 7);
}

TEST(PrometheusAnswers, OddOnesAreErrors) {
  for (const char* answer :
       {"", "[]", "{}", R"({"status":"success"})", R"({"status":"success","data":{}})",
        R"({"status":"success","data":{"result":[1]}})",
        R"({"status":"success","data":{"result":[{"value":[1]}]}})",
        R"({"status":"success","data":{"result":[{"value":[1,"x"]}]}})",
        R"({"status":"success","data":{"result":[{"value":["1","2"]}]}})"}) {
    EXPECT_FALSE(read_instant(answer)) << answer;
  }
  const auto refused = read_instant(R"({"status":"error","error":"parse error: unexpected"})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "Prometheus: parse error: unexpected");
  EXPECT_FALSE(read_range(R"({"status":"success","data":{"result":[{"metric":{}}]}})"));
}

TEST(PrometheusAnswers, AlertRulesOnceEach) {
  const auto rules = read_alert_rules(
      R"({"status":"success","data":{"groups":[{"rules":[
         {"type":"recording","name":"r"},
         {"type":"alerting","name":"Down","query":"up == 0","duration":60,
          "labels":{"severity":"critical"}},
         {"type":"alerting","name":"Down","query":"other","duration":1}]}]}})");
  ASSERT_TRUE(rules);
  ASSERT_EQ(rules->size(), 1U);
  EXPECT_EQ(rules->front().expression, "up == 0");
  EXPECT_EQ(rules->front().hold.count(), 60);
  EXPECT_EQ(rules->front().severity, "critical");
}

TEST(AlertmanagerAnswers, AlertsAndSilences) {
  const auto alerts = read_alerts(
      R"([{"labels":{"alertname":"A","severity":"warning"},"startsAt":"2026-11-22T17:30:00.5Z",
           "status":{"state":"suppressed"}}])");
  ASSERT_TRUE(alerts);
  EXPECT_TRUE(alerts->front().muted);
  EXPECT_EQ(base::format_rfc3339(alerts->front().since), "2026-11-22T17:30:00.500Z");
  const auto silences = read_silences(
      R"([{"startsAt":"2026-11-22T19:30:00+02:00","createdBy":"ann","comment":"false alarm",
           "matchers":[{"name":"alertname","value":"A","isEqual":true},
                       {"name":"alertname","value":"B","isEqual":false}]}])");
  ASSERT_TRUE(silences);
  EXPECT_EQ(silences->front().alert, "A");
  EXPECT_EQ(base::format_rfc3339(silences->front().made), "2026-11-22T17:30:00.000Z");
  EXPECT_FALSE(read_alerts("{}"));
  EXPECT_FALSE(read_alerts("[1]"));
  EXPECT_FALSE(read_alerts(R"([{"labels":{}}])"));
  EXPECT_FALSE(read_silences(R"([{"startsAt":"yesterday"}])"));
}

TEST(AlertmanagerAnswers, TimesThatAreNone) {
  for (const char* text :
       {"", "2026-11-22", "2026-13-22T17:30:00Z", "2026-11-22T17:30:00", "2026-11-22T17:30:00X",
        "2026-11-22T17:30:00+0200", "2026-11-22T17:30:00+02:0", "20x6-11-22T17:30:00Z"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(ServiceAnswers, ReadinessWithItsChecks) {
  const auto readiness = read_readiness(
      R"({"status":"not ready","draining":true,"details":{
         "database":{"status":"fails","message":"locked"},"redis":{"status":"not configured"}}})");
  ASSERT_TRUE(readiness);
  EXPECT_FALSE(readiness->ready);
  EXPECT_TRUE(readiness->draining);
  ASSERT_EQ(readiness->checks.size(), 2U);
  EXPECT_FALSE(readiness->checks[0].good());
  EXPECT_TRUE(readiness->checks[1].good());
  EXPECT_FALSE(read_readiness("<html>"));
}

TEST(HttpSource, ShowsNoPassword) {
  net::HttpClient client;
  const HttpSource source({.name = "x", .url = "http://ann:s3cret@127.0.0.1:1/prom/"}, client);
  EXPECT_EQ(source.shown_url(), "http://127.0.0.1:1/prom");
  const auto answer = source.body("/");
  ASSERT_FALSE(answer);
  EXPECT_EQ(describe(answer.error()).find("s3cret"), std::string::npos);
  EXPECT_EQ(with_parameters("/q", {{"query", "a{b=\"c d\"}"}, {"time", "1.5"}}),
            "/q?query=a%7Bb%3D%22c%20d%22%7D&time=1.5");
}

}  // namespace
}  // namespace testgen::operations
