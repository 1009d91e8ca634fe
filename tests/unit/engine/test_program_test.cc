#include "engine/explorer/test_program.h"

#include <gtest/gtest.h>

#include "unit/engine/small_universe.h"

namespace testgen::engine {
namespace {

class TestProgramTest : public ::testing::Test {
 protected:
  Statement call(const char* name, std::vector<Value> arguments = {},
                 std::size_t receiver = Statement::npos) {
    Statement statement;
    statement.callable = universe_.find(name);
    EXPECT_NE(statement.callable, Universe::npos) << name;
    statement.arguments = std::move(arguments);
    statement.receiver = receiver;
    return statement;
  }

  model::ModuleModel module_ = small_module();
  Universe universe_ = small_universe(module_);
};

TEST_F(TestProgramTest, AFunctionCallNamesItsResult) {
  TestProgram program{{call("price", {Value::integer(3)})}};
  program.statements[0].keywords.emplace_back("currency", Value::string("USD"));
  const auto rendered = render_program(program, universe_);
  EXPECT_EQ(rendered.source(), "result = shop.price(3, currency=\"USD\")");
  EXPECT_EQ(rendered.watch, std::vector<std::string>{"result"});
}

TEST_F(TestProgramTest, ASweepCallsWithEachValueInTurn) {
  TestProgram program{{call("price", {Value::name("amount")})}};
  program.statements[0].sweep = {Value::integer(1), Value::integer(2)};
  EXPECT_EQ(render_program(program, universe_).source(),
            "result = [shop.price(amount) for amount in [1, 2]]");
}

TEST_F(TestProgramTest, ObjectsAreNamedForTheirClass) {
  TestProgram program;
  program.statements.push_back(call("Cart.__init__", {Value::string("ann")}));
  program.statements.push_back(call("Cart.add", {Value::string("pen")}, 0));
  program.statements.push_back(call("Cart.__len__", {}, 0));
  const auto rendered = render_program(program, universe_);
  EXPECT_EQ(rendered.source(),
            "cart = shop.Cart(\"ann\")\n"
            "cart.add(\"pen\")\n"
            "result = len(cart)");
  EXPECT_EQ(rendered.watch, (std::vector<std::string>{"result", "cart"}));
}

TEST_F(TestProgramTest, WhatACallCanChangeGetsTheNameOfItsParameter) {
  TestProgram program{{call("price", {Value::container(ValueKind::List, {Value::integer(3)})})}};
  program.statements[0].keywords.emplace_back("currency", Value::call("io.StringIO", {}));
  EXPECT_EQ(render_program(program, universe_).source(),
            "result = shop.price([3], currency=io.StringIO())");
  program = with_named_arguments(program);
  const auto rendered = render_program(program, universe_);
  EXPECT_EQ(rendered.source(),
            "amount = [3]\n"
            "currency = io.StringIO()\n"
            "result = shop.price(amount, currency=currency)");
  EXPECT_EQ(rendered.watch, (std::vector<std::string>{"result", "amount", "currency"}));
  program.named_arguments = rendered.arguments[1].bit;
  EXPECT_EQ(render_program(program, universe_).source(),
            "currency = io.StringIO()\n"
            "result = shop.price([3], currency=currency)");
}

TEST_F(TestProgramTest, WhatNothingCanChangeStaysInTheCall) {
  const TestProgram program = with_named_arguments({{call("price", {Value::string("3")})}});
  EXPECT_EQ(render_program(program, universe_).source(), "result = shop.price(\"3\")");
}

TEST_F(TestProgramTest, NamesOfArgumentsHideNothing) {
  TestProgram program{{call("price")}};
  for (const char* name : {"input", "io", "shop"}) {
    program.statements[0].keywords.emplace_back(name, Value::container(ValueKind::Dict, {}));
  }
  EXPECT_EQ(render_program(with_named_arguments(program), universe_).source(),
            "given_input = {}\n"
            "given_io = {}\n"
            "given_shop = {}\n"
            "result = shop.price(input=given_input, io=given_io, shop=given_shop)");
}

TEST_F(TestProgramTest, GeneratorsAreRunToTheEnd) {
  EXPECT_EQ(render_program({{call("listing")}}, universe_).source(),
            "result = list(shop.listing())");
}

TEST_F(TestProgramTest, AttributesAreWrittenAndPropertiesRead) {
  TestProgram program;
  program.statements.push_back(call("Cart.__init__", {Value::none()}));
  Statement write = call("Cart.__init__", {}, 0);
  write.kind = Statement::Kind::SetAttribute;
  write.attribute = "discount";
  write.value = Value::floating(0.5);
  program.statements.push_back(write);
  program.statements.push_back(call("Cart.total", {}, 0));
  EXPECT_EQ(render_program(program, universe_).source(),
            "cart = shop.Cart(None)\ncart.discount = 0.5\nresult = cart.total");
}

TEST_F(TestProgramTest, AnArrangementTellsWhatItNeeds) {
  TestProgram program;
  Statement variable = call("price", {Value::string("EUR")});
  variable.kind = Statement::Kind::Arrange;
  variable.source = "monkeypatch.setenv(\"SHOP_CURRENCY\", ";
  Statement stub = call("price");
  stub.kind = Statement::Kind::Arrange;
  stub.source = "shop.rates = rates_of(database)";
  stub.definitions = {"def rates_of(database):\n    return {}"};
  stub.fixtures = {"database"};
  stub.stub = "shop.rates";
  program.statements = {variable, stub, call("price", {Value::name("tmp_path / \"a\"")})};
  const auto rendered = render_program(program, universe_);
  EXPECT_EQ(rendered.source(),
            "monkeypatch.setenv(\"SHOP_CURRENCY\", \"EUR\")\n"
            "shop.rates = rates_of(database)\n"
            "result = shop.price(tmp_path / \"a\")");
  EXPECT_EQ(rendered.fixtures, (std::vector<std::string>{"database", "monkeypatch", "tmp_path"}));
  EXPECT_EQ(rendered.definitions, stub.definitions);
  EXPECT_EQ(rendered.candidate().stubs, std::vector<std::string>{"shop.rates"});
}

TEST_F(TestProgramTest, FixturesAreWholeWords) {
  EXPECT_TRUE(fixtures_named("my_tmp_path_factory / capsys2").empty());
  EXPECT_EQ(fixtures_named("f(tmp_path)"), std::vector<std::string>{"tmp_path"});
}

TEST_F(TestProgramTest, ErasingKeepsReceiversRight) {
  TestProgram program;
  program.statements.push_back(call("price", {Value::integer(1)}));
  program.statements.push_back(call("Cart.__init__", {Value::none()}));
  program.statements.push_back(call("Cart.add", {Value::none()}, 1));
  EXPECT_FALSE(erase_statement(program, 1)) << "the object is still needed";
  EXPECT_FALSE(erase_statement(program, 2)) << "the act stays";
  ASSERT_TRUE(erase_statement(program, 0));
  EXPECT_EQ(program.statements.back().receiver, 0U);
  EXPECT_EQ(render_program(program, universe_).lines.back(), "result = cart.add(None)");
}

}  // namespace
}  // namespace testgen::engine
