#include "engine/explorer/archive.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/engine/small_universe.h"

namespace testgen::engine {
namespace {

TestProgram program_with(std::int64_t number) {
  Statement statement;
  statement.arguments = {Value::integer(number)};
  return {{statement}};
}

CandidateResult passed(std::vector<std::uint32_t> goals, std::string shape = "int+") {
  CandidateResult result;
  result.outcome = CandidateOutcome::Passed;
  result.shape = std::move(shape);
  result.goals = std::move(goals);
  return result;
}

CandidateResult raised(std::vector<std::uint32_t> goals, std::string type) {
  CandidateResult result;
  result.outcome = CandidateOutcome::Raised;
  result.exception.type = std::move(type);
  result.exception.line = 1;
  result.goals = std::move(goals);
  return result;
}

class ArchiveTest : public ::testing::Test {
 protected:
  Archive archive(std::size_t goals, std::set<std::string> documented) {
    return {goals, {.documented = std::move(documented), .raised = {}}, universe_};
  }
  model::ModuleModel module_ = small_module();
  Universe universe_ = small_universe(module_);
};

TEST_F(ArchiveTest, ReturningBeatsRaisingAndSmallBeatsLarge) {
  Archive archive = this->archive(2, {"ValueError"});
  EXPECT_TRUE(archive.offer(program_with(5000), raised({0}, "TypeError")).kept);
  EXPECT_TRUE(archive.open(0)) << "an undocumented exception does not close a goal";
  EXPECT_TRUE(archive.offer(program_with(4000), raised({0}, "ValueError")).new_goal);
  EXPECT_FALSE(archive.open(0));
  EXPECT_TRUE(archive.offer(program_with(3000), passed({0})).kept);
  EXPECT_TRUE(archive.offer(program_with(1), passed({0})).kept);
  EXPECT_FALSE(archive.offer(program_with(2000), passed({0})).kept);
  ASSERT_EQ(archive.goal_champions().size(), 1U);
  EXPECT_EQ(archive.entry(archive.goal_champions()[0]).program.statements[0].arguments[0].number,
            1);
  EXPECT_TRUE(archive.open(1));
}

TEST_F(ArchiveTest, AFewOfThoseThatReachAGoalAreRemembered) {
  Archive archive = this->archive(2, {});
  for (int i = 30; i > 0; --i) (void)archive.offer(program_with(i * 100'000), passed({0}));
  (void)archive.offer(program_with(7), passed({0}, "str"));
  const auto& reaching = archive.reaching(0);
  EXPECT_GT(reaching.size(), 1U);
  EXPECT_LE(reaching.size(), 8U);
  EXPECT_NE(std::find(reaching.begin(), reaching.end(), archive.goal_champions()[0]),
            reaching.end());
  EXPECT_TRUE(archive.reaching(1).empty());
}

TEST_F(ArchiveTest, NewShapesOfResultAreKept) {
  Archive archive = this->archive(1, {});
  EXPECT_TRUE(archive.offer(program_with(1), passed({0}, "None")).kept);
  EXPECT_TRUE(archive.offer(program_with(1), passed({0}, "str0")).kept);
  EXPECT_FALSE(archive.offer(program_with(1), passed({0}, "str0")).kept);
  EXPECT_EQ(archive.champions().size(), 2U);
}

TEST_F(ArchiveTest, IgnoresWhatTellsNothing) {
  Archive archive = this->archive(1, {"ValueError"});
  CandidateResult hung = passed({0});
  hung.outcome = CandidateOutcome::TimedOut;
  EXPECT_FALSE(archive.offer(program_with(1), hung).kept);
  CandidateResult early = raised({0}, "ValueError");
  early.exception.line = 0;  // raised while arranging, not by the act
  EXPECT_FALSE(archive.offer(program_with(1), early).kept);
  EXPECT_FALSE(archive.offer(program_with(1), passed({99}, "")).new_goal) << "no such goal";
}

TEST_F(ArchiveTest, QualifiedExceptionNamesAreKnownByTheirLastPart) {
  Archive archive = this->archive(1, {"ParseError"});
  EXPECT_EQ(archive.standing_of(raised({}, "Parser.ParseError")), Standing::DocumentedException);
  EXPECT_EQ(archive.standing_of(raised({}, "KeyError")), Standing::Undocumented);
  EXPECT_EQ(archive.standing_of(raised({}, "SystemExit")), Standing::DocumentedException);
}

// `raise ValueError` in one place promises nothing about int("x") in another.
TEST_F(ArchiveTest, ARaisedTypeIsPromisedWhereItIsRaised) {
  const Archive archive(1, {.documented = {}, .raised = {"ValueError"}}, universe_);
  CandidateResult result = raised({}, "ValueError");
  EXPECT_EQ(archive.standing_of(result), Standing::Undocumented);
  result.exception.deliberate = true;
  EXPECT_EQ(archive.standing_of(result), Standing::DocumentedException);
}

}  // namespace
}  // namespace testgen::engine
