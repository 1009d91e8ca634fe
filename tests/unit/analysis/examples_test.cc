#include "analysis/examples.h"

#include "base/strings.h"
#include "support/python_text.h"

namespace testgen::analysis {
namespace {

using Texts = std::vector<std::string>;

// "receiver|callee(arguments, name=value)" for each example.
Texts examples(const std::string& docstring) {
  const auto model = analyzed(
      "'''" + docstring +
      "'''\ndef f(*a, **k): pass\ndef g(): pass\nclass Cart:\n    def __init__(self, n): pass\n"
      "    def total(self, *a): pass\n");
  Texts out;
  for (const auto& example : model.examples) {
    Texts parts = example.arguments;
    for (const auto& [name, value] : example.keywords) parts.push_back(name + "=" + value);
    out.push_back(example.receiver + "|" + example.callee + "(" + base::join(parts, ", ") + ")");
  }
  return out;
}

TEST(Examples, CallsWithPositionalAndKeywordArguments) {
  EXPECT_EQ(examples(">>> f(1, [2, 3], x=-2)\n1\n>>> unknown(3)\n"),
            (Texts{"|f(1, [2, 3], x=-2)"}));
}

TEST(Examples, CallsInsideOtherExpressions) {
  EXPECT_EQ(examples(">>> print(sorted(f(1)))\n>>> f(2) == g()\n"),
            (Texts{"|f(1)", "|f(2)", "|g()"}));
}

TEST(Examples, TheModulesOwnNameIsAPrefix) {
  EXPECT_EQ(examples(">>> cart.f(1)\n>>> other.f(2)\n"), (Texts{"|f(1)"}));
}

TEST(Examples, MethodsComeWithTheirReceiver) {
  EXPECT_EQ(examples(">>> Cart(3).total(1)\n>>> c = Cart(4)\n>>> c.total(2)\n>>> c.missing()\n"),
            (Texts{"Cart(3)|Cart.total(1)", "|Cart(3)", "|Cart(4)", "Cart(4)|Cart.total(2)"}));
}

TEST(Examples, VariablesAreReplacedByTheirValues) {
  EXPECT_EQ(
      examples(">>> data = [1, 2]\n>>> f(data, data[0], x=data)\n>>> data = 3\n>>> f(o.data)\n"),
      (Texts{"|f([1, 2], ([1, 2])[0], x=[1, 2])", "|f(o.data)"}));
}

TEST(Examples, SplatsAndBrokenExamplesAreSkipped) {
  EXPECT_EQ(examples(">>> f(*x)\n>>> f(**x)\n>>> f(((\n>>> f(5)\n"), (Texts{"|f(5)"}));
}

TEST(Examples, ContinuationLinesBelongToTheCall) {
  EXPECT_EQ(examples(">>> f(1,\n...   2)\n3\n"), (Texts{"|f(1, 2)"}));
}

TEST(Examples, DocstringsOfFunctionsAndClassesCount) {
  const auto model = analyzed(
      "def f(x):\n    '''\n    >>> f(1)\n    '''\nclass A:\n    '''\n    >>> A()\n    '''\n");
  ASSERT_EQ(model.examples.size(), 2U);
  EXPECT_EQ(model.examples[0].callee, "A");
  EXPECT_EQ(model.examples[1].callee, "f");
}

TEST(Examples, ValuesThatGrowWithoutEndAreForgotten) {
  std::string text = ">>> a = 'xxxxxxxx'\n";
  for (int i = 0; i < 60; ++i) text += ">>> a = a + a\n";
  EXPECT_EQ(examples(text + ">>> f(7)\n"), (Texts{"|f(7)"}));
}

}  // namespace
}  // namespace testgen::analysis
