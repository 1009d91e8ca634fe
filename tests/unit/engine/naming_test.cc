#include "engine/explorer/naming.h"

#include <gtest/gtest.h>

#include "unit/engine/small_universe.h"

namespace testgen::engine {
namespace {

class Naming : public ::testing::Test {
 protected:
  std::string name(std::vector<Value> arguments, std::string literal) {
    Statement act;
    act.callable = universe_.find("price");
    act.arguments = std::move(arguments);
    model::TestCase test;
    test.result_name = "result";
    test.assertions = {{"result", std::move(literal)}};
    return namer_.name({{act}}, test);
  }

  model::ModuleModel module_ = small_module();
  Universe universe_ = small_universe(module_);
  Namer namer_{universe_};
};

TEST_F(Naming, SaysTheConditionAndTheOutcome) {
  EXPECT_EQ(name({Value::integer(0)}, "\"\""),
            "test_price_when_amount_is_zero_returns_empty_string");
  EXPECT_EQ(name({Value::integer(7)}, "[1]"), "test_price_returns_list");
  EXPECT_EQ(name({Value::integer(-1), Value::string("USD")}, "True"),
            "test_price_when_amount_is_negative_returns_true");
}

TEST_F(Naming, AShortWordThatIsReturnedIsSaid) {
  EXPECT_EQ(name({Value::integer(7)}, "\"pass\""), "test_price_returns_pass");
  EXPECT_EQ(name({Value::integer(7)}, "\"no, thanks\""), "test_price_returns_string");
}

TEST_F(Naming, NamesAreUnique) {
  EXPECT_EQ(name({Value::integer(7)}, "1"), "test_price_returns_1");
  EXPECT_EQ(name({Value::integer(8)}, "1"), "test_price_returns_1_2");
  EXPECT_EQ(name({Value::integer(8), Value::string("")}, "1"),
            "test_price_when_currency_is_empty_returns_1");
}

TEST_F(Naming, ExceptionsAreNamed) {
  Statement act;
  act.callable = universe_.find("Cart.add");
  model::TestCase test;
  test.exception = model::ExpectedException{"OutOfStockError", "shop", "", true};
  EXPECT_EQ(namer_.name({{act}}, test), "test_cart_add_raises_out_of_stock_error");
}

}  // namespace
}  // namespace testgen::engine
