// From bytes to lines and columns, and back.
#include "base/line_table.h"

#include <gtest/gtest.h>

namespace testgen::base {
namespace {

TEST(LineTable, ColumnsAreCodePointsBothWays) {
  const LineTable lines("a\nx = '\xc3\xa4\xc3\xb6'; y\n");
  EXPECT_EQ(lines.count(), 2U);
  EXPECT_EQ(lines.offset(2, 10), 13U);
  EXPECT_EQ(lines.line_of(13), 2U);
  EXPECT_EQ(lines.column(2, 13), 10U);
  EXPECT_EQ(lines.line(1), "a");
}

TEST(LineTable, WhatIsNoPlaceHasNoByte) {
  const LineTable lines("ab\ncd");
  for (const auto& [line, column] : {std::pair{0U, 1U}, {3U, 1U}, {1U, 0U}, {1U, 4U}, {2U, 4U}}) {
    EXPECT_EQ(lines.offset(line, column), std::string_view::npos) << line << ":" << column;
  }
  EXPECT_EQ(lines.offset(1, 3), 2U) << "the end of a line is a place";
  EXPECT_EQ(lines.offset(2, 3), 5U);
}

TEST(LineTable, WhatIsNotUtf8CountsByteByByte) {
  const LineTable lines("\xff\xc3z");
  EXPECT_EQ(lines.offset(1, 3), 2U);
  EXPECT_EQ(code_points("\xff\xc3z"), 3U);
}

}  // namespace
}  // namespace testgen::base
