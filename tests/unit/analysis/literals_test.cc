#include "analysis/literals.h"

#include "support/python_text.h"

namespace testgen::analysis {
namespace {

std::vector<std::string> sources(std::string_view text) {
  std::vector<std::string> out;
  for (const auto& literal : collect_literals(parsed(text), 0)) out.push_back(literal.source);
  return out;
}

using Texts = std::vector<std::string>;

TEST(Literals, NumbersKeepTheirSignAndSpelling) {
  EXPECT_EQ(sources("x = [1, -2, 0x1F, 1_000, -3.5, 1e9, - 4, +5, 1]\n"),
            (Texts{"1", "-2", "0x1F", "1_000", "-3.5", "1e9", "-4", "5"}));
  EXPECT_EQ(sources("x = [2j, -3J]\n"), Texts{});
}

TEST(Literals, StringsAndBytesButNotDocumentation) {
  EXPECT_EQ(
      sources("'doc'\ndef f(a='d'):\n    'doc'\n    'bare'\n    return 'a' + b'b' + r'\\c'\n"),
      (Texts{"'d'", "'a'", "b'b'", "r'\\c'"}));
}

TEST(Literals, ConcatenationsAreJoinedOnOneLine) {
  EXPECT_EQ(sources("x = ('a'\n     'b')\n"), (Texts{"'a' 'b'"}));
}

TEST(Literals, FormatStringsAreSkippedButNotWhatTheyHold) {
  EXPECT_EQ(sources("x = f'text {g(\"in\", 7)}'\n"), (Texts{"\"in\"", "7"}));
}

TEST(Literals, KindsAreTold) {
  const auto found = collect_literals(parsed("x = [1, 1.5, 's', b'b', -1]\n"), 0);
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0].kind, model::LiteralKind::Int);
  EXPECT_EQ(found[1].kind, model::LiteralKind::Float);
  EXPECT_EQ(found[2].kind, model::LiteralKind::String);
  EXPECT_EQ(found[3].kind, model::LiteralKind::Bytes);
  EXPECT_EQ(found[4].kind, model::LiteralKind::Int);
}

TEST(Literals, LongOnesAreLeftOut) {
  EXPECT_EQ(sources("x = '" + std::string(500, 'a') + "'\n"), Texts{});
}

}  // namespace
}  // namespace testgen::analysis
