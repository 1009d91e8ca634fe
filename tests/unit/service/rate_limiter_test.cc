#include "service/auth/rate_limiter.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace testgen::service {
namespace {

TEST(RateLimiterTest, TakesABurstThenAsMuchAsWasAgreed) {
  testgen::testing::FakeClock clock;
  RateLimiter limiter(clock);
  for (std::uint64_t left = 60; left > 0; --left) {
    const auto decision = limiter.take("a", 60);
    EXPECT_TRUE(decision.allowed);
    EXPECT_EQ(decision.limit, 60U);
    EXPECT_EQ(decision.remaining, left - 1);
  }
  const auto refused = limiter.take("a", 60);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.reset_seconds, 1U);
  EXPECT_TRUE(limiter.take("b", 60).allowed);  // another key's bucket
  clock.advance(std::chrono::milliseconds(1'001));
  EXPECT_TRUE(limiter.take("a", 60).allowed);
  EXPECT_FALSE(limiter.take("a", 60).allowed);
}

TEST(RateLimiterTest, ASmallLimitSaysHowLongToWaitAndNeverHoardsMoreThanAMinute) {
  testgen::testing::FakeClock clock;
  RateLimiter limiter(clock);
  EXPECT_TRUE(limiter.take("a", 1).allowed);
  const auto refused = limiter.take("a", 1);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.reset_seconds, 60U);
  clock.advance(std::chrono::hours(5));
  EXPECT_TRUE(limiter.take("a", 1).allowed);
  EXPECT_FALSE(limiter.take("a", 1).allowed);
}

TEST(RateLimiterTest, ForgetsKeysThatCallNoMore) {
  testgen::testing::FakeClock clock;
  RateLimiter limiter(clock);
  for (int i = 0; i < 10'000; ++i) (void)limiter.take("key" + std::to_string(i), 1);
  EXPECT_FALSE(limiter.take("key1", 1).allowed);
  clock.advance(std::chrono::minutes(2));
  EXPECT_TRUE(limiter.take("one more", 1).allowed);
  EXPECT_TRUE(limiter.take("key1", 1).allowed);
}

}  // namespace
}  // namespace testgen::service
