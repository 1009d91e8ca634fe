#include "engine/explorer/regex_strings.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace testgen::engine {
namespace {

// Every text made for the pattern matches it, by the judgement of another engine.
void expect_matching(const std::string& pattern) {
  base::Random random(7);
  const std::regex judge(pattern);
  for (int i = 0; i < 60; ++i) {
    const auto text = matching_text(pattern, {}, random);
    ASSERT_TRUE(text) << pattern;
    EXPECT_TRUE(std::regex_match(*text, judge)) << pattern << " does not match " << *text;
  }
}

TEST(RegexStrings, LiteralsClassesAndRepetition) {
  expect_matching("abc");
  expect_matching("[a-f0-9]{4}-\\d+");
  expect_matching("(?:ab|cd)*x?");
  expect_matching("[^abc]\\w+\\s?");
  expect_matching("a{2,3}b{0,1}(c|d|)e");
  expect_matching("\\(\\[\\]\\.");
  expect_matching("[\\]x-]{1,3}");
}

TEST(RegexStrings, GroupsAreRepeatedByReference) {
  expect_matching("([a-z])-\\1");
  base::Random random(1);
  const auto text = matching_text("(?P<q>['\"])x(?P=q)", {}, random);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->front(), text->back());
}

TEST(RegexStrings, AllAlternativesAreTaken) {
  base::Random random(3);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(*matching_text("red|green|(?:blue|black)", {}, random));
  EXPECT_EQ(seen, (std::set<std::string>{"red", "green", "blue", "black"}));
}

TEST(RegexStrings, VerbosePatternsAreReadWithoutLayout) {
  base::Random random(1);
  EXPECT_EQ(matching_text("a b  # the beginning\n c", {.verbose = true}, random), "abc");
  EXPECT_EQ(matching_text("(?x) a b", {}, random), "ab");
}

TEST(RegexStrings, BrokenPatternsAreRefused) {
  base::Random random(1);
  for (const char* pattern : {"(", "[", "a)", "(?P<x", "\\", "(?(1)a|b)"}) {
    EXPECT_FALSE(matching_text(pattern, {}, random)) << pattern;
  }
}

TEST(RegexStrings, DeepAndGreedyPatternsAreBounded) {
  base::Random random(1);
  EXPECT_FALSE(matching_text(std::string(200, '(') + std::string(200, ')'), {}, random));
  const auto text = matching_text("(?:(?:a{50}){50}){50}", {}, random);
  if (text) {
    EXPECT_LE(text->size(), 200U);
  }
}

}  // namespace
}  // namespace testgen::engine
