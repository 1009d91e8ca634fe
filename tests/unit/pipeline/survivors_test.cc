#include "pipeline/survivors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace testgen::pipeline {
namespace {

using std::chrono::milliseconds;
using Names = std::set<std::string>;

constexpr milliseconds kLimit{1'000};

model::TestCase test_named(const std::string& name) {
  model::TestCase test;
  test.name = name;
  return test;
}

// Two functions, of lines 1 to 5 and 11 to 15, and code that runs at import. Each mutant is known
// by its replacement.
class SurvivorsTest : public testing::Test {
 protected:
  SurvivorsTest() {
    all_.units.push_back({"def first():\n\n\n\n\n", {"first"}, 1, 1, 1});
    all_.units.push_back({"def second():\n\n\n\n\n", {"second"}, 11, 11, 11});
    all_.units.push_back({"", {}, 1, 0, 0});
  }

  std::size_t add_mutant(std::size_t unit, std::uint32_t line) {
    const std::size_t index = all_.mutants.size();
    model::Mutant mutant;
    mutant.unit = unit;
    mutant.line = line;
    mutant.function = unit == 0 ? "first" : unit == 1 ? "second" : "";
    mutant.replacement = std::to_string(index);
    all_.mutants.push_back(std::move(mutant));
    return index;
  }

  Survivors survivors() {
    return {all_,
            [this](const auto& tests, model::SuiteLayout, const model::Mutation& mutation,
                   std::size_t sample, milliseconds) { return run(tests, mutation, sample); }};
  }

  // As the real one: the first test that kills a mutant is named, in the order of the tests.
  base::Result<verify::MutationResult> run(const Survivors::Tests& tests,
                                           const model::Mutation& mutation, std::size_t sample) {
    EXPECT_GE(sample, mutation.mutants.size());
    tried_.push_back(mutation.mutants.size());
    verify::MutationResult out;
    for (std::size_t i = 0; i < std::min(mutation.mutants.size(), in_time_); ++i) {
      verify::MutantOutcome outcome{.mutant = i};
      const auto id = static_cast<std::size_t>(std::stoul(mutation.mutants[i].replacement));
      for (const auto& test : tests) {
        if (!kills_[test.name].contains(id)) continue;
        outcome.killed = true;
        outcome.killer = nameless_.contains(id) ? "" : "test_x.py::" + test.name + "[a]";
        break;
      }
      out.mutants.push_back(outcome);
    }
    return out;
  }

  Names added(Survivors& survivors, const Names& tests, const Names& suite,
              const std::set<std::uint32_t>& lines = {2, 12}) {
    Survivors::Tests some;
    for (const auto& name : tests) some.push_back(test_named(name));
    Survivors::Tests there;
    for (const auto& name : suite) there.push_back(test_named(name));
    auto out = survivors.add_killers(some, lines, there, kLimit);
    EXPECT_TRUE(out.has_value());
    return *out;
  }

  model::Mutation all_;
  std::map<std::string, std::set<std::size_t>> kills_;
  std::set<std::size_t> nameless_;
  std::size_t in_time_ = 1'000'000;  // mutants that each run has time for
  std::vector<std::size_t> tried_;
};

TEST_F(SurvivorsTest, ATestThatKillsWhatLivesAddsAndTheNextDoesNot) {
  add_mutant(0, 2);
  kills_ = {{"test_a", {0}}, {"test_b", {0}}};
  auto living = survivors();
  EXPECT_EQ(added(living, {"test_a", "test_b"}, {}), Names{"test_a"});
  EXPECT_TRUE(living.alive().empty());
  EXPECT_EQ(added(living, {"test_b"}, {"test_a"}), Names{});
}

TEST_F(SurvivorsTest, EachOfManyMutantsOfAFunctionCounts) {
  for (int i = 0; i < 300; ++i) add_mutant(0, 2);
  kills_ = {{"test_last", {299}}};
  auto living = survivors();
  EXPECT_EQ(added(living, {"test_last"}, {}), Names{"test_last"});
}

TEST_F(SurvivorsTest, AMutantOfAnotherFunctionCountsWhenTheTestRunsIt) {
  add_mutant(1, 12);
  kills_ = {{"test_a", {0}}};
  auto living = survivors();
  EXPECT_EQ(added(living, {"test_a"}, {}, {1, 2, 11}), Names{}) << "only the head of it ran";
  EXPECT_EQ(tried_, std::vector<std::size_t>{}) << "nothing that runs is left to try";
  EXPECT_EQ(added(living, {"test_a"}, {}, {2, 15}), Names{"test_a"});
}

TEST_F(SurvivorsTest, WhatTheSuiteKillsIsNoMoreToBeGained) {
  add_mutant(0, 2);
  add_mutant(0, 3);
  kills_ = {{"test_old", {0}}, {"test_a", {0}}, {"test_b", {0, 1}}};
  auto living = survivors();
  ASSERT_TRUE(living.learn({test_named("test_old")}, kLimit).has_value());
  EXPECT_EQ(living.alive(), std::set<std::size_t>{1});
  EXPECT_EQ(added(living, {"test_a", "test_b"}, {"test_old"}), Names{"test_b"});
}

TEST_F(SurvivorsTest, WhatThereWasNoTimeForIsLookedAtOnceATestKillsIt) {
  for (int i = 0; i < 4; ++i) add_mutant(0, 2);
  kills_ = {{"test_old", {1, 2}}, {"test_same", {2}}, {"test_more", {3}}};
  auto living = survivors();
  in_time_ = 1;
  ASSERT_TRUE(living.learn({test_named("test_old")}, kLimit).has_value());
  EXPECT_EQ(living.alive(), std::set<std::size_t>{0});
  in_time_ = 1'000;
  EXPECT_EQ(added(living, {"test_same", "test_more"}, {"test_old"}), Names{"test_more"});
  // Mutants: those that live or are not known; then of the latter those that were killed.
  EXPECT_EQ(tried_, (std::vector<std::size_t>{4, 4, 2}));
}

TEST_F(SurvivorsTest, MoreMutantsThanCanBeTriedAreSpreadOverTheFile) {
  for (std::size_t i = 0; i < 3 * kMostMutantsAtATime; ++i) add_mutant(0, 2);
  for (std::size_t i = 0; i < 2 * kMostMutantsAtImport; ++i) add_mutant(2, 7);
  auto living = survivors();
  ASSERT_TRUE(living.learn({test_named("test_old")}, kLimit).has_value());
  EXPECT_EQ(tried_, std::vector<std::size_t>{kMostMutantsAtATime + kMostMutantsAtImport});
  EXPECT_EQ(living.alive().size(), kMostMutantsAtATime + kMostMutantsAtImport);
  EXPECT_GE(*std::next(living.alive().begin(), kMostMutantsAtATime - 1),
            3 * kMostMutantsAtATime - 3);
}

TEST_F(SurvivorsTest, AMutantThatWasLeftOutStillCounts) {
  for (std::size_t i = 0; i < 3 * kMostMutantsAtATime; ++i) add_mutant(0, 2);
  for (std::size_t i = 0; i < all_.mutants.size(); ++i) kills_["test_old"].insert(i);
  kills_["test_old"].erase(1);
  kills_["test_same"] = {2, 4, 5};
  kills_["test_more"] = {1};
  auto living = survivors();
  ASSERT_TRUE(living.learn({test_named("test_old")}, kLimit).has_value());
  EXPECT_TRUE(living.alive().empty());
  EXPECT_EQ(added(living, {"test_more", "test_same"}, {"test_old"}), Names{"test_more"});
}

TEST_F(SurvivorsTest, KillsOfTestsThatAreInAnywayAreTheirs) {
  add_mutant(0, 2);
  kills_ = {{"test_in", {0}}, {"test_late", {0}}};
  auto living = survivors();
  ASSERT_TRUE(living.add({test_named("test_in")}, {2}, kLimit).has_value());
  EXPECT_TRUE(living.alive().empty());
  EXPECT_EQ(added(living, {"test_late"}, {"test_in"}), Names{});
}

TEST_F(SurvivorsTest, AMutantThatNoTestCouldBeginWithIsNobodysKill) {
  add_mutant(2, 7);
  kills_ = {{"test_a", {0}}};
  nameless_ = {0};
  auto living = survivors();
  EXPECT_EQ(added(living, {"test_a"}, {}), Names{});
  EXPECT_TRUE(living.alive().empty());
}

}  // namespace
}  // namespace testgen::pipeline
