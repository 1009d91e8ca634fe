#include "engine/traced/trace_report.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/explorer/project_fixtures.h"
#include "engine/explorer/traced_calls.h"
#include "unit/engine/small_universe.h"

namespace testgen::engine {
namespace {

class TraceReport : public ::testing::Test {
 protected:
  TraceReport() : module_(small_module()) {
    std::uint32_t line = 1;
    for (auto& function : module_.functions) {
      function.first_line = line;
      function.last_line = line + 5;
      line += 10;
    }
    universe_ = small_universe(module_);
  }

  std::vector<std::string> programs(std::string_view report) {
    const auto calls = read_trace_report(report, module_).calls;
    learn_traced_calls(universe_, module_, calls);
    std::vector<std::string> out;
    for (const TestProgram& program : programs_of_traced_calls(universe_, module_, calls)) {
      out.push_back(render_program(program, universe_).source());
    }
    return out;
  }

  const ParameterInfo& amount() {
    return universe_.callables[universe_.find("price")].parameters.at(0);
  }

  model::ModuleModel module_;
  Universe universe_;
};

TEST_F(TraceReport, ACallOfATestIsRepeated) {
  const auto all = programs(
      R"json({"line": 1, "name": "price", "receiver": null, "arguments": [["amount", "7", "builtins.int"], ["currency", "'EUR'", "builtins.str"]], "starred": [], "keywords": [], "before": []}
)json");
  EXPECT_EQ(all, std::vector<std::string>{"result = shop.price(7)"}) << "the default goes unsaid";
  ASSERT_EQ(amount().seen.size(), 1u);
  EXPECT_EQ(amount().seen[0], Value::integer(7));
}

TEST_F(TraceReport, AnObjectIsMadeAndUsedAsTheTestDid) {
  const auto all = programs(
      R"json({"line": 21, "name": "__init__", "receiver": "Cart", "arguments": [["owner", "'me'", "builtins.str"]], "before": []}
{"line": 31, "name": "add", "receiver": "shop.Cart(owner='me')", "arguments": [["item", "'a'", "builtins.str"]], "before": [0]}
{"line": 41, "name": "__len__", "receiver": "shop.Cart(owner='me')", "arguments": [], "before": [1]}
)json");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0], "cart = shop.Cart(\"me\")");
  EXPECT_EQ(all[2], "cart = shop.Cart(\"me\")\ncart.add(\"a\")\nresult = len(cart)");
}

TEST_F(TraceReport, TypesCountWhereValuesCannotBeWritten) {
  const double before = amount().weights[static_cast<std::size_t>(TypeTag::Instance)];
  const auto all = programs(
      R"json({"line": 1, "name": "price", "receiver": null, "arguments": [["amount", null, "shop.Cart"]]}
)json");
  EXPECT_TRUE(all.empty());
  EXPECT_GT(amount().weights[static_cast<std::size_t>(TypeTag::Instance)], before);
  EXPECT_EQ(amount().class_names, std::vector<std::string>{"Cart"});
}

TEST_F(TraceReport, DecoratorsStandAboveTheirFunction) {
  EXPECT_EQ(read_trace_report("{\"line\": 29, \"name\": \"add\"}\n", module_).calls.size(), 1u);
  EXPECT_TRUE(read_trace_report("{\"line\": 32, \"name\": \"add\"}\n", module_).calls.empty());
}

TEST_F(TraceReport, LiesAndRubbishArePassedOver) {
  const auto calls =
      read_trace_report(
          "not json\n[]\n{\"line\": -1, \"name\": \"price\"}\n{\"line\": 1, \"name\": 5}\n"
          "{\"line\": 1, \"name\": \"price\", \"arguments\": [[\"a b\", \"1\", \"x\"]]}\n"
          "{\"line\": 1, \"name\": \"price\", \"before\": [99, -1, \"x\"]}\n"
          "{\"line\": 1, \"name\": \"price\", \"arguments\": [[\"amount\", \"1\\n2\", \"x\"]]}\n"
          "{\"line\": 1, \"name\": \"price\", \"arg",
          module_)
          .calls;
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_TRUE(calls[0].before.empty());
  EXPECT_FALSE(calls[1].arguments[0].source) << "a source is one line";
}

TEST_F(TraceReport, WhatAFixtureGaveIsAskedForAgain) {
  const char* report =
      R"json({"fixture": "full_cart", "conftest": "/p/tests/conftest.py", "type": "shop.Cart"}
{"fixture": "rate", "conftest": "/p/tests/conftest.py", "type": "shop.Rate"}
{"line": 31, "name": "add", "receiver": null, "receiver_fixture": "full_cart", "arguments": [["item", null, "shop.Rate", "rate"]], "before": []}
{"line": 41, "name": "__len__", "receiver": null, "receiver_fixture": "full_cart", "arguments": [], "before": [2]}
)json";
  EXPECT_TRUE(programs(report).empty()) << "nobody offers it";
  const auto traced = read_trace_report(report, module_);
  ASSERT_EQ(traced.fixtures.size(), 2u);
  EXPECT_EQ(traced.fixtures[0].conftest, "/p/tests/conftest.py");
  offer_fixtures(universe_, traced.fixtures);
  EXPECT_EQ(programs(report),
            (std::vector<std::string>{"result = full_cart.add(rate)",
                                      "full_cart.add(rate)\nresult = len(full_cart)"}));
}

TEST_F(TraceReport, OnlyWhatTheModuleHasIsCalled) {
  const auto all = programs(
      R"json({"line": 1, "name": "price", "arguments": [["amount", "shop.os.system('x')", "x.y"]]}
{"line": 1, "name": "price", "arguments": [["amount", "__import__('os')", "x.y"]]}
)json");
  EXPECT_TRUE(all.empty());
  EXPECT_TRUE(amount().seen.empty());
}

}  // namespace
}  // namespace testgen::engine
