#include "emit/report_layout.h"

#include <gtest/gtest.h>

namespace testgen::emit {
namespace {

TEST(ReportLayout, MakesHostileTextHarmless) {
  EXPECT_EQ(printable("plain é 名"), "plain é 名");
  EXPECT_EQ(printable("a\x1b[31mred\x07"), "a\\x1b[31mred\\x07");
  EXPECT_EQ(printable("two\nlines\t"), "two\\nlines\\t");
  EXPECT_EQ(printable("bad\xff\xc3"), "bad\\xff\\xc3");
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "evil"),
            "\\u202eevil");  // right-to-left override
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\u009b31m");  // the 8-bit escape introducer
}

TEST(ReportLayout, MeasuresColumnsNotBytes) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("é"), 1U);
  EXPECT_EQ(display_width("名前"), 4U);
  EXPECT_EQ(display_width("e\xcc\x81"), 1U);  // e and a combining accent
}

TEST(ReportLayout, ShortensWithinTheWidth) {
  EXPECT_EQ(shorten("short", 10, Cut::Front), "short");
  EXPECT_EQ(shorten("package.module", 8, Cut::Front), "….module");
  EXPECT_EQ(shorten("a sentence", 5, Cut::End), "a se…");
  EXPECT_EQ(shorten("x", 0, Cut::End), "");
  for (std::size_t width = 1; width < 12; ++width) {
    EXPECT_LE(display_width(shorten("名前の長いモジュール", width, Cut::Front)), width);
    EXPECT_LE(display_width(shorten("名前の長いモジュール", width, Cut::End)), width);
  }
}

TEST(ReportLayout, AlignsNumbersRightAndCutsTheFirstColumn) {
  const std::string out =
      table({{"module", "tests"}, {"calc", "7"}, {"shop.very.long.name", "12"}}, 20);
  EXPECT_EQ(out,
            "module         tests\n"
            "calc               7\n"
            "…ry.long.name     12\n");
}

}  // namespace
}  // namespace testgen::emit
