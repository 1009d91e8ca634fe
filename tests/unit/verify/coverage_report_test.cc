#include "verify/coverage_report.h"

#include <gtest/gtest.h>

namespace testgen::verify {
namespace {

// As coverage.py 6.5 writes it, for a function with an if and a for.
constexpr std::string_view kReport = R"({
  "meta": {"version": "6.5.0", "branch_coverage": true},
  "files": {"m.py": {"executed_lines": [3, 1, 2], "missing_lines": [4, 5, 6],
    "executed_branches": [[2, 3], [4, -1]], "missing_branches": [[2, 4], [4, 5]]}},
  "totals": {"covered_lines": 3, "num_statements": 6, "num_branches": 4, "covered_branches": 2}})";

TEST(CoverageReport, GivesTotalsLinesAndBranches) {
  const auto coverage = read_coverage(kReport);
  ASSERT_TRUE(coverage);
  EXPECT_EQ(coverage->tool, "coverage.py 6.5.0");
  EXPECT_EQ(coverage->lines_total, 6U);
  EXPECT_EQ(coverage->lines_covered, 3U);
  EXPECT_EQ(coverage->branches_total, 4U);
  EXPECT_EQ(coverage->branches_covered, 2U);
  EXPECT_EQ(coverage->covered_lines, (std::vector<std::uint32_t>{1, 2, 3}));
  EXPECT_EQ(coverage->missed_lines, (std::vector<std::uint32_t>{4, 5, 6}));
  EXPECT_EQ(coverage->branches, (std::vector<model::BranchOutcome>{
                                    {2, 3, true}, {2, 4, false}, {4, -1, true}, {4, 5, false}}));
}

TEST(CoverageReport, ToolsThatTellNoBranchesStillGiveTotals) {
  const auto coverage = read_coverage(
      R"({"files": {"m.py": {"executed_lines": [1]}}, "totals": {"num_statements": 2, "covered_lines": 1}})");
  ASSERT_TRUE(coverage);
  EXPECT_EQ(coverage->lines_total, 2U);
  EXPECT_EQ(coverage->covered_lines, std::vector<std::uint32_t>{1});
  EXPECT_TRUE(coverage->branches.empty());
}

TEST(CoverageReport, LiesAreBounded) {
  const auto coverage = read_coverage(R"({
    "meta": {"version": 7},
    "files": {"m.py": {"executed_lines": [1, 1, -5, 0, 1e30, "x", 99999999999], "missing_lines": [1, 2],
      "executed_branches": [[1, 2], [1], [0, 1], ["a", 2], [1, 2.5], [2, -99999999999]],
      "missing_branches": [[1, 2], 7]}},
    "totals": {"covered_lines": 9, "num_statements": 6, "num_branches": -4, "covered_branches": 2}})");
  ASSERT_TRUE(coverage);
  EXPECT_EQ(coverage->tool, "coverage.py");
  EXPECT_EQ(coverage->lines_covered, 6U);
  EXPECT_EQ(coverage->branches_covered, 0U);
  EXPECT_EQ(coverage->covered_lines, std::vector<std::uint32_t>{1});
  EXPECT_EQ(coverage->missed_lines, std::vector<std::uint32_t>{2});
  // What was taken once was taken, whatever else is said of it.
  EXPECT_EQ(coverage->branches, (std::vector<model::BranchOutcome>{{1, 2, true}, {2, -1, true}}));
}

TEST(CoverageReport, WhatIsNoReportIsNothing) {
  for (const char* text : {"", "[]", "{", "{\"totals\": 3}", "\xff"}) {
    EXPECT_FALSE(read_coverage(text)) << text;
  }
}

}  // namespace
}  // namespace testgen::verify
