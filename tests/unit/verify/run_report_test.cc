#include "verify/run_report.h"

#include <gtest/gtest.h>

#include "verify/verdicts.h"

namespace testgen::verify {
namespace {

RunReport read(const std::vector<std::string>& lines) {
  RunReport report;
  for (const auto& line : lines) read_reply(line, report);
  return report;
}

TEST(RunReport, ReadsWhatARunTells) {
  const auto report =
      read({R"({"start": "test_a"})",
            R"({"test": "test_a", "outcome": "passed", "seconds": 0.25, "moved": [1],
                                "problem": "`assert x` did not hold"})",
            R"({"start": "test_b"})", R"({"ended": "signal 9", "detail": "boom"})"});
  EXPECT_TRUE(report.over());
  EXPECT_FALSE(report.finished);
  EXPECT_EQ(report.ended, "signal 9");
  EXPECT_EQ(report.problem, "boom");
  EXPECT_EQ(report.last_started, "test_b");
  EXPECT_EQ(report.begun, (std::vector<std::string>{"test_a", "test_b"}));
  ASSERT_TRUE(report.items.contains("test_a"));
  EXPECT_TRUE(report.items.at("test_a").passed);
  EXPECT_EQ(report.items.at("test_a").moved, std::vector<std::size_t>{1});
}

TEST(RunReport, ATestThatEndedIsNotBlamed) {
  EXPECT_EQ(read({R"({"start": "a"})", R"({"test": "a", "outcome": "failed"})"}).last_started, "");
}

TEST(RunReport, PassesOverWhatItDoesNotKnow) {
  const auto report =
      read({"", "not json", "[1]", "7", R"({"test": 5, "moved": [-1, "x", 1e99]})",
            R"({"start": ["a"]})", R"({"coverage": {"totals": "many"}})", R"({"ended": {}})"});
  EXPECT_TRUE(report.over());
  EXPECT_EQ(report.ended, "unknown");
  EXPECT_FALSE(report.coverage);
  ASSERT_TRUE(report.items.contains(""));
  EXPECT_FALSE(report.items.at("").passed);
  EXPECT_TRUE(report.items.at("").moved.empty());
}

TEST(RunReport, CoverageNamesTheToolThatMeasured) {
  const auto own = read({R"({"coverage": {"tool": "testgen",
      "totals": {"num_statements": 4, "covered_lines": 3}}})"});
  ASSERT_TRUE(own.coverage);
  EXPECT_EQ(own.coverage->tool, "testgen");
  EXPECT_EQ(own.coverage->lines_covered, 3U);
}

class VerdictsTest : public ::testing::Test {
 protected:
  static model::TestCase test(const char* name, std::size_t assertions) {
    model::TestCase out;
    out.name = name;
    for (std::size_t i = 0; i < assertions; ++i) {
      out.assertions.push_back({"x" + std::to_string(i), "1"});
    }
    return out;
  }
  std::vector<model::Omission> dropped_;
};

TEST_F(VerdictsTest, OnlyTheAssertionThatMovedGoes) {
  std::vector<model::TestCase> tests{test("a", 3), test("b", 1)};
  const Verdicts verdicts{{0, {true, {0, 2}, "moved"}}, {1, {true, {}, ""}}};
  EXPECT_EQ(keep_passed(verdicts, "", tests, dropped_), 2U);
  ASSERT_EQ(tests.size(), 2U);
  ASSERT_EQ(tests[0].assertions.size(), 1U);
  EXPECT_EQ(tests[0].assertions[0].expression, "x1");
  EXPECT_TRUE(dropped_.empty());
}

TEST_F(VerdictsTest, ATestLeftWithoutAssertionsGoes) {
  std::vector<model::TestCase> tests{test("a", 1), test("b", 1), test("c", 0)};
  const Verdicts verdicts{
      {0, {true, {0}, "first line\nsecond"}}, {1, {true, {7}, ""}}, {2, {true, {}, ""}}};
  EXPECT_EQ(keep_passed(verdicts, "", tests, dropped_), 0U);
  ASSERT_EQ(tests.size(), 1U);
  EXPECT_EQ(tests[0].name, "c");
  ASSERT_EQ(dropped_.size(), 2U);
  EXPECT_EQ(dropped_[0].reason, "did not pass again in a fresh process: first line");
}

TEST_F(VerdictsTest, WhatWasNotRunGoesWithTheReasonGiven) {
  std::vector<model::TestCase> tests{test("a", 1)};
  keep_passed({}, "no time", tests, dropped_);
  EXPECT_TRUE(tests.empty());
  EXPECT_EQ(dropped_.at(0).reason, "no time");
}

TEST_F(VerdictsTest, AnItemThatCasesShareSpeaksForAll) {
  RunReport report;
  report.items["t[a]"] = {true, 0.0, {}, ""};
  report.items["shared"] = {false, 0.0, {}, "broken"};
  report.items["invented"] = {true, 0.0, {}, ""};
  Verdicts verdicts;
  add_verdicts(report, {"", {{"t[a]", {0}}, {"shared", {1, 2}}, {"never run", {3}}}}, verdicts);
  EXPECT_TRUE(verdicts.at(0).passed);
  EXPECT_FALSE(verdicts.at(1).passed);
  EXPECT_EQ(verdicts.at(2).problem, "broken");
  EXPECT_FALSE(verdicts.contains(3));
}

}  // namespace
}  // namespace testgen::verify
