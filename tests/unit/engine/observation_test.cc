// What the harness sees of a value, and what of it becomes an assertion.
#include "engine/explorer/observation.h"

#include "engine/explorer/assertions.h"
#include "harness_fixture.h"

namespace testgen::engine {
namespace {

class ObservationTest : public HarnessTest {
 protected:
  // The assertions about the source's variables, as "expression == literal".
  std::vector<std::string> seen(const std::string& module, const std::string& source,
                                std::vector<std::string> watch = {"result"}) {
    auto harness = start(module);
    EXPECT_TRUE(harness) << describe(harness.error());
    if (!harness) return {};
    RenderedProgram program;
    program.lines = {source};
    program.watch = std::move(watch);
    program.has_result = program.watch.front() == "result";
    const auto results = (*harness)->run({program.candidate()}, {.observe = true});
    EXPECT_TRUE(results);
    std::vector<std::string> out;
    if (!results) return out;
    for (const auto& assertion : assertions_of(results->front().facts, program, "target")) {
      out.push_back(assertion.expression + " == " + assertion.literal);
    }
    return out;
  }

  static bool holds(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  }
};

constexpr const char* kOld =
    "import warnings\n"
    "def old(x):\n"
    "    warnings.warn('old() is deprecated', DeprecationWarning, stacklevel=2)\n"
    "    return x\n";

TEST_F(ObservationTest, WarningsAreSeenWithTheirKindAndTheLineTheyBlame) {
  const auto all = seen(kOld, "result = target.old(1)");
  EXPECT_TRUE(
      holds(all, "[str(warning.message) for warning in recwarn] == [\"old() is deprecated\"]"));
  EXPECT_TRUE(
      holds(all, "[warning.category.__name__ for warning in recwarn] == [\"DeprecationWarning\"]"));
  EXPECT_TRUE(holds(all, "recwarn[0].filename == __file__"));
}

TEST_F(ObservationTest, AWarningThatBlamesTheModuleSaysNothingOfTheTest) {
  std::string inside = kOld;
  inside.replace(inside.find(", stacklevel=2"), 14, "");
  const auto all = seen(inside, "result = target.old(1)");
  EXPECT_FALSE(holds(all, "recwarn[0].filename == __file__"));
}

// What a call did to its arguments.
class ArgumentTest : public HarnessTest {
 protected:
  // The test that is made of a call of the module's function `f`: its lines and assertions.
  std::string made_of(const std::string& module, std::vector<Value> arguments) {
    auto harness = start(module);
    EXPECT_TRUE(harness) << describe(harness.error());
    if (!harness) return {};
    const Universe universe = build_universe(module_, (*harness)->symbols(), "target");
    Statement call;
    call.callable = universe.find("f");
    call.arguments = std::move(arguments);
    auto seen = observe({SuiteMember{{{call}}, Standing::Returned, "", {}, {}}}, universe,
                        {harness->get()});
    if (!seen || seen->tests.size() != 1) return "no test";
    std::string out;
    for (const std::string& line : seen->tests[0].test.statements) out += line + "\n";
    for (const auto& each : seen->tests[0].test.assertions) {
      out += "assert " + each.expression + " == " + each.literal + "\n";
    }
    return out;
  }
};

TEST_F(ArgumentTest, AListThatIsSortedInPlaceIsLookedAt) {
  EXPECT_EQ(made_of("def f(items):\n    items.sort()\n",
                    {Value::container(ValueKind::List, {Value::integer(3), Value::integer(1)})}),
            "items = [3, 1]\nresult = target.f(items)\n"
            "assert result == None\nassert items == [1, 3]\n");
}

TEST_F(ArgumentTest, WhatIsWrittenToAStreamIsLookedAt) {
  EXPECT_EQ(made_of("def f(output, text):\n    output.write(text * 2)\n",
                    {Value::call("io.StringIO", {Value::string("")}), Value::string("ab")}),
            "output = io.StringIO()\nresult = target.f(output, \"ab\")\n"
            "assert result == None\nassert output.getvalue() == \"abab\"\n");
}

TEST_F(ArgumentTest, AStreamThatIsClosedIsSaidToBe) {
  EXPECT_EQ(made_of("def f(stream):\n    stream.close()\n", {Value::call("io.BytesIO", {})}),
            "stream = io.BytesIO()\nresult = target.f(stream)\n"
            "assert result == None\nassert stream.closed == True\n");
}

TEST_F(ArgumentTest, AnObjectThatIsFilledIsLookedAt) {
  EXPECT_EQ(made_of("class Box:\n    def __init__(self):\n        self.n = 0\n"
                    "def f(box, amount):\n    box.n += amount\n",
                    {Value::call("target.Box", {}), Value::integer(2)}),
            "box = target.Box()\nresult = target.f(box, 2)\n"
            "assert result == None\nassert box.n == 2\n");
}

TEST_F(ArgumentTest, WhatACallLeavesAsItWasHasNoName) {
  EXPECT_EQ(made_of("def f(items, out):\n    out.extend(items)\n",
                    {Value::container(ValueKind::List, {Value::integer(3)}),
                     Value::container(ValueKind::List, {})}),
            "out = []\nresult = target.f([3], out)\n"
            "assert result == None\nassert out == [3]\n");
  EXPECT_EQ(made_of("def f(items):\n    return len(items)\n",
                    {Value::container(ValueKind::List, {Value::integer(3)})}),
            "result = target.f([3])\nassert result == 1\n");
}

TEST_F(ObservationTest, ArgumentsOfAnExceptionAreSeen) {
  const auto all = seen(
      "class Odd(Exception):\n    def __init__(self, where, line):\n"
      "        super().__init__('odd')\n        self.args = (where, line)\n",
      "odd = target.Odd(\"a\", 3)", {"odd"});
  EXPECT_TRUE(holds(all, "odd.args == (\"a\", 3)"));
}

TEST_F(ObservationTest, MethodsThatOnlyTellAreAsked) {
  const auto all = seen(
      "class Cart:\n    def __init__(self):\n        self._items = ['a']\n        self.n = 0\n"
      "    def names(self):\n        return sorted(self._items)\n"
      "    def empty(self):\n        return not self._items\n"
      "    def take(self):\n        self._items.append('b')\n        return 1\n",
      "cart = target.Cart()", {"cart"});
  EXPECT_TRUE(holds(all, "cart.names() == [\"a\"]"));
  EXPECT_TRUE(holds(all, "cart.empty() == False"));
  EXPECT_FALSE(holds(all, "cart.take() == 1")) << "it changes the cart";
}

TEST_F(ObservationTest, WhatAnObjectGivesWhenItIteratesIsSeen) {
  const auto all = seen(
      "class Bag:\n    def __init__(self):\n        self._a = [1, 2]\n"
      "    def __iter__(self):\n        return iter(self._a)\n",
      "bag = target.Bag()", {"bag"});
  EXPECT_TRUE(holds(all, "list(bag) == [1, 2]"));
}

TEST_F(ObservationTest, AMappingOfMappingsIsSeenWhole) {
  const auto all = seen(
      "from collections.abc import Mapping\n"
      "class Book(Mapping):\n    def __init__(self):\n        self._d = {'a': {'b': 1}}\n"
      "    def __getitem__(self, k):\n        return self._d[k]\n"
      "    def __iter__(self):\n        return iter(self._d)\n"
      "    def __len__(self):\n        return len(self._d)\n",
      "book = target.Book()", {"book"});
  EXPECT_TRUE(
      holds(all, "{key: dict(value) for key, value in book.items()} == {\"a\": {\"b\": 1}}"));
}

TEST_F(ObservationTest, OfALongMessageTheBeginningIsExpected) {
  const auto expected = [](const std::string& message) {
    return expected_exception({"ValueError", "builtins", message}, true).message;
  };
  EXPECT_EQ(expected("bad width"), "bad width");
  EXPECT_EQ(expected("the width is wrong: " + std::string(80, 'x')), "the width is wrong:");
  EXPECT_EQ(expected("the width is wrong:\n\t3"), "the width is");
  EXPECT_EQ(expected("bad\n"), "");
  EXPECT_EQ(expected(std::string(100, 'x')), "");
}

TEST_F(ObservationTest, AMethodIsNotAskedAgainWhatItHasJustAnswered) {
  RenderedProgram program;
  program.lines = {"cart = target.Cart()", "result = cart.count()"};
  program.watch = {"result", "cart"};
  program.has_result = true;
  const auto asserted = [&](const std::string& second, const std::string& answer) {
    std::vector<std::string> out;
    for (const auto& assertion : assertions_of(
             {{"result", "eq", "0", true}, {second, "eq", answer, true}}, program, "target")) {
      out.push_back(assertion.expression);
    }
    return out;
  };
  EXPECT_EQ(asserted("cart.count()", "0"), std::vector<std::string>{"result"});
  EXPECT_EQ(asserted("cart.count()", "1"), (std::vector<std::string>{"result", "cart.count()"}));
  EXPECT_EQ(asserted("cart.size()", "0"), (std::vector<std::string>{"result", "cart.size()"}));
}

TEST_F(ObservationTest, OnlyExpressionsOfAKnownKindAreBelieved) {
  RenderedProgram program;
  program.watch = {"result"};
  program.has_result = true;
  const auto assertion = [&](const std::string& expression, const std::string& literal) {
    return assertions_of({{expression, "eq", literal, true}}, program, "target").size();
  };
  EXPECT_EQ(assertion("result.names()", "1"), 1U);
  EXPECT_EQ(assertion("result.names(1)", "1"), 0U);
  EXPECT_EQ(assertion("result.a().b()", "1"), 0U);
  EXPECT_EQ(assertion("other.names()", "1"), 0U);
  EXPECT_EQ(assertion("recwarn[0].filename", "os"), 0U);
}

}  // namespace
}  // namespace testgen::engine
