#include <gtest/gtest.h>

#include <thread>

#include "engine/llm/call_limits.h"
#include "engine/llm/circuit_breaker.h"
#include "support/fake_provider.h"

namespace testgen::llm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::FakeClock;
using testing::FakePause;

TEST(CircuitBreaker, OpensAfterFailuresInARowAndLetsOneTry) {
  FakeClock clock;
  CircuitBreaker breaker({.failures = 2, .cool_down = seconds(10)}, clock);
  ASSERT_TRUE(breaker.allow());
  breaker.failed();
  breaker.succeeded();
  breaker.failed();
  EXPECT_EQ(breaker.state(), CircuitState::Closed) << "not in a row";
  breaker.failed();
  EXPECT_EQ(breaker.state(), CircuitState::Open);
  EXPECT_FALSE(breaker.allow());
  clock.advance(seconds(10));
  EXPECT_EQ(breaker.state(), CircuitState::HalfOpen);
  EXPECT_TRUE(breaker.allow());
  EXPECT_FALSE(breaker.allow()) << "one at a time";
  breaker.failed();
  EXPECT_EQ(breaker.state(), CircuitState::Open);
  clock.advance(seconds(10));
  EXPECT_TRUE(breaker.allow());
  breaker.undecided();
  EXPECT_TRUE(breaker.allow()) << "a trial that says nothing leaves room for another";
  breaker.succeeded();
  EXPECT_EQ(breaker.state(), CircuitState::Closed);
}

TEST(TokenBucket, FillsWithTime) {
  const base::SteadyTime start{};
  TokenBucket bucket(60, start);
  EXPECT_EQ(bucket.take(60, start), start);
  EXPECT_EQ(bucket.take(1, start), start + seconds(1));
  EXPECT_EQ(bucket.take(1, start + seconds(2)), start + seconds(2));
}

TEST(TokenBucket, WhatIsLargerThanTheLimitIsSlowAndNotImpossible) {
  const base::SteadyTime start{};
  TokenBucket bucket(60, start);
  EXPECT_EQ(bucket.take(120, start), start);
  EXPECT_EQ(bucket.take(60, start), start + seconds(120));
}

TEST(RateLimiter, KeepsCallsApart) {
  FakeClock clock;
  FakePause pause(clock);
  RateLimiter limiter({.at_once = 2, .calls_a_minute = 2}, clock, pause);
  const auto deadline = clock.steady_now() + seconds(300);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(limiter.enter(1, deadline, {}));
  ASSERT_EQ(pause.waits().size(), 2U);
  EXPECT_EQ(pause.waits()[0], seconds(30));
}

TEST(RateLimiter, RefusesWhatCannotBeMadeInTime) {
  FakeClock clock;
  FakePause pause(clock);
  RateLimiter limiter({.at_once = 1, .tokens_a_minute = 60}, clock, pause);
  EXPECT_TRUE(limiter.enter(60, clock.steady_now() + seconds(1), {}));
  EXPECT_FALSE(limiter.enter(60, clock.steady_now() + seconds(1), {}));
  EXPECT_TRUE(limiter.enter(60, clock.steady_now() + seconds(61), {})) << "nothing was taken";
}

TEST(RateLimiter, NoMoreThanSoManyAtOnce) {
  const base::SystemClock clock;
  SystemPause pause;
  RateLimiter limiter({.at_once = 3}, clock, pause);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 12; ++i) {
      threads.emplace_back([&] {
        const auto place = limiter.enter(1, clock.steady_now() + seconds(20), {});
        ASSERT_TRUE(place);
        const int now = ++inside;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::yield();
        --inside;
      });
    }
  }
  EXPECT_LE(most.load(), 3);
}

TEST(SystemPause, EndsWhenToldToStop) {
  std::stop_source stop;
  stop.request_stop();
  SystemPause pause;
  EXPECT_FALSE(
      pause.until(std::chrono::steady_clock::now() + std::chrono::hours(1), stop.get_token()));
}

}  // namespace
}  // namespace testgen::llm
