#include "emit/report_read.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "emit/report_json.h"

namespace testgen::emit {
namespace {

model::ModuleReport full_report() {
  model::ModuleReport report;
  report.source_path = "shop/cart.py";
  report.module_name = "shop.cart";
  report.language = "python";
  report.interpreter = "/usr/bin/python3";
  report.source_bytes = 10;
  report.functions_total = 3;
  report.functions_tested = 2;
  report.tests_kept = 5;
  report.tests_dropped = 1;
  report.executions = 100;
  report.coverage = model::Coverage{.tool = "coverage 7",
                                    .lines_total = 9,
                                    .lines_covered = 8,
                                    .branches_total = 4,
                                    .branches_covered = 3};
  report.mutation = model::MutationScore{
      .mutants_total = 9, .mutants_run = 8, .killed = 7, .survivors = {"line 2: < became <="}};
  report.quality = 0.75;
  report.elapsed = std::chrono::milliseconds(1500);
  report.tests = {{"test_a", "total"}};
  report.tests_standing = 1;
  report.retired = {{"old", 2, model::RetiredTests::Reason::Stale}};
  report.omissions = {{"f", "needs a network"}};
  report.suspicions = {{"g", "TypeError: x", "g(1)"}};
  report.model_use = model::ModelUse{.provider = "ollama",
                                     .model = "m",
                                     .proposed = 4,
                                     .kept = 2,
                                     .observed = 1,
                                     .tokens = 900,
                                     .dollars = 0.5};
  report.error = base::Error{base::ErrorCode::Environment, "no python", "install it"};
  return report;
}

TEST(ReportReadTest, GivesBackWhatWasWritten) {
  const std::string text = module_json(full_report());
  const auto again = read_module(nlohmann::json::parse(text));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(module_json(*again), text);
}

TEST(ReportReadTest, ReadsTheLinesThatAServiceAdds) {
  auto document = nlohmann::json::parse(module_json(full_report()));
  document["coverage"]["covered_lines"] = {1, 2};
  document["coverage"]["missed_lines"] = {3};
  document["coverage"]["branches"] = {{2, -1, true}};
  document["something_new"] = 1;
  const auto report = read_module(document);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->coverage->covered_lines, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(report->coverage->branches, (std::vector<model::BranchOutcome>{{2, -1, true}}));
}

TEST(ReportReadTest, RefusesWhatIsMissingOrOfAnotherKind) {
  const auto whole = nlohmann::json::parse(module_json(full_report()));
  for (const auto& [name, value] : whole.items()) {
    if (name == "files") continue;  // travels beside it
    auto without = whole;
    without.erase(name);
    EXPECT_FALSE(read_module(without)) << name;
    auto other = whole;
    other[name] = nlohmann::json::array({nlohmann::json::array()});
    EXPECT_FALSE(read_module(other)) << name;
  }
  EXPECT_FALSE(read_module(nlohmann::json::array()));
}

}  // namespace
}  // namespace testgen::emit
