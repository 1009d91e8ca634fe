// Input made to exhaust the stack, the memory or the patience of the analyzer. Each must end
// quickly, with a model or an error; the fuzzers look for what is not thought of here.
#include <chrono>

#include "analysis/instrument.h"
#include "support/python_text.h"

namespace testgen::analysis {
namespace {

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

struct Hostile {
  const char* name;
  std::string text;
};

class HostileInput : public testing::TestWithParam<Hostile> {};

TEST_P(HostileInput, EndsInTime) {
  model::SourceFile source;
  source.text = GetParam().text;
  const auto started = std::chrono::steady_clock::now();
  const auto model = analyze(source, base::SystemClock());
  // Sanitizers are slow; the point is that nothing is quadratic.
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(30));
  if (!model) {
    EXPECT_FALSE(model.error().message.empty());
    EXPECT_LT(model.error().message.size(), 1000U);
  }
}

std::vector<Hostile> hostile() {
  std::string indents;
  for (int depth = 0; depth < 300; ++depth) {
    indents += repeat(" ", static_cast<std::size_t>(depth)) + "if x:\n";
  }
  indents += repeat(" ", 300) + "pass\n";
  std::string names = "def f():\n";
  std::string exports = "__all__ = [";
  for (int i = 0; i < 30'000; ++i) {
    names += " g" + std::to_string(i) + "()\n";
    exports += "'n" + std::to_string(i) + "',";
  }
  return {
      {"OpenParentheses", repeat("(", 100'000)},
      {"BalancedParentheses", repeat("(", 50'000) + "1" + repeat(")", 50'000)},
      {"Brackets", "x = " + repeat("[", 50'000) + repeat("]", 50'000)},
      {"Negations", "def f():\n if " + repeat("not ", 50'000) + "x: pass\n"},
      {"LongSum", "x = 1" + repeat("+1", 50'000) + "\n"},
      {"LongOr", "def f():\n if a" + repeat(" or a", 4'000) + ": pass\n"},
      {"LongChain", "def f():\n x = a" + repeat(".get(1)", 3'000) + "\n"},
      {"LongComparison", "def f():\n x = a" + repeat(" < a", 50'000) + "\n"},
      {"ManyElifs", "def f():\n if a: pass\n" + repeat(" elif a: pass\n", 30'000)},
      {"ManyArguments", "def f():\n g(" + repeat("1,", 100'000) + ")\n"},
      {"DeepIndentation", indents},
      {"Lambdas", "x = " + repeat("lambda:", 20'000) + "1\n"},
      {"Ternaries", "def f():\n x = " + repeat("1 if a else ", 4'000) + "2\n"},
      {"FormatStrings", "x = " + repeat("f'{", 5'000)},
      {"ManyQuotes", repeat("'\"", 100'000)},
      {"Backslashes", repeat("\\\n", 10'000)},
      {"Decorators", repeat("@a\n", 50'000) + "def f(): pass\n"},
      {"DistinctCalls", names},
      {"DistinctExports", exports + "]\n"},
      {"ImportsAndHandlers",
       "try:\n" + repeat(" import a\n", 20'000) + repeat("except B: pass\n", 20'000)},
      {"ManyDoctests", "'''\n" + repeat(">>> f(1)\n", 50'000) + "'''\ndef f(x): pass\n"},
      {"BigPatternManyUses", "P = re.compile('" + repeat("a", 100'000) + "')\ndef f():\n" +
                                 repeat(" P.match(x)\n", 20'000)},
      {"LongName", "def " + repeat("a", 200'000) + "():\n" + repeat(" if x: y\n", 10'000)},
      {"Semicolons", "def f(): " + repeat("x;", 100'000) + "\n"},
      {"ControlBytes", std::string(50'000, '\x01')},
      {"Match", "def f():\n match x:\n" + repeat("  case 1: pass\n", 20'000)},
  };
}

INSTANTIATE_TEST_SUITE_P(All, HostileInput, testing::ValuesIn(hostile()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace testgen::analysis
