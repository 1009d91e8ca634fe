#include "service/queue/retention.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace testgen::service {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::hours kWeek{24 * 7};

class RetentionTest : public ::testing::Test {
 protected:
  // As the queue's housekeeping asks, every 15 seconds; how often something was due.
  int pass(std::chrono::seconds time) {
    int due = 0;
    for (std::chrono::seconds passed{0}; passed < time; passed += 15s) {
      clock_.advance(15s);
      if (retention_.due()) ++due;
    }
    return due;
  }

  testing::FakeClock clock_;
  Retention retention_{kWeek, clock_};
};

TEST_F(RetentionTest, AsksAtTheStartAndThenEveryHour) {
  EXPECT_EQ(retention_.due(), clock_.wall_now() - kWeek);
  EXPECT_EQ(pass(59min), 0);
  EXPECT_EQ(pass(1min), 1);
  EXPECT_EQ(pass(5h), 5);
}

TEST_F(RetentionTest, AsksOftenerWhereJobsAreKeptForLess) {
  Retention shorter(100ms, clock_);
  EXPECT_TRUE(shorter.due());
  EXPECT_FALSE(shorter.due());
  clock_.advance(100ms);
  EXPECT_EQ(shorter.due(), clock_.wall_now() - 100ms);
}

// A year ahead, every job looks old enough to go.
TEST_F(RetentionTest, AClockThatJumpsAheadHasAnHourToBeMended) {
  ASSERT_TRUE(retention_.due());
  EXPECT_EQ(pass(59min), 0);
  clock_.set_wall_forward(24h * 365);
  EXPECT_EQ(pass(50min), 0);
  clock_.set_wall_forward(-24h * 365);
  EXPECT_EQ(pass(59min), 0);
  clock_.advance(2min);
  EXPECT_EQ(retention_.due(), clock_.wall_now() - kWeek);
}

TEST_F(RetentionTest, AClockThatStaysAheadIsBelieved) {
  ASSERT_TRUE(retention_.due());
  clock_.set_wall_forward(24h * 365);
  EXPECT_EQ(pass(60min), 0);
  EXPECT_EQ(pass(1min), 1);
}

// It would otherwise be a year until anything is forgotten again.
TEST_F(RetentionTest, AClockThatIsPutBackStopsNothing) {
  ASSERT_TRUE(retention_.due());
  clock_.set_wall_forward(-24h * 365);
  EXPECT_EQ(pass(3h), 2);
}

TEST_F(RetentionTest, SmallCorrectionsOfTheClockAreNoJump) {
  ASSERT_TRUE(retention_.due());
  EXPECT_EQ(pass(59min), 0);
  clock_.set_wall_forward(20s);
  EXPECT_EQ(pass(1min), 1);
}

TEST_F(RetentionTest, WhatFailedIsDueAtOnce) {
  ASSERT_TRUE(retention_.due());
  retention_.failed();
  EXPECT_TRUE(retention_.due());
  EXPECT_FALSE(retention_.due());
}

}  // namespace
}  // namespace testgen::service
