// What a test is shrunk to.
#include "engine/explorer/suite.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "small_universe.h"

namespace testgen::engine {
namespace {

class SuiteTest : public ::testing::Test {
 protected:
  // The sources of the smaller variants of a call with that argument.
  std::vector<std::string> smaller(const std::string& name, Value argument) {
    return sources(name, std::move(argument), smaller_variants);
  }

  template <class Variants>
  std::vector<std::string> sources(const std::string& name, Value argument,
                                   const Variants& variants) {
    TestProgram program;
    Statement call;
    call.kind = Statement::Kind::Call;
    const auto found =
        std::find_if(universe_.callables.begin(), universe_.callables.end(),
                     [&](const Callable& callable) { return callable.name == name; });
    call.callable = static_cast<std::size_t>(found - universe_.callables.begin());
    call.arguments = {std::move(argument)};
    program.statements = {std::move(call)};
    std::vector<std::string> out;
    for (const TestProgram& variant : variants(program, universe_)) {
      out.push_back(render_program(variant, universe_).source());
    }
    return out;
  }

  static bool holds(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  }

  model::ModuleModel module_ = small_module();
  Universe universe_ = small_universe(module_);
};

TEST_F(SuiteTest, AFunctionGivesWayToSomethingPlain) {
  const auto variants = smaller("price", Value::name("lambda x: -x"));
  EXPECT_TRUE(holds(variants, "result = shop.price(1)")) << testing::PrintToString(variants);
}

TEST_F(SuiteTest, WhatReadsAsIfItMeantSomethingGivesWayToo) {
  const auto odd = sources("price", Value::container(ValueKind::Set, {}), plainer_variants);
  EXPECT_TRUE(holds(odd, "result = shop.price(1)")) << testing::PrintToString(odd);
  const auto object =
      sources("price", Value::call("shop.Cart", {Value::string("me")}), plainer_variants);
  EXPECT_TRUE(holds(object, "result = shop.price(1)")) << testing::PrintToString(object);
  const auto number = sources("price", Value::integer(7), plainer_variants);
  EXPECT_FALSE(holds(number, "result = shop.price(\"a\")")) << "a number stays one";
}

TEST_F(SuiteTest, AMemberOfTheModuleStays) {
  const auto variants = smaller("price", Value::name("shop.Currency.EUR"));
  EXPECT_FALSE(holds(variants, "result = shop.price(1)")) << testing::PrintToString(variants);
}

TEST_F(SuiteTest, ATextLosesWhatItDoesNotNeed) {
  const auto variants = smaller("price", Value::string("abc"));
  EXPECT_TRUE(holds(variants, "result = shop.price(\"ab\")")) << testing::PrintToString(variants);
}

}  // namespace
}  // namespace testgen::engine
