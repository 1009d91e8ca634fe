#include "operations/weekly/weekly.h"

#include <gtest/gtest.h>

#include "support/http_stub.h"

namespace testgen::operations {
namespace {

using testing::http_answer;
using testing::HttpStub;
using testing::StubRequest;

constexpr TrendFigure kLatency{
    .name = "p95", .unit = Unit::Seconds, .better = Better::Lower, .least = 0.05};

TEST(WeeklyTrends, AChangeCountsWhenItIsLargeEnough) {
  EXPECT_EQ(compare(kLatency, 1.0, 0.5).verdict, Verdict::Bad);
  EXPECT_EQ(compare(kLatency, 1.0, 0.5).note, "was 500 ms, up by 100 %: worse");
  EXPECT_EQ(compare(kLatency, 0.5, 1.0).verdict, Verdict::Good);
  EXPECT_EQ(compare(kLatency, 1.05, 1.0).note, "was 1 s, steady");  // within a tenth
  EXPECT_EQ(compare(kLatency, 0.04, 0.01).verdict, Verdict::Good);  // below what matters
  EXPECT_EQ(compare(kLatency, 1.0, std::nullopt).note, "no week before to compare with");
  EXPECT_EQ(compare(kLatency, 1.0, 0).verdict, Verdict::Bad);
  TrendFigure neutral = kLatency;
  neutral.better = Better::Neither;
  EXPECT_EQ(compare(neutral, 1.0, 0.1).verdict, Verdict::Good);
}

// Prometheus with one figure that grows by 1 % a day for 28 days, and one alert.
std::string answer(const StubRequest& request) {
  if (request.head.find("ALERTS") != std::string::npos) {
    return http_answer(200, R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  }
  if (request.head.find("/api/v1/query_range") != std::string::npos) {
    std::string values;
    for (int day = 0; day < 28; ++day) {
      values += (day == 0 ? "" : ",") + ("[" + std::to_string(day * 86400) + ",\"" +
                                         std::to_string(0.4 + 0.01 * day) + "\"]");
    }
    return http_answer(
        200, R"({"status":"success","data":{"result":[{"metric":{},"values":[)" + values + "]}]}}");
  }
  if (request.head.find("/api/v1/rules") != std::string::npos) {
    return http_answer(200, R"({"status":"success","data":{"groups":[{"rules":[
      {"type":"alerting","name":"Down","query":"up == 0","duration":60}]}]}})");
  }
  if (request.head.find("/api/v2/silences") != std::string::npos) return http_answer(200, "[]");
  const bool before = request.head.find("offset%207d") != std::string::npos;
  return http_answer(
      200, std::string(R"({"status":"success","data":{"result":[{"metric":{},"value":[1,")") +
               (before ? "0.5" : "0.4") + "\"]}]}}");
}

Report run(const std::string& url) {
  net::HttpClient client;
  const Prometheus prometheus({.name = "Prometheus", .url = url}, client);
  const Alertmanager alertmanager({.name = "Alertmanager", .url = url}, client);
  return weekly_review({prometheus, alertmanager, {}}, base::WallTime(std::chrono::hours(24 * 28)));
}

TEST(WeeklyReview, ForecastsAndReviews) {
  HttpStub stub([](const StubRequest& request, std::stop_token) { return answer(request); });
  const Report report = run(stub.url(""));
  ASSERT_EQ(report.sections.size(), 4U);
  EXPECT_EQ(report.sections[0].title, "Trend analysis");
  EXPECT_EQ(report.sections[1].title, "Capacity planning");
  EXPECT_EQ(report.sections[2].title, "Business");
  EXPECT_EQ(report.sections[3].title, "Alert review");
  const std::string text = render_text(report);
  // Memory at 67 %, a point a day: 90 % in 23 days.
  EXPECT_NE(text.find("in 23 days: raise the memory limit"), std::string::npos) << text;
  EXPECT_NE(text.find("Down"), std::string::npos);
  EXPECT_NE(text.find("silent this week"), std::string::npos);
  EXPECT_TRUE(report.unreachable.empty());
}

TEST(WeeklyReview, WithoutPrometheusEverythingIsUnknown) {
  const Report report = run("http://127.0.0.1:1");
  EXPECT_EQ(report.count(Verdict::Good), 0U);
  EXPECT_EQ(report.verdict(), Verdict::Unknown);
  EXPECT_EQ(report.unreachable.size(), 1U);
}

}  // namespace
}  // namespace testgen::operations
