#include "engine/explorer/selection.h"

#include <gtest/gtest.h>

#include "unit/engine/small_universe.h"

namespace testgen::engine {
namespace {

class SelectionTest : public ::testing::Test {
 protected:
  PoolTest test(std::vector<std::size_t> kills, bool raises = false) {
    PoolTest out;
    Statement call;
    call.callable = universe_.find("price");
    out.member.program.statements = {call};
    for (const std::size_t mutant : kills) out.kills[mutant] = 1;
    if (raises) out.test.exception = model::ExpectedException{"ValueError", "builtins", "", true};
    return out;
  }

  model::ModuleModel module_ = small_module();
  Universe universe_ = small_universe(module_);
};

TEST_F(SelectionTest, TestsThatOnlyExpectAnErrorAreTheLesserPart) {
  std::vector<PoolTest> pool;
  for (std::size_t i = 0; i < 20; ++i) pool.push_back(test({i}, i < 10));
  const auto chosen = select_tests(pool, universe_, {.tests = 120, .error_share = 0.27});
  const auto errors = std::count_if(chosen.begin(), chosen.end(),
                                    [&](std::size_t i) { return pool[i].test.exception; });
  EXPECT_LE(static_cast<double>(errors), 0.27 * static_cast<double>(chosen.size()));
  EXPECT_GE(errors, 3);
}

TEST_F(SelectionTest, ADozenWordsOfATableAreWorthMoreThanTheMutantsThatWereTried) {
  std::vector<PoolTest> pool{test({1}), test({2}), test({3})};
  for (const char* word : {"man", "foot", "axis", "ox", "die"}) {
    pool[2].member.program.statements.back().sweep.push_back(Value::string(word));
  }
  EXPECT_EQ(select_tests(pool, universe_, {.tests = 1}), (std::vector<std::size_t>{2}));
}

TEST_F(SelectionTest, AModuleOfVeryManyFunctionsMayHaveMoreTests) {
  EXPECT_EQ(limits_for(universe_).tests, 120U);
  Callable callable = universe_.callables[universe_.find("price")];
  callable.wanted = true;
  for (int i = 0; i < 60; ++i) universe_.callables.push_back(callable);
  const std::size_t more = limits_for(universe_).tests;
  EXPECT_GE(more, 150U);
  EXPECT_LT(more, 200U);
  for (int i = 0; i < 400; ++i) universe_.callables.push_back(callable);
  EXPECT_EQ(limits_for(universe_).tests, 200U);
}

TEST_F(SelectionTest, TheErrorsThatNoticeMostOfTheirOwnStay) {
  const std::vector<PoolTest> pool{test({1}), test({2}), test({3}), test({4, 5, 6}, true),
                                   test({3}, true)};
  std::vector<std::size_t> chosen{0, 1, 2, 3, 4};
  limit_errors(pool, 0.25, chosen);
  EXPECT_EQ(chosen, (std::vector<std::size_t>{0, 1, 2, 3}));
}

}  // namespace
}  // namespace testgen::engine
