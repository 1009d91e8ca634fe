#include "service/usage/audience.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace testgen::service {
namespace {

using namespace std::chrono_literals;

class AudienceTest : public ::testing::Test {
 protected:
  std::uint64_t events(const char* kind) { return metrics_.access_events_total.with(kind).value(); }
  void refresh() {
    clock_.advance(1s);
    audience_.refresh();
  }
  testing::FakeClock clock_;
  telemetry::Registry registry_{telemetry::catalogue(), clock_};
  telemetry::Metrics metrics_{registry_};
  Audience audience_{metrics_, clock_};
};

TEST_F(AudienceTest, CountsCallersAndSessionsUntilTheyGoQuiet) {
  audience_.arrived("key", "10.0.0.1", "curl/8");
  audience_.arrived("key", "10.0.0.1", "curl/8");
  audience_.arrived("key", "10.0.0.1", "firefox");
  audience_.arrived("key", "10.0.0.2", "curl/8");
  refresh();
  EXPECT_EQ(metrics_.active_users.value(), 2);
  EXPECT_EQ(metrics_.active_sessions.value(), 3);
  EXPECT_EQ(metrics_.sessions_total.value(), 3U);
  clock_.advance(6min);
  refresh();
  EXPECT_EQ(metrics_.active_users.value(), 0);
  EXPECT_EQ(metrics_.active_sessions.value(), 3);
  clock_.advance(25min);
  refresh();
  EXPECT_EQ(metrics_.active_sessions.value(), 0);
  audience_.arrived("key", "10.0.0.1", "curl/8");
  EXPECT_EQ(metrics_.sessions_total.value(), 4U) << "after a long pause it is another session";
}

TEST_F(AudienceTest, NewKeysAndNetworksAreNoticedOnce) {
  audience_.arrived("", "10.0.0.1", "c");
  EXPECT_EQ(events("new_key"), 0U);
  EXPECT_EQ(events("new_network"), 1U);
  audience_.arrived("a", "10.0.0.99", "c");
  audience_.arrived("a", "10.0.0.99", "c");
  EXPECT_EQ(events("new_key"), 1U);
  EXPECT_EQ(events("new_network"), 1U);
  audience_.arrived("b", "10.0.1.1", "c");
  EXPECT_EQ(events("new_key"), 2U);
  EXPECT_EQ(events("new_network"), 2U);
  audience_.denied();
  EXPECT_EQ(events("denied_permission"), 1U);
}

TEST_F(AudienceTest, UnusualIsFarAboveTheFloorAndTheHabit) {
  const auto minute = [&](std::uint64_t requests) {
    for (std::uint64_t i = 0; i < requests; ++i) audience_.arrived("", "10.0.0.1", "c");
    clock_.advance(1min);
  };
  minute(Audience::kUnusualFloor);
  EXPECT_EQ(events("unusual_volume"), 0U);
  minute(100 * Audience::kUnusualTimes);
  EXPECT_EQ(events("unusual_volume"), 0U) << "no more than ten times its habit";
  minute(1 + Audience::kUnusualTimes * (120 + 1000) / 2);
  EXPECT_EQ(events("unusual_volume"), 1U);
}

TEST_F(AudienceTest, MemoryIsBounded) {
  for (int i = 0; i < 25'000; ++i) {
    audience_.arrived(std::to_string(i), std::to_string(i), "c");
  }
  refresh();
  EXPECT_EQ(metrics_.active_users.value(), 20'000);
  EXPECT_EQ(events("new_key"), 20'000U);
}

TEST(Networks, AreTheFirstPartOfAnAddress) {
  EXPECT_EQ(network_of("10.1.2.3"), "10.1.2.");
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2:");
  EXPECT_EQ(network_of("::1"), "::1");
  EXPECT_EQ(network_of("unix"), "unix");
  EXPECT_EQ(network_of(""), "");
}

}  // namespace
}  // namespace testgen::service
