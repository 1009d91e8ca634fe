#include "telemetry/tracing/baggage.h"

#include <gtest/gtest.h>

namespace testgen::telemetry {
namespace {

std::string shown(std::string_view header) {
  std::string out;
  for (const BaggageMember& member : parse_baggage(header)) {
    out += "[" + member.key + "=" + member.value +
           (member.properties.empty() ? "" : ";" + member.properties) + "]";
  }
  return out;
}

TEST(Baggage, ReadsMembersInOrder) {
  EXPECT_EQ(shown("a=1,b=2"), "[a=1][b=2]");
  EXPECT_EQ(shown(" a = 1 ,\tb=2 ; p = x ; q"), "[a=1][b=2;p = x ; q]");
  EXPECT_EQ(shown("k="), "[k=]");
  EXPECT_EQ(shown("a=b=c"), "[a=b=c]");
}

TEST(Baggage, DecodesPercents) {
  EXPECT_EQ(shown("k=%20x%2C%C3%A9"), "[k= x,\xc3\xa9]");
  EXPECT_EQ(shown("k=100%"), "[k=100%]");
  EXPECT_EQ(shown("k=%zz"), "[k=%zz]");
  EXPECT_EQ(shown("k=%ff"), "[k=\xEF\xBF\xBD]");  // not UTF-8
}

TEST(Baggage, LeavesOutWhatIsMalformed) {
  EXPECT_EQ(shown("a=1,,b,=x,c d=2,e=\"q\",f=2"), "[a=1][f=2]");
  EXPECT_EQ(shown(""), "");
  EXPECT_EQ(shown(",,,"), "");
}

TEST(Baggage, IsBounded) {
  std::string many = "k0=v";
  for (int i = 1; i < 100; ++i) many += ",k" + std::to_string(i) + "=v";
  EXPECT_EQ(parse_baggage(many).size(), 64U);
  EXPECT_EQ(parse_baggage("a=1,b=" + std::string(8190, 'x')).size(), 1U);
  EXPECT_EQ(parse_baggage("b=" + std::string(8190, 'x')).size(), 1U);
  EXPECT_EQ(parse_baggage("b=" + std::string(8191, 'x')).size(), 0U);
}

TEST(Baggage, ComesBackAsItWas) {
  for (const char* header : {"a=1,b=2", "k=%20x%2C;p=1", "k="}) {
    EXPECT_EQ(format_baggage(parse_baggage(header)), header);
  }
  EXPECT_EQ(format_baggage({{"bad key", "v", ""}, {"k", "v", "p\r\n"}, {"ok", "\n", ""}}),
            "ok=%0A");
}

}  // namespace
}  // namespace testgen::telemetry
