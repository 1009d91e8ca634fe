// Which figures belong to what was asked for.
#include "pipeline/asked.h"

#include <gtest/gtest.h>

#include "model/asked.h"

namespace testgen::pipeline {
namespace {

// price() in lines 3 to 6, Cart with add() in lines 10 to 20.
model::ModuleModel shop() {
  model::ModuleModel module;
  const auto add = [&](const char* name, std::uint32_t first, std::uint32_t last) {
    model::FunctionModel function;
    function.qualified_name = name;
    function.first_line = first;
    function.last_line = last;
    module.functions.push_back(function);
  };
  add("price", 3, 6);
  add("Cart.add", 12, 20);
  model::ClassModel cart;
  cart.name = "Cart";
  cart.first_line = 10;
  cart.last_line = 20;
  module.classes.push_back(cart);
  return module;
}

model::Coverage measured() {
  model::Coverage out;
  out.tool = "coverage.py";
  out.lines_total = 10;
  out.lines_covered = 6;
  out.branches_total = 4;
  out.branches_covered = 1;
  out.covered_lines = {1, 3, 4, 10, 12, 13};
  out.missed_lines = {5, 6, 14, 15};
  out.branches = {{4, 5, false}, {4, 6, false}, {13, 14, false}, {13, 16, true}};
  return out;
}

TEST(Asked, AClassStandsForItsMethods) {
  using model::is_asked;
  EXPECT_TRUE(is_asked("Cart.add", {"Cart"}));
  EXPECT_TRUE(is_asked("Cart.add", {"price", "Cart.add"}));
  EXPECT_FALSE(is_asked("Cartoon.add", {"Cart"}));
  EXPECT_FALSE(is_asked("Cart", {"Cart.add"}));
}

TEST(Asked, WithoutSymbolsEverythingIs) {
  EXPECT_TRUE(model::is_asked("Cart.add", {}));
}

TEST(Asked, CoverageIsThatOfTheFunctionsAskedFor) {
  const auto part = asked_coverage(measured(), shop(), {"Cart.add"});
  EXPECT_EQ(part.covered_lines, (std::vector<std::uint32_t>{12, 13}));
  EXPECT_EQ(part.missed_lines, (std::vector<std::uint32_t>{14, 15}));
  EXPECT_EQ(part.lines_covered, 2U);
  EXPECT_EQ(part.lines_total, 4U);
  EXPECT_EQ(part.branches_covered, 1U);
  EXPECT_EQ(part.branches_total, 2U);
  EXPECT_EQ(asked_coverage(measured(), shop(), {"Cart"}).lines_total, 5U);
}

TEST(Asked, WithoutNamesAllOfItCounts) {
  EXPECT_EQ(asked_coverage(measured(), shop(), {}).lines_total, 10U);
}

TEST(Asked, TotalsStandWhereLinesAreNotTold) {
  model::Coverage totals;
  totals.lines_total = 7;
  totals.lines_covered = 5;
  EXPECT_EQ(asked_coverage(totals, shop(), {"price"}).lines_covered, 5U);
}

}  // namespace
}  // namespace testgen::pipeline
