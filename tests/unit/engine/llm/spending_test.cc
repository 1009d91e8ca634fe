#include "engine/llm/spending.h"

#include <gtest/gtest.h>

#include "base/file_system.h"
#include "support/fake_clock.h"

namespace testgen::llm {
namespace {

using testing::FakeClock;

TEST(Spending, ReservesBeforeAndSettlesOnce) {
  Spending spending({.run_dollars = 1.0}, std::nullopt);
  auto first = spending.reserve(0.6, 100);
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(spending.reserve(0.6, 100).has_value()) << "what is reserved counts";
  first->settle({0.1, 10});
  first->settle({0.9, 10});
  EXPECT_DOUBLE_EQ(spending.spent().dollars, 0.1);
  EXPECT_EQ(spending.spent().tokens, 10U);
  EXPECT_TRUE(spending.reserve(0.6, 100).has_value());
}

TEST(Spending, WhatIsNeverSettledCountsInFull) {
  Spending spending({.run_tokens = 1'000}, std::nullopt);
  { auto held = spending.reserve(std::nullopt, 700); }
  EXPECT_EQ(spending.spent().tokens, 700U);
  const auto refused = spending.reserve(std::nullopt, 400);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::ErrorCode::ResourceExhausted);
}

TEST(Spending, ABudgetInMoneyRefusesAnUnknownPrice) {
  Spending spending({.run_dollars = 1.0}, std::nullopt);
  const auto refused = spending.reserve(std::nullopt, 1);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::ErrorCode::PermissionDenied);
}

TEST(Spending, WarnsOnceBeforeTheEnd) {
  Spending spending({.run_dollars = 1.0, .warn_at = 0.8}, std::nullopt);
  auto held = spending.reserve(0.7, 1);
  EXPECT_FALSE(spending.take_warning());
  auto more = spending.reserve(0.2, 1);
  EXPECT_TRUE(spending.take_warning());
  EXPECT_FALSE(spending.take_warning());
  EXPECT_NEAR(spending.share(), 0.9, 1e-9);
}

TEST(Spending, RunsOfADayShareALimit) {
  FakeClock clock;
  const auto folder = base::TempDir::create("testgen-spending");
  const auto file = folder->path() / "state" / "spent.json";
  Spending first({.day_dollars = 1.0}, DayLedger(file, clock));
  Spending second({.day_dollars = 1.0}, DayLedger(file, clock));
  auto held = first.reserve(0.7, 1);
  ASSERT_TRUE(held.has_value());
  EXPECT_FALSE(second.reserve(0.7, 1).has_value());
  held->settle({0.2, 1});
  EXPECT_TRUE(second.reserve(0.7, 1).has_value());
  EXPECT_FALSE(first.reserve(0.2, 1).has_value());
  clock.advance(std::chrono::hours(24));
  EXPECT_TRUE(first.reserve(0.9, 1).has_value()) << "a new day";
}

TEST(Spending, EachKeyHasItsOwnLimitOfADay) {
  FakeClock clock;
  const auto folder = base::TempDir::create("testgen-spending");
  const auto file = folder->path() / "spent.json";
  const SpendingLimits limits{.key_dollars = 1.0};
  Spending spending(limits, DayLedger(file, clock));
  auto held = spending.reserve(0.7, 1, "k1");
  ASSERT_TRUE(held.has_value());
  const auto refused = spending.reserve(0.4, 1, "k1");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::ErrorCode::ResourceExhausted);
  EXPECT_NE(refused.error().message.find("k1"), std::string::npos);
  EXPECT_TRUE(spending.reserve(0.7, 1, "k2").has_value()) << "another key has its own";
  EXPECT_TRUE(spending.reserve(5.0, 1).has_value()) << "no key, no limit of one";
  held->settle({0.2, 1});
  EXPECT_TRUE(spending.reserve(0.4, 1, "k1").has_value());
  // A process that starts anew reads what was spent.
  Spending later(limits, DayLedger(file, clock));
  EXPECT_FALSE(later.reserve(0.5, 1, "k1").has_value());
  EXPECT_FALSE(later.reserve(std::nullopt, 1, "k1").has_value()) << "a price must be known";
  EXPECT_TRUE(later.reserve(std::nullopt, 1).has_value());
  clock.advance(std::chrono::hours(24));
  EXPECT_TRUE(later.reserve(0.9, 1, "k1").has_value()) << "a new day";
}

TEST(Spending, WhatIsBilledBeyondTheBoundIsBooked) {
  FakeClock clock;
  const auto folder = base::TempDir::create("testgen-spending");
  Spending spending({.day_dollars = 1.0}, DayLedger(folder->path() / "spent.json", clock));
  auto held = spending.reserve(0.1, 1);
  ASSERT_TRUE(held.has_value());
  held->settle({1.5, 1});
  EXPECT_FALSE(spending.reserve(0.01, 1).has_value());
  EXPECT_NEAR(spending.share(), 1.5, 1e-9);
}

TEST(Spending, WarnsOnceADayForEachKey) {
  FakeClock clock;
  const auto folder = base::TempDir::create("testgen-spending");
  Spending spending({.key_dollars = 1.0}, DayLedger(folder->path() / "spent.json", clock));
  auto first = spending.reserve(0.5, 1, "k1");
  EXPECT_FALSE(spending.take_warning().has_value());
  auto second = spending.reserve(0.35, 1, "k1");
  const auto warning = spending.take_warning();
  ASSERT_TRUE(warning.has_value());
  EXPECT_EQ(warning->payer, "k1");
  EXPECT_NEAR(warning->share, 0.85, 1e-9);
  EXPECT_FALSE(spending.take_warning().has_value());
  auto other = spending.reserve(0.9, 1, "k2");
  EXPECT_EQ(spending.take_warning()->payer, "k2");
  clock.advance(std::chrono::hours(24));
  auto again = spending.reserve(0.9, 1, "k1");
  EXPECT_TRUE(spending.take_warning().has_value());
}

TEST(Spending, ALedgerThatCannotBeReadIsNotGuessed) {
  FakeClock clock;
  const auto folder = base::TempDir::create("testgen-spending");
  const auto file = folder->path() / "spent.json";
  ASSERT_TRUE(base::write_file_atomic(file, "not json").has_value());
  Spending spending({.day_dollars = 1.0}, DayLedger(file, clock));
  EXPECT_FALSE(spending.reserve(0.1, 1).has_value());
}

}  // namespace
}  // namespace testgen::llm
