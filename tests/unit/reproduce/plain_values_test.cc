// Values of parameters that a test is not about.
#include "reproduce/plain_values.h"

#include <gtest/gtest.h>

#include "python_text.h"

namespace testgen::reproduce {
namespace {

std::string plain(const std::string& code, std::size_t profile = 0) {
  const PythonText text(code);
  const model::FunctionModel& function = text.module.functions.at(0);
  return plain_value(function, function.parameters.at(0), profile);
}

TEST(PlainValues, AnnotationsSayWhatIsWanted) {
  EXPECT_EQ(plain("def f(a: int): pass\n"), "1");
  EXPECT_EQ(plain("def f(a: 'Optional[str]'): pass\n"), "\"a\"");
  EXPECT_EQ(plain("def f(a: typing.List[int]): pass\n"), "[]");
  EXPECT_EQ(plain("def f(a: Mapping[str, int]): pass\n"), "{}");
  EXPECT_EQ(plain("def f(a: sqlite3.Connection): pass\n"), "mock.MagicMock()");
}

TEST(PlainValues, UsesSayItWhereNoAnnotationDoes) {
  EXPECT_EQ(plain("def f(a):\n    a.close()\n"), "mock.MagicMock()");
  EXPECT_EQ(plain("def f(a):\n    return a.strip()\n"), "\"a\"");
  EXPECT_EQ(plain("def f(a):\n    return a\n"), "\"a\"");
}

TEST(PlainValues, DefaultsAreLeftAndSwitchesAreFlipped) {
  EXPECT_EQ(plain("def f(a=3): pass\n"), "");
  EXPECT_EQ(plain("def f(a=3): pass\n", 1), "");
  EXPECT_EQ(plain("def f(a=False): pass\n"), "");
  EXPECT_EQ(plain("def f(a=False): pass\n", 1), "True");
  EXPECT_EQ(plain("def f(a=True): pass\n", 1), "False");
}

TEST(PlainValues, TextsOfTheFunctionAreTriedLater) {
  EXPECT_EQ(plain("def f(a: str):\n    return a == 'open'\n", 1), "'open'");
  EXPECT_EQ(plain("def f(a):\n    return a == 'open'\n", kProfiles - 1), "'open'");
}

std::vector<std::string> carried(const std::string& code) {
  const PythonText text(code);
  return carriers(text.module.functions.at(0).parameters.at(0), {"m", "'m'", "b'm'", false});
}

TEST(Carriers, TextIsGivenAsTextAndWhereSaidInAList) {
  EXPECT_EQ(carried("def f(a): return a\n"), (std::vector<std::string>{"'m'"}));
  EXPECT_EQ(carried("def f(a: list[str]): return a\n"), (std::vector<std::string>{"['m']"}));
  EXPECT_EQ(carried("def f(a):\n    for x in a:\n        print(x)\n"),
            (std::vector<std::string>{"'m'", "['m']"}));
  EXPECT_EQ(carried("def f(a: dict): return a['k']\n"),
            (std::vector<std::string>{"collections.defaultdict(lambda: 'm')"}));
}

TEST(Carriers, WhatIsSaidToBeNoTextIsNone) {
  EXPECT_TRUE(carried("def f(a: int): return a\n").empty());
  EXPECT_EQ(carried("def f(a: bytes): return a\n"), (std::vector<std::string>{"b'm'"}));
  EXPECT_EQ(carried("def f(a): return a.decode()\n"), (std::vector<std::string>{"'m'", "b'm'"}));
  EXPECT_FALSE(carried("def f(a: 'int | str'): return a\n").empty());
}

}  // namespace
}  // namespace testgen::reproduce
