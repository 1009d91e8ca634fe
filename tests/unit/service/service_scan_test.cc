// Scans over HTTP: kept by content and rules, refused, and answered when the service ends.
#include <future>

#include "unit/service/service_fixture.h"

namespace testgen::service {
namespace {

TEST_F(ServiceTest, ScansAreKeptByContentAndRules) {
  open();
  const Answer first = send("POST", "/v1/scan", scan_body("x = 1"));
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.document(), (json{{"files", {"a.py"}}}));
  EXPECT_EQ(send("POST", "/v1/scan", scan_body("x = 1")).body, first.body);
  EXPECT_EQ(scans_, 1);
  EXPECT_EQ(send("POST", "/v1/scan", scan_body("x = 2")).status, 200);
  EXPECT_EQ(scans_, 2);
  EXPECT_EQ(send("POST", "/v1/scan", scan_body("x = 1", true)).status, 200);
  EXPECT_EQ(scans_, 3);
  rules_ = 2;
  EXPECT_EQ(send("POST", "/v1/scan", scan_body("x = 1")).status, 200);
  EXPECT_EQ(scans_, 4);
  EXPECT_EQ(telemetry_->metrics().cache_hits_total.value(), 1U);
  EXPECT_EQ(telemetry_->metrics().feature_uses_total.with("scan").value(), 5U);
}

TEST_F(ServiceTest, ScansThatAreCutShortAreNotKept) {
  ServiceOptions options;
  options.scanner = scanner();
  options.scanner.scan = [this](const ScanInput&, const telemetry::SpanContext&, base::SteadyTime,
                                const std::stop_token&) -> Result<ScanAnswer> {
    ++scans_;
    return ScanAnswer{"{}", false};
  };
  open(options);
  EXPECT_EQ(send("POST", "/v1/scan", scan_body("x = 1")).status, 200);
  EXPECT_EQ(send("POST", "/v1/scan", scan_body("x = 1")).status, 200);
  EXPECT_EQ(scans_, 2);
}

TEST_F(ServiceTest, RefusesWhatIsNoScan) {
  open();
  EXPECT_EQ(send("POST", "/v1/scan", "{}").status, 422);
  const Answer outside =
      send("POST", "/v1/scan", R"({"files":[{"path":"../../etc/passwd","content":""}]})");
  EXPECT_EQ(outside.status, 422);
  EXPECT_EQ(outside.document()["errors"][0]["pointer"], "/files/0/path");
  const Answer twice =
      send("POST", "/v1/scan",
           R"({"files":[{"path":"a.py","content":""},{"path":"a.py","content":""}]})");
  EXPECT_EQ(twice.document()["errors"][0]["pointer"], "/files/1/path") << twice.body;
  EXPECT_EQ(scans_, 0);
}

TEST_F(ServiceTest, AnswersWhoWaitsForAScanWhenItStops) {
  open();
  hold_ = true;
  auto waiting =
      std::async(std::launch::async, [&] { return send("POST", "/v1/scan", scan_body("x = 1")); });
  ASSERT_TRUE(support::eventually([&] { return scans_ == 1; }));
  service_->shutdown(clock_.steady_now());
  EXPECT_EQ(waiting.get().status, 200);
}

}  // namespace
}  // namespace testgen::service
