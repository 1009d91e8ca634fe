#include "analysis/signature.h"

#include "support/python_text.h"

namespace testgen::analysis {
namespace {

// "kind name[:annotation][=default]" for each parameter.
std::vector<std::string> describe(const std::vector<model::Parameter>& parameters) {
  constexpr const char* kKinds[] = {"/", "", "*", "k", "**"};
  std::vector<std::string> out;
  for (const auto& parameter : parameters) {
    std::string text = kKinds[static_cast<int>(parameter.kind)] + parameter.name;
    if (parameter.annotation) text += ":" + *parameter.annotation;
    if (parameter.default_source) text += "=" + *parameter.default_source;
    out.push_back(text);
  }
  return out;
}

std::vector<std::string> parameters_of(std::string_view definition) {
  return describe(analyzed(definition).functions.at(0).parameters);
}

using Texts = std::vector<std::string>;

TEST(Signature, EveryKindOfParameter) {
  EXPECT_EQ(parameters_of("def f(a, b: int, /, c=1, d: str = 'x', *e: int, g, h=2, **i): pass\n"),
            (Texts{"/a", "/b:int", "c=1", "d:str='x'", "*e:int", "kg", "kh=2", "**i"}));
  EXPECT_EQ(parameters_of("def f(a, *, b): pass\n"), (Texts{"a", "kb"}));
  EXPECT_EQ(parameters_of("def f(): pass\n"), Texts{});
}

TEST(Signature, CommentsAndLineBreaksDoNotCount) {
  EXPECT_EQ(parameters_of("def f(a,  # first\n      b=(1,\n         2),\n      ): pass\n"),
            (Texts{"a", "b=(1,\n         2)"}));
}

TEST(Signature, SelfAndClsAreLeftOutWhereTheyAreBound) {
  const auto model = analyzed(
      "class C:\n"
      "    def a(self, x): pass\n"
      "    def b(this: 'C', x): pass\n"
      "    @classmethod\n"
      "    def c(cls, x): pass\n"
      "    @staticmethod\n"
      "    def d(x): pass\n"
      "    def e(*args): pass\n");
  std::vector<Texts> all;
  for (const auto& function : model.functions) all.push_back(describe(function.parameters));
  EXPECT_EQ(all, (std::vector<Texts>{{"x"}, {"x"}, {"x"}, {"x"}, {"*args"}}));
}

}  // namespace
}  // namespace testgen::analysis
