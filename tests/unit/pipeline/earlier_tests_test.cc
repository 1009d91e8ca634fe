#include "pipeline/earlier_tests.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/file_system.h"
#include "emit/writer.h"

namespace testgen::pipeline {
namespace {

using model::RetiredTests;
using model::TestCase;
using Reason = model::RetiredTests::Reason;
using Names = std::vector<std::string>;

TestCase earlier(const std::string& function, const std::string& name,
                 const std::string& hash = "same") {
  TestCase test;
  test.name = name;
  test.function = function;
  test.verbatim.emplace();
  test.verbatim->unit_hash = hash;
  return test;
}

TestCase fresh(const std::string& function, const std::string& name,
               std::vector<std::uint32_t> goals = {}) {
  TestCase test;
  test.name = name;
  test.function = function;
  test.goals = std::move(goals);
  return test;
}

Names names(const std::vector<TestCase>& tests) {
  Names out;
  for (const TestCase& test : tests) out.push_back(test.name);
  return out;
}

const std::map<std::string, std::string> kUnits{
    {"f", "same"}, {"g", "same"}, {"Cart", "same"}, {"Cart.add", "same"}, {"Heir", "new"}};

model::ModuleModel module() {
  model::ModuleModel out;
  out.classes.resize(2);
  out.classes[0].name = "Cart";
  out.classes[1].name = "Heir";
  out.classes[1].bases = {"Base"};
  return out;
}

TEST(Renewal, TestsOfWhatIsTheSameStayAndNewOnesWait) {
  const auto out = renew({earlier("f", "old_f"), earlier("Cart.add", "old_add")},
                         {fresh("f", "new_f"), fresh("g", "new_g")}, kUnits, module(), {});
  EXPECT_EQ(names(out.tests), (Names{"old_f", "old_add", "new_g"}));
  EXPECT_EQ(names(out.reserve), Names{"new_f"});
  EXPECT_TRUE(out.retired.empty());
}

TEST(Renewal, TestsOfWhatChangedAreWrittenAnew) {
  const auto out = renew({earlier("f", "a", "old"), earlier("f", "b", "old")},
                         {fresh("f", "new_f")}, kUnits, module(), {});
  EXPECT_EQ(names(out.tests), Names{"new_f"});
  EXPECT_TRUE(out.reserve.empty());
  EXPECT_EQ(out.retired, (std::vector<RetiredTests>{{"f", 2, Reason::Changed}}));
}

TEST(Renewal, TestsOfWhatIsGoneGo) {
  const auto out = renew(
      {earlier("h", "a"), earlier("Cart.total", "b", "old"), earlier("Cart.total", "c", "old")}, {},
      kUnits, module(), {});
  EXPECT_TRUE(out.tests.empty());
  EXPECT_EQ(out.retired,
            (std::vector<RetiredTests>{{"h", 1, Reason::Gone}, {"Cart.total", 2, Reason::Gone}}));
}

TEST(Renewal, EachRowOfATableCounts) {
  auto table = earlier("h", "a");
  table.verbatim->rows = {"one", "two", "three"};
  EXPECT_EQ(renew({table, earlier("h", "b")}, {}, kUnits, module(), {}).retired,
            (std::vector<RetiredTests>{{"h", 4, Reason::Gone}}));
}

TEST(Renewal, AnInheritedMethodIsNotGone) {
  const auto out = renew({earlier("Cart.size", "a"), earlier("Heir.size", "b", "old")}, {}, kUnits,
                         module(), {});
  EXPECT_EQ(names(out.tests), (Names{"a", "b"}));
}

TEST(Renewal, WhatIsLeftOfAChangedFunctionIsBetterThanNothing) {
  const auto out = renew({earlier("f", "a", "old")}, {}, kUnits, module(), {});
  EXPECT_EQ(names(out.tests), Names{"a"});
  EXPECT_TRUE(out.retired.empty());
}

TEST(Renewal, OnlyWhatWasAskedForIsWrittenAnew) {
  const auto out = renew({earlier("f", "old_f"), earlier("g", "old_g", "old")},
                         {fresh("f", "new_f")}, kUnits, module(), {"f"});
  EXPECT_EQ(names(out.tests), (Names{"old_g", "new_f"}));
  EXPECT_EQ(out.retired, (std::vector<RetiredTests>{{"f", 1, Reason::Changed}}));
}

TEST(Renewal, FunctionsWithATestThatFailedAreStale) {
  const std::vector<TestCase> offered{earlier("f", "a"), earlier("f", "b"), earlier("g", "c"),
                                      fresh("g", "d")};
  EXPECT_EQ(stale_functions(offered, {offered[1], offered[2]}),
            (std::map<std::string, std::uint32_t>{{"f", 1}}));
  EXPECT_TRUE(stale_functions(offered, offered).empty());
}

TEST(Renewal, ReserveThatReachesWhatWasMissedIsFound) {
  using model::GoalKind;
  std::vector<model::Goal> goals(6);
  goals[0] = {GoalKind::BranchTrue, 2, "f", "x"};
  goals[1] = {GoalKind::BranchFalse, 2, "f", "x"};
  goals[2] = {GoalKind::Block, 7, "f", ""};
  goals[3] = {GoalKind::LoopEntered, 9, "f", "y"};
  goals[4] = {GoalKind::LoopFinished, 9, "f", "y"};
  goals[5] = {GoalKind::BranchFalse, 2, "f", "and", false};
  model::Coverage coverage;
  coverage.missed_lines = {7};
  coverage.branches = {{2, 3, true}, {2, 5, false}, {9, 10, false}, {9, -1, true}};
  const std::vector<TestCase> reserve{fresh("f", "true", {0}),
                                      fresh("f", "false", {0, 1}),
                                      fresh("f", "false again", {1}),
                                      fresh("f", "line", {2}),
                                      fresh("f", "entered", {3, 99}),
                                      fresh("f", "finished", {4}),
                                      fresh("f", "part of a condition", {5})};
  EXPECT_EQ(reaching_missed(reserve, goals, coverage), (std::vector<std::size_t>{1, 3, 4}));
}

TEST(EarlierTests, AreReadFromOurFileAboutTheModule) {
  const auto folder = base::TempDir::create("earlier-tests").value();
  const auto put = [&](const char* name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
  };
  const std::string text =
      "\"\"\"Tests for shop, generated by testgen.\"\"\"\n"
      "# testgen: unit f sha256=0123456789abcdef\ndef test_f():\n    assert f() == 1\n";
  model::ImportPlan plan;
  plan.module_name = "shop";
  const auto read = [&](model::Framework framework = model::Framework::Pytest) {
    return earlier_tests(folder.path(), "test_shop.py", plan, framework);
  };
  EXPECT_TRUE(read().empty());
  put("test_shop.py", emit::seal(text, "#", "1"));
  ASSERT_EQ(read().size(), 1U);
  EXPECT_EQ(read()[0].verbatim->unit_hash, "0123456789abcdef");
  EXPECT_TRUE(read(model::Framework::Unittest).empty());
  plan.module_name = "shopping";
  EXPECT_TRUE(read().empty());
  plan.module_name = "shop";

  // Edited: it is the person's, and ours lies beside it.
  put("test_shop.py", emit::seal(text, "#", "1") + "# mine\n");
  EXPECT_TRUE(read().empty());
  put("test_shop_testgen.py", emit::seal(text, "#", "1"));
  EXPECT_EQ(read().size(), 1U);
}

}  // namespace
}  // namespace testgen::pipeline
