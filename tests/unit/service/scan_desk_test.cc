// Scans on threads of their own: shared by those who ask alike, bounded, and safe from their bugs.
#include "service/scans/scan_desk.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "support/raw_http.h"

namespace testgen::service {
namespace {

using base::Result;

class ScanDeskTest : public ::testing::Test {
 protected:
  std::unique_ptr<ScanDesk> desk(std::size_t max_waiting = 8) {
    Scanner scanner;
    scanner.scan = [this](const ScanInput& input, const telemetry::SpanContext&, base::SteadyTime,
                          const std::stop_token& stop) -> Result<ScanAnswer> {
      ++scans_;
      if (input.audit) throw std::runtime_error("a bug");
      (void)support::eventually([&] { return stop.stop_requested() || !hold_.load(); });
      return ScanAnswer{"{}", !stop.stop_requested()};
    };
    return std::make_unique<ScanDesk>(
        ScanDesk::Options{.threads = 1, .max_waiting = max_waiting, .time_limit = {}},
        std::move(scanner), *telemetry_);
  }
  bool ask(ScanDesk& desk, const std::string& key, bool bug = false) {
    ScanInput input;
    input.audit = bug;
    return desk.ask(
        key, std::move(input), {}, [this](const auto&) { ++kept_; },
        [this](const auto& answer) {
          if (!answer) ++failed_;
          ++told_;
        });
  }

  base::SystemClock clock_;
  std::unique_ptr<telemetry::Telemetry> telemetry_ =
      *telemetry::Telemetry::create(telemetry::TelemetryOptions::quiet(), clock_);
  std::atomic<bool> hold_{false};
  std::atomic<int> scans_{0};
  std::atomic<int> kept_{0};
  std::atomic<int> told_{0};
  std::atomic<int> failed_{0};
};

TEST_F(ScanDeskTest, WhoAsksAlikeSharesOneScan) {
  const auto shared = desk();
  hold_ = true;
  EXPECT_TRUE(ask(*shared, "a"));
  EXPECT_TRUE(ask(*shared, "a"));
  EXPECT_TRUE(ask(*shared, "b"));
  hold_ = false;
  ASSERT_TRUE(support::eventually([&] { return told_ == 3; }));
  EXPECT_EQ(scans_, 2);
  EXPECT_EQ(kept_, 2);
}

TEST_F(ScanDeskTest, TooManyAreRefusedAndNobodyIsForgotten) {
  auto small = desk(1);
  hold_ = true;
  EXPECT_TRUE(ask(*small, "runs"));
  ASSERT_TRUE(support::eventually([&] { return scans_ == 1; }));
  EXPECT_TRUE(ask(*small, "waits"));
  EXPECT_FALSE(ask(*small, "too many"));
  EXPECT_TRUE(ask(*small, "waits"));  // shares what waits
  small.reset();                      // stops: what is cut short is told and not kept
  EXPECT_EQ(told_, 3);
  EXPECT_EQ(kept_, 0);
}

TEST_F(ScanDeskTest, ABugFailsOneScanAndNotTheService) {
  const auto desk_ = desk();
  EXPECT_TRUE(ask(*desk_, "bug", true));
  EXPECT_TRUE(ask(*desk_, "fine"));
  ASSERT_TRUE(support::eventually([&] { return told_ == 2; }));
  EXPECT_EQ(failed_, 1);
  EXPECT_EQ(kept_, 1);
}

}  // namespace
}  // namespace testgen::service
