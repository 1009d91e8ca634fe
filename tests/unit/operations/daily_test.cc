#include "operations/checklist/daily.h"

#include <gtest/gtest.h>

#include "operations/checklist/daily_table.h"
#include "support/http_stub.h"

namespace testgen::operations {
namespace {

using testing::http_answer;
using testing::HttpStub;
using testing::StubRequest;

std::string vector_of(const std::string& value) {
  return http_answer(
      200,
      R"({"status":"success","data":{"resultType":"vector","result":[)" +
          (value.empty() ? "" : R"({"metric":{"check":"redis"},"value":[1,")" + value + R"("]})") +
          "]}}");
}

// One server for all three roles.
class DailyTest : public ::testing::Test {
 protected:
  std::string answer(const StubRequest& request) {
    const std::string& head = request.head;
    if (head.find("/api/v1/query") != std::string::npos) {
      if (value_ == "refuse") {
        return http_answer(400, R"({"status":"error","error":"bad_data"})");
      }
      return vector_of(value_);
    }
    if (head.find("/api/v2/alerts") != std::string::npos) return http_answer(200, alerts_);
    if (head.find("/ready") != std::string::npos) {
      return http_answer(ready_ ? 200 : 503,
                         ready_ ? R"({"status":"ready","details":{"redis":{"status":"passes"}}})"
                                : R"({"status":"not ready","details":{"redis":{"status":"fails",
                                     "message":"gone"}}})");
    }
    return http_answer(200, "{}");
  }

  Report run(const std::string& url) {
    net::HttpClient client;
    const HttpSource service({.name = "the service", .url = url}, client);
    const Prometheus prometheus({.name = "Prometheus", .url = url}, client);
    const Alertmanager alertmanager({.name = "Alertmanager", .url = url}, client);
    return daily_checklist({prometheus, alertmanager, service}, base::WallTime{});
  }
  Report run() {
    HttpStub stub([this](const StubRequest& request, std::stop_token) { return answer(request); });
    return run(stub.url(""));
  }

  static const Item& item(const Report& report, const std::string& id) {
    for (const Section& section : report.sections) {
      for (const Item& each : section.items) {
        if (each.id == id) return each;
      }
    }
    static const Item none;
    ADD_FAILURE() << id;
    return none;
  }

  std::string value_ = "1";
  std::string alerts_ = "[]";
  bool ready_ = true;
};

TEST_F(DailyTest, FiguresAreJudgedByTheirBars) {
  const Report report = run();
  EXPECT_EQ(report.sections.size(), 4U);
  EXPECT_TRUE(report.unreachable.empty());
  EXPECT_EQ(item(report, "uptime").verdict(), Verdict::Good);
  EXPECT_EQ(item(report, "health").verdict(), Verdict::Good);
  EXPECT_EQ(item(report, "memory").verdict(), Verdict::Bad);  // 100 % of the limit
  EXPECT_EQ(report.count(Verdict::Unknown), 0U);
}

TEST_F(DailyTest, AlertsThatFireAndChecksThatFailAreNamed) {
  alerts_ = R"([{"labels":{"alertname":"Slow"},"startsAt":"2026-11-22T17:30:00Z",
                 "status":{"state":"active"}},
                {"labels":{"alertname":"Muted"},"startsAt":"2026-11-22T17:30:00Z",
                 "status":{"state":"suppressed"}}])";
  ready_ = false;
  const Report report = run();
  const std::string text = render_text(report);
  EXPECT_EQ(item(report, "errors").verdict(), Verdict::Bad);
  EXPECT_NE(text.find("1 (Muted (muted), Slow)"), std::string::npos) << text;
  EXPECT_EQ(item(report, "health").verdict(), Verdict::Bad);
  EXPECT_NE(text.find("fails: gone"), std::string::npos);
}

TEST_F(DailyTest, NoSeriesAndNoPresenceIsUnknownNotGood) {
  value_ = "";
  const Report report = run();
  EXPECT_EQ(item(report, "uptime").verdict(), Verdict::Unknown);
  EXPECT_EQ(item(report, "cache").verdict(), Verdict::Unknown);
  EXPECT_EQ(item(report, "health").verdict(), Verdict::Unknown);  // of the day, not of now
}

TEST_F(DailyTest, ARefusedQueryIsUnknownAndTheOthersAreStillAsked) {
  value_ = "refuse";
  HttpStub stub([this](const StubRequest& request, std::stop_token) { return answer(request); });
  const Report report = run(stub.url(""));
  EXPECT_EQ(report.verdict(), Verdict::Unknown);
  EXPECT_TRUE(report.unreachable.empty());
  EXPECT_GE(stub.requests().size(), daily_figures().size());
}

TEST_F(DailyTest, WhoIsNotReachedIsSaidOnceAndNothingIsGood) {
  const Report report = run("http://127.0.0.1:1");
  EXPECT_EQ(report.unreachable.size(), 3U);
  EXPECT_EQ(report.count(Verdict::Unknown), daily_items().size());
}

}  // namespace
}  // namespace testgen::operations
