#include "config/values.h"

#include <gtest/gtest.h>

namespace testgen::config {
namespace {

using namespace std::chrono_literals;

TEST(Values, ReadsDurationsAsPeopleWriteThem) {
  EXPECT_EQ(*parse_duration("10s"), 10s);
  EXPECT_EQ(*parse_duration("1m30s"), 90s);
  EXPECT_EQ(*parse_duration("500ms"), 500ms);
  EXPECT_EQ(*parse_duration("1.5h"), 90min);
  EXPECT_EQ(*parse_duration("0s"), 0s);
}

TEST(Values, RefusesWhatIsNotADuration) {
  for (const char* text : {"", "10", "s", "10 s", "-1s", "10x", "1m-30s", "1e3s", "nan", "infs",
                           "10s ", "9999999999999h", "1m30"}) {
    const auto parsed = parse_duration(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, base::ErrorCode::InvalidArgument);
    EXPECT_NE(parsed.error().hint.find("1m30s"), std::string::npos);
  }
}

TEST(Values, WritesTheShortestDuration) {
  EXPECT_EQ(format_duration(90s), "1m30s");
  EXPECT_EQ(format_duration(500ms), "500ms");
  EXPECT_EQ(format_duration(1h), "1h");
  EXPECT_EQ(format_duration(0ms), "0s");
  for (const auto duration : {1ms, 999ms, 61'001ms, 3'600'000ms}) {
    EXPECT_EQ(*parse_duration(format_duration(duration)), duration);
  }
}

TEST(Values, ReadsSizesAndRefusesOverflow) {
  EXPECT_EQ(*parse_bytes("65536"), 65536U);
  EXPECT_EQ(*parse_bytes("512KiB"), 512U * 1024U);
  EXPECT_EQ(*parse_bytes("2GiB"), 2ULL << 30U);
  for (const char* text :
       {"", "1MB", "-1", "1.5MiB", "1 MiB", "18446744073709551616", "99999999999GiB"}) {
    EXPECT_FALSE(parse_bytes(text)) << text;
  }
  EXPECT_EQ(format_bytes(1024 * 1024), "1MiB");
  EXPECT_EQ(format_bytes(1500), "1500");
  EXPECT_EQ(format_bytes(0), "0");
}

TEST(Values, ReadsCountsRatiosAndSwitches) {
  EXPECT_EQ(*parse_count("42"), 42U);
  for (const char* text : {"", "-1", "4.2", "0x10", "1 ", "99999999999999999999"}) {
    EXPECT_FALSE(parse_count(text)) << text;
  }
  EXPECT_DOUBLE_EQ(*parse_ratio("0.25"), 0.25);
  EXPECT_FALSE(parse_ratio("25%"));
  EXPECT_TRUE(*parse_switch("Yes"));
  EXPECT_FALSE(*parse_switch("off"));
  EXPECT_FALSE(parse_switch("maybe"));
}

TEST(Values, GuessesSlipsOfTheHandOnly) {
  const std::vector<std::string_view> names = {"generate", "serve", "doctor", "help"};
  EXPECT_EQ(nearest("genrate", names), "generate");
  EXPECT_EQ(nearest("gen", names), "generate");
  EXPECT_EQ(nearest("sevre", names), "serve");
  EXPECT_EQ(nearest("banana", names), "");
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(did_you_mean("docter", names), "did you mean \"doctor\"?");
  EXPECT_EQ(did_you_mean("xyz", names), "");
}

}  // namespace
}  // namespace testgen::config
