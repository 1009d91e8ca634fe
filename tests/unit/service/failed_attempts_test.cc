#include "service/auth/failed_attempts.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace testgen::service {
namespace {

using namespace std::chrono_literals;

TEST(FailedAttempts, TheTenthWithinAMinuteIsAnIncident) {
  testing::FakeClock clock;
  FailedAttempts attempts(clock);
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(attempts.note("10.0.0.1"));
  EXPECT_FALSE(attempts.note("10.0.0.2"));  // counted apart
  EXPECT_EQ(attempts.note("10.0.0.1"), 10U);
  EXPECT_FALSE(attempts.note("10.0.0.1"));
  for (int i = 11; i < 99; ++i) EXPECT_FALSE(attempts.note("10.0.0.1"));
  EXPECT_EQ(attempts.note("10.0.0.1"), 100U);
}

TEST(FailedAttempts, NowAndThenIsAMistake) {
  testing::FakeClock clock;
  FailedAttempts attempts(clock);
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(attempts.note("10.0.0.1"));
    clock.advance(10s);
  }
}

TEST(FailedAttempts, ManyAddressesDoNotFillTheMemory) {
  testing::FakeClock clock;
  FailedAttempts attempts(clock);
  for (int i = 0; i < 100'000; ++i) EXPECT_FALSE(attempts.note(std::to_string(i)));
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(attempts.note("z"));
  EXPECT_EQ(attempts.note("z"), 10U);
}

}  // namespace
}  // namespace testgen::service
