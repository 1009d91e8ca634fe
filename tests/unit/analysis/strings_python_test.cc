#include "analysis/strings_python.h"

#include "support/python_text.h"

namespace testgen::analysis {
namespace {

using Names = std::vector<std::string>;

std::string value(const std::string& literal) {
  const SyntaxTree tree = parsed("x = " + literal + "\n");
  for (Index i = 0; i < tree.size(); ++i) {
    if (tree[i].kind == Kind::String || tree[i].kind == Kind::ConcatenatedString) {
      return string_value(tree, i).value_or("(none)");
    }
  }
  return "(no string)";
}

TEST(StringValue, DecodesEscapes) {
  EXPECT_EQ(value(R"('a\n\t\'\x41\u00e9\U0001F600\101\q')"), "a\n\t'Aé😀A\\q");
  EXPECT_EQ(value("'a\\\nb'"), "ab");
  EXPECT_EQ(value(R"('\N{BULLET}')"), "\\N{BULLET}");
  EXPECT_EQ(value(R"('\ud800')"), "\xEF\xBF\xBD");
}

TEST(StringValue, KnowsPrefixesQuotesAndConcatenation) {
  EXPECT_EQ(value(R"(r'\n')"), "\\n");
  EXPECT_EQ(value("'''a\n'b'\n'''"), "a\n'b'\n");
  EXPECT_EQ(value("('a' \"b\"\n  r'\\c')"), "ab\\c");
  EXPECT_EQ(value("''"), "");
  EXPECT_EQ(value("b'x'"), "(none)");
  EXPECT_EQ(value("f'{x}'"), "(none)");
  EXPECT_EQ(value("'a' f'b'"), "(none)");
}

TEST(Docstring, IsTheFirstPlainString) {
  const auto docstring = [](std::string_view body) {
    return analyzed("def f():\n" + std::string(body) + "\n").functions.at(0).docstring;
  };
  EXPECT_EQ(docstring("    'x\\ty'"), "x\ty");
  EXPECT_EQ(docstring("    # comment\n    'x'\n    return 1"), "x");
  EXPECT_EQ(docstring("    ('x' 'y')"), "xy");
  EXPECT_EQ(docstring("    f'x'"), "");
  EXPECT_EQ(docstring("    b'x'"), "");
  EXPECT_EQ(docstring("    1\n    'x'"), "");
}

TEST(DocumentedRaises, SphinxStyle) {
  EXPECT_EQ(documented_raises("Text.\n\n:param x: y\n:raises ValueError: if bad\n"
                              ":raise KeyError, a.B: never\n:except `OSError`: x"),
            (Names{"ValueError", "KeyError", "a.B", "OSError"}));
}

TEST(DocumentedRaises, GoogleStyle) {
  EXPECT_EQ(
      documented_raises("Text.\n\n    Args:\n        x: y\n\n    Raises:\n"
                        "        ValueError: If bad\n            and more: text\n"
                        "        json.Error or KeyError: x\n\n    Returns:\n        int: z\n"),
      (Names{"ValueError", "json.Error", "KeyError"}));
}

TEST(DocumentedRaises, NumpyStyle) {
  EXPECT_EQ(documented_raises("Text.\n\nRaises\n------\nValueError\n    If bad.\n"
                              "LinAlgError: x\n    y\n\nSee Also\n--------\nfoo : bar\n"),
            (Names{"ValueError", "LinAlgError"}));
  EXPECT_EQ(documented_raises("Raises\neyebrows"), Names{});
}

TEST(Doctests, KeepContinuationsAndIndentation) {
  EXPECT_EQ(doctest_sources("  >>> f(1)\n  2\n  >>> for i in x:\n  ...     g(i)\n  ...\n  3\n"
                            "  ... not a continuation\n>>>h(2)\n>>> \n"),
            (Names{"f(1)", "for i in x:\n    g(i)\n", ""}));
}

}  // namespace
}  // namespace testgen::analysis
