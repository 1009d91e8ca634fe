#include "engine/explorer/operand_match.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/engine/small_universe.h"

namespace testgen::engine {
namespace {

class OperandMatch : public ::testing::Test {
 protected:
  std::vector<std::string> follow(Value argument, const char* operation, const char* left,
                                  const char* right, bool outcome = false) {
    Statement statement;
    statement.callable = universe_.find("price");
    statement.arguments = {std::move(argument)};
    base::Random random(1);
    std::vector<std::string> out;
    for (const TestProgram& program : substitute_operands(
             {{statement}}, {{0, left, right, outcome}},
             {{.operation = operation, .line = 1, .function = "price"}}, random, 50)) {
      out.push_back(render(program.statements[0].arguments[0]));
    }
    return out;
  }
  static bool has(const std::vector<std::string>& all, const std::string& wanted) {
    return std::find(all.begin(), all.end(), wanted) != all.end();
  }

  model::ModuleModel module_ = small_module();
  Universe universe_ = small_universe(module_);
};

TEST_F(OperandMatch, EqualitySubstitutesTheOtherOperand) {
  EXPECT_TRUE(has(follow(Value::string("abc"), "==", "'abc'", "'magic'"), "\"magic\""));
}

TEST_F(OperandMatch, ASignThatStandsTwiceIsReplacedAtEither) {
  const auto seen = follow(Value::string("a$a"), "==", "'a'", "'{'");
  EXPECT_TRUE(has(seen, "\"{$a\""));
  EXPECT_TRUE(has(seen, "\"a${\""));
}

TEST_F(OperandMatch, APartIsFoundInWhateverCase) {
  EXPECT_TRUE(has(follow(Value::string("<DIV>"), "==", "'div'", "'script'"), "\"<script>\""));
}

TEST_F(OperandMatch, PredicatesGetTextsOfBothKinds) {
  const auto seen = follow(Value::string("a:b"), "isdigit", "'b'", "None");
  EXPECT_TRUE(has(seen, "\"a:7\""));
  EXPECT_TRUE(has(seen, render(Value::string("a:\u0663")))) << "a digit that is no ASCII";
  EXPECT_TRUE(has(seen, "\"a:x\""));
}

TEST_F(OperandMatch, ClassesOfTheModuleAreMade) {
  Statement statement;
  statement.callable = universe_.find("price");
  statement.arguments = {Value::integer(3)};
  base::Random random(1);
  const auto programs =
      substitute_operands({{statement}}, {{0, "3", "('Cart',)", false}},
                          {{.operation = "isinstance", .line = 1, .function = "price"}}, random, 50,
                          [](const std::string& name) { return Value::call("shop." + name, {}); });
  ASSERT_EQ(programs.size(), 1U);
  EXPECT_EQ(render(programs[0].statements[0].arguments[0]), "shop.Cart()");
}

TEST_F(OperandMatch, APartOfALargerTextIsReplacedInPlace) {
  EXPECT_TRUE(has(follow(Value::string("x=abc;"), "==", "'abc'", "'magic'"), "\"x=magic;\""));
}

TEST_F(OperandMatch, OrderedIntegersAlsoTryTheNeighbours) {
  const auto all = follow(Value::integer(5), "<", "5", "100");
  EXPECT_TRUE(has(all, "100"));
  EXPECT_TRUE(has(all, "101"));
  EXPECT_TRUE(has(all, "99"));
}

TEST_F(OperandMatch, MembershipTriesTheMembers) {
  const auto all = follow(Value::string("zz"), "in", "'zz'", "['red', 'blue']");
  EXPECT_TRUE(has(all, "\"red\""));
  EXPECT_TRUE(has(all, "\"blue\""));
}

TEST_F(OperandMatch, AFailedTypeCheckBringsAValueOfThatType) {
  EXPECT_TRUE(has(follow(Value::integer(5), "isinstance", "5", "['dict']"), "{\"a\": 1}"));
}

TEST_F(OperandMatch, APrefixTestBringsThePrefix) {
  EXPECT_TRUE(has(follow(Value::string("abc"), "startswith", "'abc'", "'http:'"), "\"http:abc\""));
}

TEST_F(OperandMatch, NumbersInsideTextAreFound) {
  EXPECT_TRUE(has(follow(Value::string("v7"), "==", "7", "42"), "\"v42\""));
}

TEST_F(OperandMatch, LengthsAreMatched) {
  EXPECT_TRUE(has(follow(Value::string("ab"), "==", "2", "5"), "\"ababa\""));
}

TEST_F(OperandMatch, HostileTextIsIgnored) {
  EXPECT_TRUE(follow(Value::integer(1), "==", "__import__('os')", "2").empty());
}

}  // namespace
}  // namespace testgen::engine
