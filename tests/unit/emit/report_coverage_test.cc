#include "emit/report_coverage.h"

#include <gtest/gtest.h>

namespace testgen::emit {
namespace {

RunReport covered_run() {
  RunReport run;
  run.tool_version = "0.1.0";
  run.modules.resize(2);
  model::ModuleReport& report = run.modules[0].report;
  report.source_path = "src/shop/cart.py";
  report.module_name = "shop.cart";
  report.coverage =
      model::Coverage{.tool = "coverage.py",
                      .lines_total = 5,
                      .lines_covered = 3,
                      .branches_total = 4,
                      .branches_covered = 1,
                      .covered_lines = {1, 2, 3},
                      .missed_lines = {4, 5},
                      .branches = {{2, 3, true}, {2, 4, false}, {4, -1, false}, {4, 5, false}}};
  // Totals without lines: nothing to show.
  run.modules[1].report.coverage = model::Coverage{"coverage.py", 10, 5, 0, 0};
  return run;
}

TEST(ReportLcov, HasLinesAndBranches) {
  EXPECT_EQ(report_lcov(covered_run()),
            "TN:\nSF:src/shop/cart.py\n"
            "DA:1,1\nDA:2,1\nDA:3,1\nDA:4,0\nDA:5,0\n"
            "LF:5\nLH:3\n"
            "BRDA:2,0,0,1\nBRDA:2,0,1,0\nBRDA:4,0,0,-\nBRDA:4,0,1,-\n"
            "BRF:4\nBRH:1\n"
            "end_of_record\n");
  EXPECT_EQ(report_lcov({}), "");
}

TEST(ReportCobertura, HasPackagesClassesLinesAndConditions) {
  const auto made = std::chrono::system_clock::time_point(std::chrono::seconds(1700000000));
  EXPECT_EQ(
      report_cobertura(covered_run(), made),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<coverage version=\"testgen 0.1.0\" timestamp=\"1700000000000\" lines-valid=\"15\" "
      "lines-covered=\"8\" line-rate=\"0.5333\" branches-valid=\"4\" branches-covered=\"1\" "
      "branch-rate=\"0.2500\" complexity=\"0\">\n"
      "  <sources>\n    <source>.</source>\n  </sources>\n  <packages>\n"
      "    <package name=\"shop\" line-rate=\"0.6000\" branch-rate=\"0.2500\" complexity=\"0\">\n"
      "      <classes>\n"
      "        <class name=\"shop.cart\" filename=\"src/shop/cart.py\" line-rate=\"0.6000\" "
      "branch-rate=\"0.2500\" complexity=\"0\">\n"
      "          <methods/>\n          <lines>\n"
      "            <line number=\"1\" hits=\"1\"/>\n"
      "            <line number=\"2\" hits=\"1\" branch=\"true\" condition-coverage=\"50% "
      "(1/2)\"/>\n"
      "            <line number=\"3\" hits=\"1\"/>\n"
      "            <line number=\"4\" hits=\"0\" branch=\"true\" condition-coverage=\"0% "
      "(0/2)\"/>\n"
      "            <line number=\"5\" hits=\"0\"/>\n"
      "          </lines>\n        </class>\n      </classes>\n    </package>\n"
      "  </packages>\n</coverage>\n");
}

}  // namespace
}  // namespace testgen::emit
