#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/analysis.h"

namespace testgen::analysis {
namespace {

std::vector<std::string> uses_of(const std::string& text, const char* function = "f",
                                 std::size_t parameter = 0) {
  base::SystemClock clock;
  model::SourceFile source{.path = "/x/m.py", .language = "python", .text = text};
  const auto module = analyze(source, clock).value();
  for (const auto& candidate : module.functions) {
    if (candidate.qualified_name == function) return candidate.parameters.at(parameter).uses;
  }
  return {};
}

using Uses = std::vector<std::string>;

TEST(Usage, MethodsAttributesAndItems) {
  EXPECT_EQ(uses_of("def f(p):\n    p.lower()\n    p.size\n    p[0]\n    p['k']\n    p[1:]\n"),
            (Uses{".lower()", ".size", "[int]", "[str]", "[slice]"}));
}

TEST(Usage, CallsAndWhatIsDoneWithTheirResults) {
  EXPECT_EQ(uses_of("def f(p):\n    a, b = p(1, 2)\n    p(3).strip()\n    p(*a)\n"),
            (Uses{"call:2 unpack:2", "call:1 .strip()", "call:*"}));
}

TEST(Usage, OperatorsAndComparisons) {
  EXPECT_EQ(uses_of("def f(p):\n    p - 1\n    p + 'a'\n    p == b'x'\n    p < q\n"),
            (Uses{"number", "str", "bytes", "ordered"}));
}

TEST(Usage, ItemsOfALoopAreUsesOfEach) {
  EXPECT_EQ(uses_of("def f(p):\n    for line in p:\n        line.strip()\n"),
            (Uses{"iter", "each .strip()"}));
  EXPECT_EQ(uses_of("def f(p):\n    for a, b in p:\n        pass\n"),
            (Uses{"each unpack:2", "iter"}));
}

TEST(Usage, HandingOnAndKeeping) {
  EXPECT_EQ(uses_of("class C:\n    def __init__(self, p):\n        self.x = p\n        g(1, p)\n"
                    "        self.h(key=p)\n",
                    "C.__init__"),
            (Uses{"store:x", "arg:g:1", "arg:.h:key"}));
}

TEST(Usage, FunctionsInsideSpeakForTheirParameters) {
  EXPECT_EQ(uses_of("def f(p):\n    def inner(line):\n        return line.strip()\n"
                    "    return [inner(x) for x in p]\n"),
            (Uses{"each .strip()", "iter"}));
}

TEST(Usage, AReboundNameSaysNothingMore) {
  EXPECT_EQ(uses_of("def f(p):\n    p.lower()\n    p = 3\n    p.upper()\n"), (Uses{".lower()"}));
}

TEST(Usage, LongChainsOfCallsAreBounded) {
  std::string text = "def f(p):\n    p";
  for (int i = 0; i < 2000; ++i) text += "()";
  EXPECT_EQ(uses_of(text + "\n").size(), 1U);
}

TEST(Usage, BodiesLeftToHeirsAreKnown) {
  base::SystemClock clock;
  model::SourceFile source{.path = "/x/m.py",
                           .language = "python",
                           .text =
                               "class C:\n"
                               "    def hook(self):\n        \"\"\"Says.\"\"\"\n"
                               "    def later(self):\n        raise NotImplementedError('x')\n"
                               "    def done(self):\n        return 1\n"};
  const auto module = analyze(source, clock).value();
  EXPECT_TRUE(module.functions.at(0).is_hook);
  EXPECT_TRUE(module.functions.at(1).is_unimplemented);
  EXPECT_FALSE(module.functions.at(2).is_hook || module.functions.at(2).is_unimplemented);
}

}  // namespace
}  // namespace testgen::analysis
