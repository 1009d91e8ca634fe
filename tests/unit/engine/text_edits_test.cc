#include "engine/explorer/text_edits.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/strings.h"

namespace testgen::engine {
namespace {

std::set<std::string> all_of(const std::function<std::string(base::Random&)>& edit) {
  base::Random random(1);
  std::set<std::string> out;
  for (int i = 0; i < 3000; ++i) out.insert(edit(random));
  return out;
}

TEST(TextEdits, ThePartsOfTwoTextsAreCombined) {
  const auto seen = all_of([](auto& random) { return recombine("a=1", "b;2", random); });
  EXPECT_TRUE(seen.contains("a=2")) << "the beginning of one, the end of the other";
  EXPECT_TRUE(seen.contains("b;1"));
  EXPECT_TRUE(seen.contains("a;=1")) << "a piece of one inside the other";
  EXPECT_TRUE(seen.contains("a=1b;2"));
}

TEST(TextEdits, LinesAreAddedIndentedDoubledAndTakenOut) {
  const auto seen = all_of([](auto& random) { return edit_lines("[a]\nb=1", "c", random); });
  EXPECT_TRUE(seen.contains("[a]\nb=1\nc"));
  EXPECT_TRUE(seen.contains("[a]\nb=1\n  c")) << "a continuation";
  EXPECT_TRUE(seen.contains("[a]\nb=1\nb=1"));
  EXPECT_TRUE(seen.contains("b=1"));
  EXPECT_TRUE(seen.contains("[a]\n  b=1"));
  EXPECT_TRUE(seen.contains("[a]\n\nb=1"));
  EXPECT_TRUE(seen.contains("b=1\n[a]"));
}

TEST(TextEdits, APieceIsCutOut) {
  const auto seen = all_of([](auto& random) { return cut_out("abcd", random); });
  EXPECT_TRUE(seen.contains("ad"));
  EXPECT_TRUE(seen.contains(""));
  EXPECT_TRUE(seen.contains("abcd"));
}

TEST(TextEdits, CharactersStayWhole) {
  const std::string text = "é日\n😀x";
  const auto whole = [](const std::string& edited) {
    return base::find_invalid_utf8(edited) == std::string::npos;
  };
  for (const auto& edited : all_of([&](auto& r) { return recombine(text, "ß\n٣", r); })) {
    EXPECT_TRUE(whole(edited)) << edited;
  }
  for (const auto& edited : all_of([&](auto& r) { return cut_out(text, r); })) {
    EXPECT_TRUE(whole(edited)) << edited;
  }
  for (const auto& edited : all_of([&](auto& r) { return edit_lines(text, "", r); })) {
    EXPECT_TRUE(whole(edited)) << edited;
  }
}

}  // namespace
}  // namespace testgen::engine
