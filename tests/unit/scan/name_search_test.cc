#include "scan/match/name_search.h"

#include <gtest/gtest.h>

#include <random>

#include "scan/names/name_index.h"

namespace testgen::scan {
namespace {

bool found(std::string_view expression, std::string_view text) {
  const auto pattern = Pattern::compile(expression);
  EXPECT_TRUE(pattern) << expression;
  return NameSearch({&*pattern}).found_in(text);
}

TEST(NameSearch, FindsNamesAnywhereInAText) {
  EXPECT_TRUE(found("(?i)passw(or)?d$", "x = 1\nmy_PASSWD = y\n"));
  EXPECT_TRUE(found("(?i)passw(or)?d$", "password"));
  EXPECT_FALSE(found("(?i)passw(or)?d$", "x = passwords\npass\nword"));
  EXPECT_FALSE(found("a", ""));
}

TEST(NameSearch, TakesWordsForNames) {
  EXPECT_TRUE(found("^SECRET_KEY$", "a.SECRET_KEY=1"));
  EXPECT_FALSE(found("^SECRET_KEY$", "MY_SECRET_KEY SECRET_KEYS"));
  EXPECT_TRUE(found("\\bkey\\b", "the-key"));
  EXPECT_FALSE(found("\\bkey\\b", "keys monkey"));
  EXPECT_TRUE(found("b\\B", "abc"));
  EXPECT_FALSE(found("b\\B", "ab c"));
}

TEST(NameSearch, KnowsItemsAndResultsByTheirNames) {
  EXPECT_TRUE(found("^key(\\[\\])?$", "key[i] = 1"));
  EXPECT_TRUE(found("^key\\[\\]$", "key[i] = 1"));
  EXPECT_TRUE(found("^hmac\\(\\)$", "if hmac(x) == y"));
  EXPECT_FALSE(found("^key\\[\\]$", "monkey[i] = keys"));
}

TEST(NameSearch, FindsNothingWithoutExpressions) {
  EXPECT_FALSE(NameSearch().found_in("x"));
  EXPECT_FALSE(NameSearch(std::vector<const Pattern*>{}).found_in("x"));
}

// What the rules find by a name, the search finds in a text with that name.
TEST(NameSearch, NeverMissesWhatANameMatches) {
  const std::vector<std::string> texts{"(?i)(passw(or)?d|secret|api_?key)$",
                                       "^(SESSION|CSRF)_COOKIE$",
                                       "(aes|enc)\\w*_?key|^(key|iv)(\\[\\])?$",
                                       "(?i)(^|_)(digest|hmac)$",
                                       "\\biv\\b",
                                       "^x{2,3}[a-c]+"};
  std::vector<Pattern> patterns;
  for (const std::string& text : texts) patterns.push_back(*Pattern::compile(text));
  std::vector<const Pattern*> all;
  for (const Pattern& one : patterns) all.push_back(&one);
  const NameSearch search(all);
  const std::vector<std::string_view> parts{
      "passw",  "or", "d", "secret", "api", "_",   "key",  "aes",     "enc",  "iv", "hmac",
      "digest", "xx", "x", "a",      "7",   "KEY", "CSRF", "_COOKIE", "Secr", "ET"};
  std::mt19937 random(7);
  std::size_t matched = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string name;
    for (std::size_t left = 1 + random() % 4; left > 0; --left)
      name += parts[random() % parts.size()];
    const bool any = std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& one) {
      return one.found_in(name) || one.found_in(name + "[]");
    });
    matched += any ? 1 : 0;
    const std::string text = "self." + name + (i % 2 == 0 ? "[0] = 1" : " = 1");
    if (any) {
      EXPECT_TRUE(search.found_in(text)) << text;
    }
  }
  EXPECT_GT(matched, 1000U);
  EXPECT_LT(matched, 19'000U);
}

TEST(NameSearch, GivesUpOnTooManyStatesAndFindsEverything) {
  EXPECT_TRUE(found("a.{0,20}b.{0,20}c.{0,20}d", "nothing"));
}

}  // namespace
}  // namespace testgen::scan
