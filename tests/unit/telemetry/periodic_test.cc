#include "telemetry/export/periodic.h"

#include <atomic>

#include "fixture.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;

TEST(Periodic, PushesAgainAndAgainAndALastTime) {
  std::atomic<int> pushes{0};
  Periodic periodic(
      "test", 1ms, [&] { ++pushes; }, [] {});
  EXPECT_TRUE(eventually([&] { return pushes >= 3; }));
  periodic.shutdown(in(5s));
  const int after = pushes;
  periodic.shutdown(in(5s));  // twice is once
  EXPECT_EQ(pushes, after);
}

TEST(Periodic, WithoutAnIntervalItPushesOnlyAtTheEnd) {
  std::atomic<int> pushes{0};
  Periodic periodic(
      "test", 0ms, [&] { ++pushes; }, [] {});
  EXPECT_EQ(pushes, 0);
  periodic.shutdown(in(5s));
  EXPECT_EQ(pushes, 1);
}

TEST(Periodic, DestroyedItDoesNotPush) {
  std::atomic<int> pushes{0};
  {
    const Periodic periodic(
        "test", 1h, [&] { ++pushes; }, [] {});
  }
  EXPECT_EQ(pushes, 0);
}

TEST(Periodic, APushThatHangsIsAbortedAtTheDeadline) {
  std::stop_source abort;
  std::atomic<bool> hanging{false};
  Periodic periodic(
      "test", 1ms,
      [&] {
        hanging = true;
        while (!abort.stop_requested()) std::this_thread::sleep_for(1ms);
      },
      [&] { abort.request_stop(); });
  ASSERT_TRUE(eventually([&] { return hanging.load(); }));
  const auto start = std::chrono::steady_clock::now();
  periodic.shutdown(in(50ms));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

}  // namespace
}  // namespace testgen::telemetry
