#include "analysis/queries.h"

#include <algorithm>

#include "support/python_text.h"

namespace testgen::analysis {
namespace {

Index first(const SyntaxTree& tree, Kind kind) {
  for (Index i = 0; i < tree.size(); ++i) {
    if (tree[i].kind == kind) return i;
  }
  ADD_FAILURE() << "no such node";
  return 0;
}

std::vector<std::string> texts(const SyntaxTree& tree, const std::vector<Index>& nodes) {
  std::vector<std::string> out;
  for (const Index node : nodes) out.emplace_back(tree.text(node));
  return out;
}

TEST(Owners, NestedDefinitionsBelongToTheOutermostFunction) {
  const SyntaxTree tree = parsed(
      "class A:\n"
      "  class B:\n"
      "    def m(self):\n"
      "      def inner():\n"
      "        x1\n"
      "      class C:\n"
      "        def n(self): x2\n"
      "    x3\n"
      "x4\n");
  Owners owners(tree);
  std::vector<std::string> seen;
  for (Index i = 0; i < tree.size(); ++i) {
    owners.advance(i);
    if (tree[i].kind == Kind::Identifier && tree.text(i)[0] == 'x') {
      seen.push_back(owners.function() + "|" + owners.class_name());
    }
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"A.B.m|A.B", "A.B.m|A.B", "|A.B", "|"}));
}

TEST(Queries, PositionalArgumentsEndAtTheFirstSplatOrKeyword) {
  const SyntaxTree tree = parsed("f(a, (b), *c, d)\n");
  EXPECT_EQ(texts(tree, call_arguments(tree, first(tree, Kind::Call))),
            (std::vector<std::string>{"a", "(b)"}));
  const SyntaxTree generator = parsed("f(x for x in y)\n");
  EXPECT_TRUE(call_arguments(generator, first(generator, Kind::Call)).empty());
}

TEST(Queries, BooleanOperandsGoThroughNotAndParentheses) {
  const auto operands = [](std::string_view condition) {
    const SyntaxTree tree = parsed("if " + std::string(condition) + ": pass\n");
    const Index statement = first(tree, Kind::IfStatement);
    return texts(tree, boolean_operands(tree, tree.child(statement, Field::Condition)));
  };
  EXPECT_EQ(operands("a and (b or not c)"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(operands("not (a < b)"), std::vector<std::string>{});
  EXPECT_EQ(operands("a or (yield)"), (std::vector<std::string>{"a", "(yield)"}));
}

TEST(Queries, ConstantsAreThoseThatNeverChange) {
  const auto constant = [](std::string_view condition) {
    const SyntaxTree tree = parsed("while " + std::string(condition) + ": pass\n");
    const Index node = tree.child(first(tree, Kind::WhileStatement), Field::Condition);
    return (is_constant(tree, node) ? 1 : 0) + (is_true_constant(tree, node) ? 2 : 0);
  };
  EXPECT_EQ(constant("True"), 3);
  EXPECT_EQ(constant("(1)"), 3);
  EXPECT_EQ(constant("0"), 1);
  EXPECT_EQ(constant("None"), 1);
  EXPECT_EQ(constant("__debug__"), 1);
  EXPECT_EQ(constant("x"), 0);
  EXPECT_EQ(constant("f'{x}'"), 0);
}

TEST(Queries, TheFirstContextManagerIsTakenOnlyWhenItIsClear) {
  const auto manager = [](std::string_view text) -> std::string {
    const SyntaxTree tree = parsed(text);
    const Index node = first_context_manager(tree, first(tree, Kind::WithStatement));
    return node == kNoNode ? "-" : std::string(tree.text(node));
  };
  EXPECT_EQ(manager("with open(x) as f, g: pass\n"), "open(x)");
  EXPECT_EQ(manager("with (open(x) as f, g): pass\n"), "open(x)");
  EXPECT_EQ(manager("with (a): pass\n"), "(a)");
  EXPECT_EQ(manager("with (a, b) as c: pass\n"), "-");
}

TEST(Queries, CaseLiteralsComeFromPatternsOnly) {
  const SyntaxTree tree = parsed(
      "match x:\n"
      "  case 'a' | 2: f(3)\n"
      "  case [b'c', {'k': v}] if v == 9: pass\n"
      "  case _: pass\n");
  EXPECT_EQ(case_literals(tree, first(tree, Kind::MatchStatement)), "'a'\n2\nb'c'\n'k'");
}

}  // namespace
}  // namespace testgen::analysis
