// What the search reaches, in small modules that each need one technique, with the real harness.
// Executions are counted, so a slow machine changes nothing.
#include "engine/explorer/search.h"

#include <gtest/gtest.h>

#include "harness_fixture.h"

namespace testgen::engine {
namespace {

class SearchTest : public HarnessTest {
 protected:
  // Conditions that stay undecided after so many executions.
  std::vector<std::string> missed(const std::string& text, std::uint64_t executions = 6000) {
    auto harness = start(text);
    EXPECT_TRUE(harness) << (harness ? "" : describe(harness.error()));
    if (!harness) return {"no harness"};
    universe_ = build_universe(module_, (*harness)->symbols(), "target");
    base::Random random(1);
    Budget budget(clock_, std::chrono::milliseconds(0), executions);
    archive_ = std::make_unique<Archive>(
        module_.goals.size(), Promised{.documented = {"ValueError", "StopIteration"}, .raised = {}},
        universe_);
    Search search(**harness, universe_, module_, *archive_, random, budget);
    const auto status = search.run(1.0, {}, [](double) {});
    EXPECT_TRUE(status) << (status ? "" : describe(status.error()));
    std::vector<std::string> out;
    for (std::uint32_t goal = 0; goal < module_.goals.size(); ++goal) {
      if (!archive_->open(goal)) continue;
      const bool yes = module_.goals[goal].kind == model::GoalKind::BranchTrue;
      out.push_back((yes ? "true: " : "other: ") + module_.goals[goal].condition);
    }
    return out;
  }

  using Conditions = std::vector<std::string>;

