#include "scan/match/pattern.h"

#include <gtest/gtest.h>

#include "base/check.h"

namespace testgen::scan {
namespace {

bool found(std::string_view pattern, std::string_view text) {
  auto compiled = Pattern::compile(pattern);
  EXPECT_TRUE(compiled) << pattern;
  return compiled && compiled->found_in(text);
}

TEST(Pattern, FindsLiteralsAnywhere) {
  EXPECT_TRUE(found("md5", "use md5 here"));
  EXPECT_FALSE(found("md5", "use sha here"));
}

TEST(Pattern, KnowsClassesGroupsAndCounts) {
  EXPECT_TRUE(found("^[a-c]{2,3}$", "abc"));
  EXPECT_FALSE(found("^[a-c]{2,3}$", "a"));
  EXPECT_FALSE(found("^[a-c]{2,3}$", "abca"));
  EXPECT_TRUE(found("^(ab|cd)+$", "abcdab"));
  EXPECT_FALSE(found("^(ab|cd)+$", "abc"));
  EXPECT_TRUE(found("^\\d+\\.\\w*$", "12.x"));
  EXPECT_TRUE(found("^x{3,}$", "xxxxx"));
  EXPECT_FALSE(found("^x{3,}$", "xx"));
  EXPECT_TRUE(found("[^/]+$", "a/b"));
}

TEST(Pattern, IsTheSameWhenItIsCompiledLater) {
  const Pattern later = Pattern::checked("^[a-c]{2,3}$");
  const Pattern copy = later;
  EXPECT_EQ(later.text(), "^[a-c]{2,3}$");
  EXPECT_TRUE(copy.found_in("abc"));
  EXPECT_FALSE(later.found_in("abca"));
  EXPECT_THROW((void)Pattern::checked("a(").found_in("a"), base::InternalError);
}

TEST(Pattern, FoldsCaseWhenAsked) {
  EXPECT_TRUE(found("(?i)passw", "myPASSWORD"));
  EXPECT_FALSE(found("passw", "myPASSWORD"));
}

TEST(Pattern, KnowsWordBoundaries) {
  EXPECT_TRUE(found("\\bmd5\\b", "a md5 b"));
  EXPECT_FALSE(found("\\bmd5\\b", "amd5b"));
}

TEST(Pattern, IsLinearWhereOthersExplode) {
  EXPECT_FALSE(found("^(a+)+$", std::string(20'000, 'a') + "b"));
  EXPECT_FALSE(found("^(a|a)*b$", std::string(20'000, 'a')));
}

TEST(Pattern, RefusesWhatItDoesNotKnow) {
  for (const std::string_view wrong : {"(", "[a", "a{2,1}", "*a", "(?=a)", "a{9999}", "\\"}) {
    EXPECT_FALSE(Pattern::compile(wrong)) << wrong;
  }
  EXPECT_FALSE(Pattern::compile("(((a{1000}){1000}){1000})"));
}

TEST(Pattern, MatchesTheLongestFromAPlace) {
  const auto pattern = Pattern::compile("gh[a-z]+");
  ASSERT_TRUE(pattern);
  Pattern::Match match;
  ASSERT_TRUE(pattern->match_at("x ghabc!", 2, match));
  EXPECT_EQ(match.end, 7U);
  EXPECT_FALSE(pattern->match_at("x ghabc!", 1, match));
}

}  // namespace
}  // namespace testgen::scan
