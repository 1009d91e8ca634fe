#include "emit/analysis_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace testgen::emit {
namespace {

using Names = std::vector<std::string>;

void add(AnalysisReport& report, const std::string& name, const model::TestRemarks& remarks) {
  model::ModuleReport module;
  module.source_path = "src/" + name + ".py";
  module.module_name = name;
  module.functions_total = 2;
  module.functions_tested = 1;
  module.tests_kept = static_cast<std::uint32_t>(remarks.passing.size());
  module.coverage = model::Coverage{"coverage.py", 10, 5, 4, 1};
  module.mutation.emplace();
  module.mutation->mutants_total = 9;
  module.mutation->mutants_run = 4;
  module.mutation->killed = 3;
  module.mutation->survivors = {"line 2: < became <="};
  module.quality = 0.5;
  report.run.modules.push_back({.report = module});
  report.remarks.push_back(remarks);
}

AnalysisReport example() {
  AnalysisReport report;
  model::TestRemarks cart;
  cart.test_files = {"/p/tests/test_shop.py"};
  cart.passing = {"t::a", "t::b", "t::c"};
  cart.failing = {{"t::bad", "assert 1 == 2\nmore"}};
  cart.without_assertions = {"t::b"};
  cart.killing_nothing = Names{"t::b", "t::c"};
  add(report, "cart", cart);
  model::TestRemarks tax = cart;  // the same tests
  tax.killing_nothing = Names{"t::a", "t::b"};
  add(report, "tax", tax);
  return report;
}

TEST(AnalysisReport, ATestIsIdleWhenItIsForEveryModule) {
  AnalysisReport report = example();
  EXPECT_EQ(idle_tests(report), (Names{"t::b"}));
  report.remarks[1].killing_nothing.reset();  // not known
  EXPECT_EQ(idle_tests(report), Names{});
}

TEST(AnalysisReport, TextCountsAndNamesEachTestOnce) {
  const std::string text = analysis_text(example(), {.width = 100});
  EXPECT_NE(text.find("cart          1/2      3    50%       25%       75%     0.50"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("total         2/4      3    50%       25%       75%     0.50"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("failing, so left out of the figures:\n  t::bad: assert 1 == 2\n\n"),
            std::string::npos)
      << text;
  EXPECT_NE(
      text.find("tests without an assertion:\n  t::b\n\ntests that notice no change:\n  t::b\n"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("  src/cart.py line 2: < became <=\n"), std::string::npos) << text;
}

TEST(AnalysisReport, UntestedEmptyAndFailedModulesAreNamed) {
  AnalysisReport report;
  add(report, "lonely", {});
  add(report, "empty", {});
  report.run.modules[1].report.error = base::Error{base::ErrorCode::NothingToDo, "nothing", ""};
  add(report, "broken", {});
  report.run.modules[2].report.error = base::Error{base::ErrorCode::InvalidInput, "bad\x1b[2J", ""};
  const std::string text = analysis_text(report, {.width = 100});
  EXPECT_NE(text.find("no test imports:\n  src/lonely.py\n"), std::string::npos) << text;
  EXPECT_NE(text.find("nothing to test in:\n  src/empty.py\n"), std::string::npos) << text;
  EXPECT_NE(text.find("could not be judged:\n  src/broken.py: bad"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(AnalysisReport, JsonHoldsTheFigures) {
  const auto json = nlohmann::json::parse(analysis_json(example()));
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["summary"]["tests_passing"], 3);
  EXPECT_EQ(json["summary"]["mutation_ratio"], 0.75);
  EXPECT_EQ(json["idle_tests"], nlohmann::json({"t::b"}));
  const auto& module = json["modules"][0];
  EXPECT_EQ(module["module_name"], "cart");
  EXPECT_EQ(module["mutation"]["survivors"][0], "line 2: < became <=");
  EXPECT_EQ(module["failing"][0]["test"], "t::bad");
  EXPECT_EQ(module["killing_nothing"], nlohmann::json({"t::b", "t::c"}));
  EXPECT_TRUE(module["error"].is_null());
}

}  // namespace
}  // namespace testgen::emit
