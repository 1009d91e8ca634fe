#include "base/strings.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace testgen::base {
namespace {

TEST(Strings, SplitKeepsEmptyParts) {
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string>{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
}

TEST(Strings, JoinIsTheInverseOfSplit) {
  EXPECT_EQ(join(split("a/b//c", '/'), "/"), "a/b//c");
}

TEST(Strings, TrimAndLower) {
  EXPECT_EQ(trim(" \t x y\n"), "x y");
  EXPECT_EQ(trim("  "), "");
  EXPECT_EQ(to_lower("AbC-É"), "abc-É");
}

TEST(Strings, ReplaceAllDoesNotLoopOnItsOwnOutput) {
  EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
}

TEST(Utf8, AcceptsValidText) {
  EXPECT_EQ(find_invalid_utf8("plain, é, 漢, 😀"), std::string_view::npos);
}

TEST(Utf8, FindsTheFirstBadByte) {
  EXPECT_EQ(find_invalid_utf8("ab\xFFz"), 2U);
  EXPECT_EQ(find_invalid_utf8("\xC0\xAF"), 0U);          // overlong
  EXPECT_EQ(find_invalid_utf8("x\xED\xA0\x80"), 1U);     // surrogate
  EXPECT_EQ(find_invalid_utf8("\xF4\x90\x80\x80"), 0U);  // above U+10FFFF
  EXPECT_EQ(find_invalid_utf8("\xE6\xBC"), 0U);          // cut short
}

TEST(Utf8, AppendsEveryLength) {
  std::string text;
  for (const std::uint32_t code : {0x41U, 0xE9U, 0x6F22U, 0x1F600U}) append_utf8(text, code);
  EXPECT_EQ(text, "Aé漢😀");
}

TEST(EditDistance, CountsEdits) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("same", "same"), 0U);
}

TEST(Hash, MatchesTheStandardsTestVector) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, ConstantTimeEquality) {
  EXPECT_TRUE(equal_constant_time("token", "token"));
  EXPECT_FALSE(equal_constant_time("token", "tokem"));
  EXPECT_FALSE(equal_constant_time("token", "token2"));
}

TEST(Strings, OneLineCollapsesAndCuts) {
  EXPECT_EQ(one_line("  a\n\t b \r\n", 10), "a b");
  EXPECT_EQ(one_line("abcdef ", 6), "abcdef");
  EXPECT_EQ(one_line("abcdefg", 6), "abc...");
  EXPECT_EQ(one_line("ab\xc3\xa4xyz", 6), "ab...");  // no half of a letter
  EXPECT_EQ(one_line("", 6), "");
  EXPECT_EQ(one_line("abcd", 2), "..");
}

}  // namespace
}  // namespace testgen::base
