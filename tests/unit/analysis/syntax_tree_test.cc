#include "analysis/syntax_tree.h"

#include "support/python_text.h"

namespace testgen::analysis {
namespace {

using base::ErrorCode;

std::string syntax_error(std::string_view text) {
  const auto status = parsed(text).check_syntax();
  return status ? "" : status.error().message;
}

TEST(SyntaxTree, IsInPreorderWithSubtreeRanges) {
  const SyntaxTree tree = parsed("x = f(1)\n");
  EXPECT_EQ(tree[0].kind, Kind::Module);
  EXPECT_EQ(tree[0].end_index, tree.size());
  for (Index i = 1; i < tree.size(); ++i) {
    EXPECT_LT(tree[i].parent, i);
    EXPECT_LE(tree[i].end_index, tree[tree[i].parent].end_index);
    EXPECT_GE(tree[i].start, tree[tree[i].parent].start);
  }
}

TEST(SyntaxTree, GivesChildrenByRole) {
  const SyntaxTree tree = parsed("if a:  # why\n    b\nelse:\n    c\n");
  const Index statement = tree.first_child(0);
  ASSERT_EQ(tree[statement].kind, Kind::IfStatement);
  EXPECT_EQ(tree.text(tree.child(statement, Field::Condition)), "a");
  EXPECT_EQ(tree.text(tree.child(statement, Field::Consequence)), "b");
  EXPECT_EQ(tree.child(statement, Field::Guard), kNoNode);
}

TEST(SyntaxTree, LinesCountFromOne) {
  const SyntaxTree tree = parsed("\n\ndef f():\n    return (1 +\n            2)\n");
  const Index function = tree.first_child(0);
  EXPECT_EQ(tree[function].line, 3U);
  EXPECT_EQ(tree.last_line(function), 5U);
}

TEST(SyntaxTree, ValidFilesPass) {
  for (const char* text : {"", "# only a comment", "x = 1", "print('x')\n", "match = case = 1\n",
                           "async def f():\n    async with a as b: pass\n", "print >= 3\n",
                           "exec('x')\n", "type X = int\n", "try: pass\nexcept* ValueError: pass\n",
                           "if x: a; b\nc; d\n", "\x0cif x:\n    a\n\x0c    b\n",
                           "if x:\n\ta\n\tb\n", "x = \\\n  1\n", "# a\n  # b\nx = 1\n"}) {
    EXPECT_EQ(syntax_error(text), "") << text;
  }
}

TEST(SyntaxTree, ASyntaxErrorNamesLineColumnAndText) {
  EXPECT_EQ(syntax_error("x = 1\ny = = 2\n"), "line 2, column 5: not valid Python: y = = 2");
  EXPECT_NE(syntax_error("def f(:\n    pass\n").find("line 1"), std::string::npos);
  EXPECT_NE(syntax_error("é = (\n").find("line 1"), std::string::npos);
  EXPECT_NE(syntax_error("class\n"), "");
}

TEST(SyntaxTree, WhatTheGrammarLetsPassIsCaught) {
  EXPECT_EQ(syntax_error("def f():\n    if x:\n    return 1\n"),
            "line 2, column 5: an indented block is missing: if x:");
  EXPECT_NE(syntax_error("if x:\n    # only a comment\n").find("block is missing"),
            std::string::npos);
  EXPECT_EQ(syntax_error("def f():\n  a = 1\n   b = 2\n"),
            "line 3, column 4: uneven indentation: b = 2");
  EXPECT_NE(syntax_error("  x = 1\n").find("uneven"), std::string::npos);
  EXPECT_NE(syntax_error("try:\n    x\nprint(2)\n").find("line 1, column 1: try without"),
            std::string::npos);
}

TEST(SyntaxTree, PythonTwoIsCalledByItsName) {
  EXPECT_NE(syntax_error("x = 1\nprint 'hello'\n").find("line 2, column 1: Python 2"),
            std::string::npos);
  EXPECT_NE(syntax_error("exec 'x'\n").find("Python 2"), std::string::npos);
}

TEST(SyntaxTree, LimitsAreErrorsWithAName) {
  const base::SystemClock clock;
  EXPECT_EQ(parse_python("x = 1\n", clock, {.max_bytes = 3}).error().code, ErrorCode::TooLarge);
  const std::string deep = std::string(200, '(') + "1" + std::string(200, ')');
  EXPECT_EQ(parse_python(deep, clock, {.max_depth = 100}).error().code, ErrorCode::InvalidInput);
  EXPECT_TRUE(parse_python(deep, clock, {.max_depth = 1000}));
}

// A clock that is always later than it was.
class RunawayClock final : public base::Clock {
 public:
  [[nodiscard]] base::SteadyTime steady_now() const override {
    now_ += std::chrono::hours(1);
    return now_;
  }
  [[nodiscard]] base::WallTime wall_now() const override { return {}; }

 private:
  mutable base::SteadyTime now_{};
};

TEST(SyntaxTree, ParsingIsGivenUpAtTheDeadline) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "x = f(1, 2)\n";
  EXPECT_EQ(parse_python(text, RunawayClock()).error().code, ErrorCode::Timeout);
}

}  // namespace
}  // namespace testgen::analysis
