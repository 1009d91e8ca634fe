#include "source/encoding.h"

#include <gtest/gtest.h>

namespace testgen::source {
namespace {

using base::ErrorCode;

TEST(Encoding, PlainUtf8StaysAsItIs) {
  EXPECT_EQ(*decode_python("x = 'é'\n"), "x = 'é'\n");
}

TEST(Encoding, DropsTheByteOrderMark) {
  EXPECT_EQ(*decode_python("\xEF\xBB\xBFx = 1\n"), "x = 1\n");
}

TEST(Encoding, UsesTheCodingLineOnTheFirstOrSecondLine) {
  EXPECT_EQ(*decode_python("# -*- coding: latin-1 -*-\nx = '\xE9'\n"),
            "# -*- coding: latin-1 -*-\nx = 'é'\n");
  EXPECT_EQ(*decode_python("#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n"),
            "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '€'\n");
}

TEST(Encoding, ACodingLineAfterCodeIsAnOrdinaryComment) {
  EXPECT_FALSE(coding_line("x = 1\n# coding: latin-1\n"));
  EXPECT_FALSE(coding_line("\n\n# coding: latin-1\n"));
  EXPECT_FALSE(coding_line("print('# coding: latin-1')\n"));
  EXPECT_EQ(coding_line("\r\n# coding: latin-1\r\n"), "latin-1");
}

TEST(Encoding, SaysWhichLineIsNotUtf8) {
  const auto result = decode_python("a = 1\nb = '\xE9'\n");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(result.error().message, "line 2 is not UTF-8");
  EXPECT_NE(result.error().hint.find("coding"), std::string::npos);
}

TEST(Encoding, RefusesWhatTheNamedEncodingDoesNotAllow) {
  const auto result = decode_python("# coding: ascii\nx = '\xE9'\n");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::InvalidInput);
  EXPECT_NE(result.error().message.find("line 2"), std::string::npos);
}

TEST(Encoding, RefusesUnknownEncodingsAndUtf16) {
  EXPECT_EQ(decode_python("# coding: no-such-thing\n").error().code, ErrorCode::Unsupported);
  EXPECT_EQ(decode_python("# coding: utf-16\n").error().code, ErrorCode::Unsupported);
  EXPECT_EQ(decode_python("\xFF\xFEx\0").error().code, ErrorCode::Unsupported);
}

TEST(Encoding, RefusesAMarkThatContradictsTheCodingLine) {
  EXPECT_EQ(decode_python("\xEF\xBB\xBF# coding: latin-1\n").error().code, ErrorCode::InvalidInput);
}

TEST(Encoding, NulMeansBinary) {
  const auto result = decode_python(std::string_view("x\0y", 3));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::InvalidInput);
  EXPECT_NE(result.error().message.find("binary"), std::string::npos);
}

TEST(Encoding, LineEndsBecomeUnixOnesAndLinesKeepTheirNumbers) {
  EXPECT_EQ(*decode_python("a\r\nb\rc\n\r\nd"), "a\nb\nc\n\nd");
}

}  // namespace
}  // namespace testgen::source
