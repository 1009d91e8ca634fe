#include "base/wrap_text.h"

#include <gtest/gtest.h>

namespace testgen::base {
namespace {

TEST(WrapText, BreaksBetweenWordsAndIndentsWhatFollows) {
  EXPECT_EQ(wrap_text("one two three four", 2, 10), "one two\n  three\n  four");
}

TEST(WrapText, FillsALineToItsLastColumn) {
  EXPECT_EQ(wrap_text("ab cd", 0, 5), "ab cd");
  EXPECT_EQ(wrap_text("ab cd", 0, 4), "ab\ncd");
}

TEST(WrapText, LeavesALongWordWhole) {
  EXPECT_EQ(wrap_text("a incomprehensible b", 1, 6), "a\n incomprehensible\n b");
}

TEST(WrapText, CollapsesBlanks) {
  EXPECT_EQ(wrap_text("  a   b ", 0, 80), "a b");
  EXPECT_EQ(wrap_text("", 4, 80), "");
}

}  // namespace
}  // namespace testgen::base
