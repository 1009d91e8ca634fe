#include "pipeline/time_shares.h"

#include <gtest/gtest.h>

namespace testgen::pipeline {
namespace {

using std::chrono::milliseconds;

TEST(TimeSharesTest, AShortBudgetIsDividedByShares) {
  EXPECT_EQ(engine_time(milliseconds(10'000), false), milliseconds(7'200));
  EXPECT_EQ(verified_until(milliseconds(10'000)), milliseconds(8'800));
  EXPECT_EQ(engine_time(milliseconds(1'000), false), milliseconds(720));
  EXPECT_EQ(least_score_time(milliseconds(1'000)), milliseconds(300));
}

TEST(TimeSharesTest, OfALongBudgetTheSearchGetsMore) {
  EXPECT_GT(engine_time(milliseconds(60'000), false), milliseconds(51'000));
  EXPECT_LT(engine_time(milliseconds(60'000), true), engine_time(milliseconds(60'000), false));
}

TEST(TimeSharesTest, EachStepHasMoreTimeWithALongerBudgetAndTheirOrderStays) {
  milliseconds verification{0};
  milliseconds score{0};
  for (int seconds = 1; seconds < 4'000; seconds += 7) {
    const milliseconds budget = std::chrono::seconds(seconds);
    EXPECT_LT(engine_time(budget, true), standing_tests_verified_until(budget));
    EXPECT_LT(standing_tests_verified_until(budget), verified_until(budget));
    EXPECT_LT(verified_until(budget), budget);
    EXPECT_GT(verified_until(budget) - engine_time(budget, false), verification);
    EXPECT_GT(budget - verified_until(budget), score);
    verification = verified_until(budget) - engine_time(budget, false);
    score = budget - verified_until(budget);
  }
}

}  // namespace
}  // namespace testgen::pipeline
