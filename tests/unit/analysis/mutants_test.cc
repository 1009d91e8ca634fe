#include "analysis/mutants.h"

#include <algorithm>
#include <set>

#include "analysis/mutation_operators.h"
#include "support/python_text.h"

namespace testgen::analysis {
namespace {

using Texts = std::vector<std::string>;

model::Mutation found(const std::string& text) {
  model::SourceFile source;
  source.text = text;
  auto mutation = find_scoring_mutants(source, base::SystemClock());
  EXPECT_TRUE(mutation.has_value());
  return mutation ? *std::move(mutation) : model::Mutation{};
}

std::string applied(const model::Mutation& mutation, const model::Mutant& mutant) {
  std::string text = mutation.units[mutant.unit].text;
  return text.replace(mutant.begin, mutant.end - mutant.begin, mutant.replacement);
}

// What one statement of a function becomes by one operation.
Texts mutated(const std::string& operation, const std::string& statement) {
  const std::string start = "def f():\n    ";
  const model::Mutation mutation = found(start + statement + "\n");
  Texts out;
  for (const model::Mutant& mutant : mutation.mutants) {
    if (mutant.operation != operation) continue;
    const std::string text = applied(mutation, mutant);
    EXPECT_EQ(text.substr(0, start.size()), start);
    out.push_back(text.substr(start.size(), text.size() - start.size() - 1));
  }
  return out;
}

TEST(Mutants, RelationalBoundaryFirst) {
  EXPECT_EQ(mutated("relational", "a<b"), (Texts{"a<=b", "a>=b"}));
  EXPECT_EQ(mutated("relational", "a >= b"), (Texts{"a > b", "a < b"}));
  EXPECT_EQ(mutated("relational", "a == b"), (Texts{"a != b"}));
  EXPECT_EQ(mutated("relational", "a not in b"), (Texts{"a in b"}));
  EXPECT_EQ(mutated("relational", "a in(b)"), (Texts{"a not in(b)"}));
  EXPECT_EQ(mutated("relational", "a is b"), (Texts{"a is not b"}));
  EXPECT_EQ(mutated("relational", "0 < a <= b"),
            (Texts{"0 <= a <= b", "0 >= a <= b", "0 < a < b", "0 < a > b"}));
}

TEST(Mutants, Arithmetic) {
  EXPECT_EQ(mutated("arithmetic", "x = a + b"), (Texts{"x = a - b"}));
  EXPECT_EQ(mutated("arithmetic", "x //= 2"), (Texts{"x *= 2"}));
  EXPECT_EQ(mutated("arithmetic", "x = 'a%s' % b"), (Texts{}));
  EXPECT_EQ(mutated("arithmetic", "x += 'b'"), (Texts{}));
}

TEST(Mutants, Constants) {
  EXPECT_EQ(mutated("constant", "g(0x10)"), (Texts{"g(17)", "g(15)"}));
  EXPECT_EQ(mutated("constant", "g(1.5)"), (Texts{"g(2.5)"}));
  EXPECT_EQ(mutated("constant", "g(1e300)"), (Texts{"g(5e+299)"}));
  EXPECT_EQ(mutated("constant", "g(2j)"), (Texts{}));
  EXPECT_EQ(mutated("constant", "g(99999999999999999999999)"), (Texts{}));
  EXPECT_EQ(mutated("constant", "g('a' \"b\")"), (Texts{"g(\"\")"}));
  EXPECT_EQ(mutated("constant", "g(rb'a')"), (Texts{"g(b\"\")"}));
  EXPECT_EQ(mutated("constant", "g('')"), (Texts{"g('XX')"}));
  EXPECT_EQ(mutated("constant", "g(f'a{b}')"), (Texts{"g(\"\")"}));
  EXPECT_EQ(mutated("constant", "g(f'{b[\"k\"]}')"), (Texts{"g(\"\")"}));
  EXPECT_EQ(mutated("constant", "g(True, x=None)"), (Texts{"g(False, x=None)", "g(True, x=1)"}));
  EXPECT_EQ(mutated("constant", "x = y is None"), (Texts{}));
}

TEST(Mutants, DocstringsAndTypesAreLeftAlone) {
  EXPECT_EQ(mutated("constant", "'text'"), (Texts{}));
  EXPECT_EQ(mutated("deletion", "'text'"), (Texts{}));
  EXPECT_EQ(mutated("constant", "x: Literal[3] = y"), (Texts{}));
  EXPECT_EQ(mutated("deletion", "x: int"), (Texts{}));
  EXPECT_EQ(mutated("constant", "def g(a: 'T') -> 3: pass"), (Texts{}));
  EXPECT_TRUE(found("__all__ = ['a']\nif __name__ == '__main__':\n    f(1)\n"
                    "if TYPE_CHECKING:\n    f(2)\nimport os\nclass A(f(3)): pass\n")
                  .mutants.empty());
}

TEST(Mutants, LogicAndConditions) {
  EXPECT_EQ(mutated("logical", "x = a and(b)or c"),
            (Texts{"x = a or(b)or c", "x = a and(b)and c"}));
  EXPECT_EQ(mutated("negate", "if(a): b"), (Texts{"if not ((a)): b"}));
  EXPECT_EQ(mutated("negate", "if a < b: c"), (Texts{}));
  EXPECT_EQ(mutated("negate", "if not a: c"), (Texts{}));
  EXPECT_EQ(mutated("negate", "while a: b"), (Texts{"while _tg_w(0,not (a)): b"}));
  EXPECT_EQ(mutated("negate", "while True: b"), (Texts{}));
  EXPECT_EQ(mutated("unary", "return-a"), (Texts{"return a"}));
  EXPECT_EQ(mutated("unary", "x = not(a)"), (Texts{"x = (a)"}));
}

TEST(Mutants, ReturnsAndDeletions) {
  EXPECT_EQ(mutated("return", "return a, 1"), (Texts{"return None"}));
  EXPECT_EQ(mutated("return", "return(a)"), (Texts{"return None"}));
  EXPECT_EQ(mutated("return", "return None"), (Texts{}));
  EXPECT_EQ(mutated("return", "return"), (Texts{}));
  EXPECT_EQ(mutated("deletion", "x = a; raise b"), (Texts{"pass; raise b", "x = a; pass"}));
  EXPECT_EQ(mutated("deletion", "yield a"), (Texts{"pass"}));
  EXPECT_EQ(mutated("deletion", "..."), (Texts{}));
}

TEST(Mutants, NamesThatAnInnerFunctionRebindsStayBound) {
  EXPECT_EQ(mutated("deletion", "x = 1\n    def g():\n        nonlocal x\n        h()"),
            (Texts{"x = 1\n    def g():\n        nonlocal x\n        pass"}));
}

TEST(Mutants, ScoringChanges) {
  EXPECT_EQ(mutated("break_continue", "for a in b: break"),
            (Texts{"for a in _tg_i(0,b): continue"}));
  EXPECT_EQ(mutated("slice_bound", "x[1:2]"), (Texts{"x[:2]", "x[1:]"}));
  EXPECT_EQ(mutated("slice_bound", "x[1]"), (Texts{}));
  EXPECT_EQ(mutated("handler_emptied", "try: a\n    except B:\n        c\n        d"),
            (Texts{"try: a\n    except B:\n        pass"}));
  EXPECT_EQ(mutated("argument_order", "g(a, b, *c)"), (Texts{"g(b, a, *c)"}));
  EXPECT_EQ(mutated("argument_order", "g(a, a)"), (Texts{}));
  EXPECT_EQ(mutated("keyword_dropped", "g(a, k=1, l=2)"), (Texts{"g(a, l=2)", "g(a, k=1)"}));
  EXPECT_EQ(mutated("keyword_dropped", "g(k=1,)"), (Texts{"g()"}));
  EXPECT_EQ(mutated("loop_runs", "for a in b, c: d"),
            (Texts{"for a in _tg_i(0,(())): d", "for a in _tg_i(0,(b, c)): d; break"}));
  EXPECT_EQ(mutated("loop_runs", "while False: d()"), (Texts{"while False: d(); break"}));
  EXPECT_EQ(mutated("loop_runs", "while True: d()"),
            (Texts{"while _tg_w(0,False): d()", "while _tg_w(0,True): d(); break"}));
  EXPECT_EQ(mutated("augmented_plain", "x -= a"), (Texts{"x = a"}));
  EXPECT_EQ(mutated("comparison_constant", "return(a) < b"),
            (Texts{"return True", "return False"}));
  EXPECT_EQ(mutated("comparison_constant", "if (m := a) < b: m"), (Texts{}));
  EXPECT_EQ(mutated("operand_dropped", "x = a or b"), (Texts{"x = b", "x = a"}));
  EXPECT_EQ(mutated("conditional_side", "x = a if b else c"), (Texts{"x = c", "x = a"}));
}

TEST(Mutants, UnitsStandAloneAndKeepLines) {
  const std::string text =
      "try:\n    class Cart(Base, metaclass=M):\n        '''doc'''\n        @cached\n"
      "        @wrap(1)\n        async def total(self, n=2):\n"
      "            while n < 3:\n                n += 1  # up\n\n"
      "            return n\nfinally:\n    pass\n";
  const model::Mutation mutation = found(text);
  ASSERT_EQ(mutation.units.size(), 2U);
  const model::MutationUnit& module = mutation.units[0];  // the decorator's argument comes first
  EXPECT_TRUE(module.scope.empty());
  EXPECT_EQ(module.first_line, 1U);
  EXPECT_EQ(module.text.substr(0, 40), text.substr(0, 40));
  EXPECT_NE(module.text.find("while _tg_w(0,n < 3):"), std::string::npos);
  const model::MutationUnit& total = mutation.units[1];
  EXPECT_EQ(total.scope, (Texts{"Cart", "total"}));
  EXPECT_EQ(total.text,
            "if 1:\n    class Cart:\n        async def total(self, n=2):\n"
            "            while _tg_w(0,n < 3):\n                n += 1  # up\n\n"
            "            return n\n");
  EXPECT_EQ(total.first_line, 4U);
  EXPECT_EQ(total.decorated_line, 4U);
  EXPECT_EQ(total.def_line, 6U);
}

TEST(Mutants, DefaultsAndDecoratorsBelongToTheModule) {
  const model::Mutation mutation = found("@a(1)\ndef f(x=2):\n    return 3\ny = 4\n");
  std::vector<std::pair<std::string, bool>> constants;
  for (const model::Mutant& mutant : mutation.mutants) {
    if (mutant.operation != "constant") continue;
    constants.emplace_back(mutant.original, mutation.units[mutant.unit].scope.empty());
    EXPECT_EQ(mutant.goal.has_value(), mutant.original == "3");
  }
  using Pairs = decltype(constants);
  EXPECT_EQ(constants, (Pairs{{"1", true},
                              {"1", true},
                              {"2", true},
                              {"2", true},
                              {"3", false},
                              {"3", false},
                              {"4", true},
                              {"4", true}}));
}

TEST(Mutants, GoalIsTheInnermostBlock) {
  const model::ModuleModel model = analyzed(
      "def f(a, b):\n"
      "    start(1)\n"
      "    if a:\n"
      "        x(1)\n"
      "    elif b:\n"
      "        y(1)\n"
      "    else:\n"
      "        z(1)\n"
      "    for i in b:\n"
      "        w(1)\n"
      "    return u(1) if a else v(1)\n");
  std::vector<std::string> said;
  for (const model::Mutant& mutant : model.mutation.mutants) {
    if (mutant.operation != "constant" || mutant.replacement != "2") continue;
    ASSERT_TRUE(mutant.goal.has_value()) << mutant.line;
    const model::Goal& goal = model.goals[*mutant.goal];
    EXPECT_EQ(mutant.function, "f");
    said.push_back(std::to_string(mutant.line) + ":" + goal.condition +
                   (goal.kind == model::GoalKind::BranchFalse ? " false" : ""));
  }
  EXPECT_EQ(said, (Texts{"2:def f", "4:a", "6:b", "8:b false", "10:b", "11:a", "11:a false"}));
}

TEST(Mutants, SearchNeverUsesTheScoringOperations) {
  const std::string text =
      "def f(a, b):\n    for x in a[1:]:\n        try:\n            g(a, b, k=a < b)\n"
      "        except E:\n            b += 1\n            break\n    return a and b or a if b else "
      "a\n";
  std::set<std::string> scoring;
  for (const model::Mutant& mutant : found(text).mutants) {
    if (is_scoring_operation(mutant.operation)) scoring.insert(mutant.operation);
  }
  EXPECT_EQ(scoring.size(), 7U);
  const model::ModuleModel model = analyzed(text);
  EXPECT_FALSE(model.mutation.mutants.empty());
  for (const model::Mutant& mutant : model.mutation.mutants) {
    EXPECT_FALSE(is_scoring_operation(mutant.operation)) << mutant.operation;
  }
}

TEST(Mutants, AreInSourceOrderWithoutDuplicates) {
  const model::Mutation mutation =
      found("def f(a):\n    while a < 1:\n        a += 1\n    return 1\n");
  std::set<std::string> texts;
  for (const model::Mutant& mutant : mutation.mutants) {
    EXPECT_TRUE(texts.insert(applied(mutation, mutant)).second) << applied(mutation, mutant);
  }
  EXPECT_TRUE(std::is_sorted(
      mutation.mutants.begin(), mutation.mutants.end(),
      [](const model::Mutant& a, const model::Mutant& b) { return a.begin < b.begin; }));
}

TEST(Mutants, ALongFileKeepsEveryNth) {
  std::string text;
  for (int k = 0; k < 15'000; ++k) text += "def f" + std::to_string(k) + "():\n    return 7\n";
  const model::Mutation mutation = found(text);
  EXPECT_EQ(mutation.mutants.size(), kMaxMutants);
  EXPECT_GT(mutation.mutants.back().line, 29'000U);
}

}  // namespace
}  // namespace testgen::analysis
