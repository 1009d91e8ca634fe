#include "engine/explorer/naming.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/explorer/naming_facts.h"
#include "unit/engine/small_universe.h"

namespace testgen::engine {
namespace {

class Naming : public ::testing::Test {
 protected:
  void add(std::vector<Value> arguments, std::string literal,
           std::vector<std::pair<std::string, Value>> keywords = {},
           std::vector<std::uint32_t> goals = {}) {
    Statement act;
    act.callable = universe_.find("price");
    act.arguments = std::move(arguments);
    act.keywords = std::move(keywords);
    model::TestCase test;
    test.result_name = "result";
    test.assertions = {{"result", std::move(literal)}};
    test.goals = std::move(goals);
    programs_.push_back({{act}});
    tests_.push_back(std::move(test));
  }

  std::vector<std::string> names() {
    std::vector<Nameless> all;
    for (std::size_t i = 0; i < tests_.size(); ++i) all.push_back({&programs_[i], &tests_[i]});
    return name_tests(all, universe_, module_);
  }

  model::ModuleModel module_ = small_module();
  Universe universe_ = small_universe(module_);
  std::vector<TestProgram> programs_;
  std::vector<model::TestCase> tests_;
};

using Names = std::vector<std::string>;

TEST_F(Naming, SaysTheConditionAndTheOutcome) {
  add({Value::integer(0)}, "\"\"");
  add({Value::integer(7)}, "[1]");
  add({Value::integer(-1), Value::string("USD")}, "True");
  EXPECT_EQ(names(),
            (Names{"test_price_when_amount_is_zero_returns_empty_string", "test_price_returns_list",
                   "test_price_when_amount_is_negative_returns_true"}));
}

TEST_F(Naming, AShortWordThatIsReturnedIsSaid) {
  add({Value::integer(7)}, "\"pass\"");
  add({Value::integer(7)}, "\"no, thanks\"");
  EXPECT_EQ(names(), (Names{"test_price_returns_pass", "test_price_returns_string"}));
}

TEST_F(Naming, SiblingsAreToldApartByWhatDiffers) {
  add({Value::integer(7)}, "1");
  add({Value::integer(8)}, "1");
  add({Value::integer(8), Value::string("")}, "1");
  add({Value::integer(8)}, "1", {{"currency", Value::string("USD")}});
  EXPECT_EQ(names(),
            (Names{"test_price_when_amount_is_7_returns_1", "test_price_when_amount_is_8_returns_1",
                   "test_price_when_currency_is_empty_returns_1",
                   "test_price_when_currency_is_usd_returns_1"}));
}

TEST_F(Naming, TheBranchIsSaidWhenTheArgumentsSayNothing) {
  module_.goals[0].condition = "self.amount > limit";
  module_.goals[1].condition = "self.amount > limit";
  add({Value::string("a;b")}, "1", {}, {0});
  add({Value::string("a;c")}, "1", {}, {1});
  add({Value::string("a;d")}, "1", {}, {});
  add({Value::string("a;e")}, "1", {}, {});
  EXPECT_EQ(names(), (Names{"test_price_returns_1", "test_price_unless_amount_over_limit_returns_1",
                            "test_price_returns_1_2", "test_price_returns_1_3"}));
}

TEST_F(Naming, NamesStayShortAndUnique) {
  for (int i = 0; i < 12; ++i) {
    add({Value::integer(5000 + i)}, "1",
        {{"a_very_long_option_name_that_fills_the_line", Value::integer(2000 + i)}});
  }
  const Names all = names();
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
  for (const auto& name : all) EXPECT_LE(name.size(), 80U);
}

TEST_F(Naming, ExceptionsAreNamed) {
  Statement act;
  act.callable = universe_.find("Cart.add");
  const TestProgram program{{act}};
  model::TestCase test;
  test.exception = model::ExpectedException{"OutOfStockError", "shop", "", true};
  EXPECT_EQ(name_tests({{&program, &test}}, universe_, module_),
            Names{"test_cart_add_raises_out_of_stock_error"});
}

TEST(BranchWords, ReadLikeWords) {
  const auto words = [](const char* condition, model::GoalKind kind) {
    return branch_words({.kind = kind, .condition = condition});
  };
  EXPECT_EQ(words("not text", model::GoalKind::BranchTrue), "unless_text");
  EXPECT_EQ(words("width <= 0", model::GoalKind::BranchTrue), "when_width_at_most_0");
  EXPECT_EQ(words("x == y", model::GoalKind::BranchFalse), "unless_x_equals_y");
  EXPECT_EQ(words("name == \"x\"", model::GoalKind::BranchTrue), "");
  EXPECT_EQ(words("a and b and c and d and e and f and g and h", model::GoalKind::BranchTrue), "");
  EXPECT_EQ(words("x", model::GoalKind::LoopEntered), "");
}

}  // namespace
}  // namespace testgen::engine