  Universe universe_;
  std::unique_ptr<Archive> archive_;
};

TEST_F(SearchTest, WhatWasAddedIsAskedForUnderTheSameName) {
  EXPECT_EQ(missed("class Box:\n"
                   "    def __init__(self):\n        self.parts = {}\n"
                   "    def add(self, name, size):\n        self.parts[str(name)] = size\n"
                   "    def size(self, name):\n"
                   "        if str(name) in self.parts and len(self.parts) > 1:\n"
                   "            return self.parts[str(name)]\n"
                   "        return None\n"),
            Conditions{});
}

// The side on which it ends is never seen, since that takes along what was covered.
TEST_F(SearchTest, WhatOftenEndsItsProcessIsNotGivenUp) {
  EXPECT_EQ(missed("import os\n"
                   "end = os._exit\n"
                   "def leave(code):\n"
                   "    if code > 0:\n        end(1)\n"
                   "    if code == -4711:\n        return 'low'\n"
                   "    return 'high'\n"),
            Conditions{"true: code > 0"});
}

// Whatever is given to it, an iterator for one.
TEST_F(SearchTest, WhoHandsOnWhatItWasGivenIsNoGenerator) {
  EXPECT_EQ(missed("def discount(total, code=None):\n"
                   "    if code is None:\n        return total\n"
                   "    return total / 2\n"),
            Conditions{});
  EXPECT_EQ(universe_.callables.front().consumption, Consumption::Direct);
  EXPECT_EQ(missed("def numbers(most):\n"
                   "    return iter([1, 2, 3][:most])\n"),
            Conditions{});
  EXPECT_EQ(universe_.callables.front().consumption, Consumption::List);
}

// `map` complains of what it cannot run through as the consumer of the result would.
TEST_F(SearchTest, AGeneratorThatWasGivenTheWrongThingStaysOne) {
  EXPECT_EQ(missed("def doubled(numbers):\n"
                   "    return (2 * n if n > 10 else n for n in map(int, numbers))\n"
                   "def joined(parts):\n"
                   "    import itertools\n"
                   "    return itertools.chain.from_iterable(parts)\n"),
            Conditions{});
  for (const Callable& callable : universe_.callables) {
    EXPECT_EQ(callable.consumption, Consumption::List) << callable.name;
  }
}

TEST_F(SearchTest, MethodsOfABaseAreCalledOnItsHeirs) {
  EXPECT_EQ(missed("class Base:\n"
                   "    def kind(self):\n"
                   "        if self.number > 2:\n            return 'many'\n"
                   "        return 'few'\n"
                   "class Heir(Base):\n"
                   "    def __init__(self, number):\n        self.number = int(number)\n"),
            Conditions{});
}

TEST_F(SearchTest, WhatAFunctionReturnsIsAReceiver) {
  EXPECT_EQ(missed("class Point:\n"
                   "    def __init__(self, key):\n"
                   "        if key != 'secret-word-of-the-maker-3141':\n"
                   "            raise ValueError(key)\n"
                   "    def far(self):\n        return True\n"
                   "def make(_ignored=1):\n"
                   "    return Point('secret-word-of-the-maker-' + '3141')\n"),
            Conditions{});
}

TEST_F(SearchTest, AnAttributeThatAConditionSpeaksOfIsWritten) {
  EXPECT_EQ(missed("class Log:\n"
                   "    def __init__(self):\n"
                   "        self.a = self.b = self.c = self.d = self.e = self.f = None\n"
                   "        self.verbose = 0\n"
                   "    def line(self):\n"
                   "        if self.verbose >= 2:\n            return 'long'\n"
                   "        return 'short'\n"),
            Conditions{});
}

TEST_F(SearchTest, APropertyIsWrittenToo) {
  EXPECT_EQ(missed("class Frozen:\n"
                   "    def __init__(self):\n        self._size = 3\n"
                   "    @property\n    def size(self):\n        return self._size\n"
                   "    @size.setter\n    def size(self, value):\n"
                   "        if value < 0:\n            raise ValueError('negative')\n"
                   "        self._size = value\n"),
            Conditions{});
}

TEST_F(SearchTest, ObjectsOfTheSameClassAreCompared) {
  EXPECT_EQ(missed("class Money:\n"
                   "    def __init__(self, amount):\n        self.amount = amount\n"
                   "    def __eq__(self, other):\n"
                   "        if not isinstance(other, Money):\n            return False\n"
                   "        return self.amount == other.amount\n"),
            Conditions{});
}

TEST_F(SearchTest, TextsThatMatchAnExpressionAreMade) {
  EXPECT_EQ(missed("import re\n"
                   "SHAPE = re.compile(r'^P(?P<years>\\d+Y)?(?:T(?P<hours>\\d{2}H))?$')\n"
                   "def parse(text):\n"
                   "    found = SHAPE.match(text)\n"
                   "    if found is None:\n        raise ValueError(text)\n"
                   "    if found.group('years') and found.group('hours'):\n"
                   "        return 'both'\n"
                   "    return 'one'\n"),
            Conditions{});
}

TEST_F(SearchTest, AnExpressionBuiltAtRunTimeIsSeen) {
  EXPECT_EQ(missed("import re\n"
                   "class Reader:\n"
                   "    def __init__(self):\n"
                   "        self.shape = re.compile('-'.join(['[0-9]{3}', '[a-f]{4}']) + '$')\n"
                   "    def read(self, text):\n"
                   "        if self.shape.match(text):\n            return True\n"
                   "        return False\n"),
            Conditions{});
}

TEST_F(SearchTest, ACallbackFitsHowItIsCalledAndUnpacked) {
  EXPECT_EQ(missed("def scan(text, step):\n"
                   "    try:\n"
                   "        value, end = step(text, 0)\n"
                   "    except StopIteration:\n"
                   "        return 'nothing'\n"
                   "    if end == 1:\n        return 'short'\n"
                   "    return 'long'\n"),
            Conditions{});
}

TEST_F(SearchTest, AnArgumentThatIsUnpackedHasAsManyItems) {
  EXPECT_EQ(missed("def area(box):\n"
                   "    left, top, right, bottom = box\n"
                   "    if right > left:\n        return right - left\n"
                   "    return 0\n"),
            Conditions{});
}

TEST_F(SearchTest, AnObjectHasTheAttributesThatAreRead) {
  EXPECT_EQ(missed("def describe(args):\n"
                   "    if args.colour_code:\n        return args.colour_code\n"
                   "    return args.shape_code\n"),
            Conditions{});
}

TEST_F(SearchTest, MissingKeysAreAdded) {
  EXPECT_EQ(missed("def total(order):\n"
                   "    price = order['net_price_cents']\n"
                   "    if price > 10:\n        return price + order['postage_cents']\n"
                   "    return price\n"),
            Conditions{});
}

TEST_F(SearchTest, TypesOfTheLibraryAreTried) {
  EXPECT_EQ(missed("import datetime, decimal\n"
                   "def spell(value):\n"
                   "    if isinstance(value, datetime.timedelta):\n        return 'span'\n"
                   "    if isinstance(value, decimal.Decimal):\n        return 'exact'\n"
                   "    return 'other'\n"),
            Conditions{});
}

TEST_F(SearchTest, ContainersGrowPastAThreshold) {
  EXPECT_EQ(missed("def size(items):\n"
                   "    count = len(items)\n"
                   "    if count >= 300:\n        return 'large'\n"
                   "    return 'small'\n"),
            Conditions{});
}

TEST_F(SearchTest, AnAbstractClassGetsAnHeir) {
  EXPECT_EQ(
      missed("import abc\n"
             "class Shape(abc.ABC):\n"
             "    @abc.abstractmethod\n    def area(self):\n        raise NotImplementedError\n"
             "    def is_large(self, limit):\n"
             "        if self.area() > limit:\n            return True\n"
             "        return False\n"),
      (Conditions{"other: def area"}));
}

TEST_F(SearchTest, MethodsFoundByNameAreDefined) {
  EXPECT_EQ(missed("class Console:\n"
                   "    def run(self, line):\n"
                   "        word = str(line).strip()\n"
                   "        action = getattr(self, 'do_' + word, None)\n"
                   "        if action is None:\n            return 'unknown'\n"
                   "        action()\n"
                   "        return 'done'\n"),
            Conditions{});
}

TEST_F(SearchTest, AMethodIsCalledOnWhatAnotherMethodGave) {
  EXPECT_EQ(missed("class Lid:\n"
                   "    def __init__(self, key):\n"
                   "        if key != 'secret-word-of-the-maker-3141':\n"
                   "            raise ValueError(key)\n"
                   "    def turn(self, angle):\n"
                   "        if angle > 3:\n            return 'off'\n"
                   "        return 'on'\n"
                   "class Jar:\n"
                   "    def __init__(self):\n        self.count = 0\n"
                   "    def lid(self):\n"
                   "        return Lid('secret-word-of-the-maker-' + '3141')\n"),
            Conditions{});
}

TEST_F(SearchTest, WhatATextNamesIsAskedForInItsOrder) {
  EXPECT_EQ(missed("class Store:\n"
                   "    def __init__(self):\n        self.rows = {}\n"
                   "    def load(self, text):\n"
                   "        for row in text.split('\\n'):\n"
                   "            words = row.split()\n"
                   "            if len(words) == 3:\n"
                   "                self.rows[words[0]] = {words[1]: words[2]}\n"
                   "    def get(self, row, column):\n"
                   "        try:\n            cells = self.rows[row]\n"
                   "        except KeyError:\n            return 'no row'\n"
                   "        try:\n            return cells[column]\n"
                   "        except KeyError:\n            return 'no column'\n"),
            Conditions{});
}

TEST_F(SearchTest, ClassesAreGivenWhereTheyAreCompared) {
  EXPECT_EQ(missed("def wider(first, second):\n"
                   "    if issubclass(first, float) and issubclass(second, int):\n"
                   "        return True\n"
                   "    return False\n"),
            Conditions{});
}

TEST_F(SearchTest, AFunctionOfTheModuleIsHandedOnWhereItFits) {
  EXPECT_EQ(missed("def apply(function, a, b, c, d, e):\n"
                   "    found = function(a, b, c, d, e)\n"
                   "    if found == 'a-token-that-nobody-guesses-2718':\n        return True\n"
                   "    return False\n"
                   "def token(a, b, c, d, e):\n"
                   "    return 'a-token-that-nobody-' + 'guesses-2718'\n"
                   "def less(a):\n    return a\n"),
            Conditions{});
}

TEST_F(SearchTest, AnObjectThatCouldBeMadeIsGivenWhereOneIsWanted) {
  EXPECT_EQ(missed("class Code:\n"
                   "    def __init__(self, letters):\n"
                   "        if letters not in ('qzx-11', 'vkj-22'):\n"
                   "            raise ValueError(letters)\n"
                   "        self.letters = letters\n"
                   "def order(first, second):\n"
                   "    if not isinstance(first, Code) or not isinstance(second, Code):\n"
                   "        raise ValueError('no codes')\n"
                   "    if first.letters < second.letters:\n        return -1\n"
                   "    return 1\n"),
            Conditions{});
}

TEST_F(SearchTest, AnyOptionOfAConstructorIsOneThatAConditionSpeaksOf) {
  EXPECT_EQ(missed("class Field:\n"
                   "    def __init__(self, **options):\n"
                   "        self.width = self.height = self.colour = self.margin = None\n"
                   "        for name, value in options.items():\n"
                   "            if name not in ('width', 'height', 'colour', 'margin'):\n"
                   "                raise ValueError(name)\n"
                   "            self.__dict__[name] = value\n"
                   "        if self.margin is not None:\n"
                   "            if self.margin == 'wide-of-the-mark':\n"
                   "                self.margin = 40\n"),
            (Conditions{"true: name not in ('width', 'height', 'colour', 'margin')"}));
}

TEST_F(SearchTest, PredicatesOfTextsFlip) {
  EXPECT_EQ(missed("def number(text):\n"
                   "    port = text.rpartition(':')[2]\n"
                   "    if port.isdigit():\n"
                   "        if not port.isascii():\n            return 'foreign'\n"
                   "        return int(port)\n"
                   "    return None\n"),
            Conditions{});
}

TEST_F(SearchTest, ItStopsAtOnceWhenAllIsReached) {
  EXPECT_EQ(missed("def sign(x):\n    if x < 0:\n        return -1\n    return 1\n", 100'000),
            Conditions{});
}

}  // namespace
}  // namespace testgen::engine
