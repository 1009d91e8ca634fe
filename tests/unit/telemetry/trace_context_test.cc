#include "telemetry/tracing/trace_context.h"

#include <gtest/gtest.h>

namespace testgen::telemetry {
namespace {

const std::string kTrace = "12345678901234567890123456789012";
const std::string kParent = "1234567890123456";
const std::string kGood = "00-" + kTrace + "-" + kParent + "-01";

TEST(Traceparent, ReadsVersion00) {
  const SpanContext context = parse_trace_context(kGood);
  ASSERT_TRUE(context.valid());
  EXPECT_EQ(context.trace_id.hex(), kTrace);
  EXPECT_EQ(context.span_id.hex(), kParent);
  EXPECT_TRUE(context.sampled());
  EXPECT_EQ(format_traceparent(context), kGood);
}

TEST(Traceparent, BitsAreComparedAndUnknownOnesAreNotSentOn) {
  EXPECT_FALSE(parse_trace_context("00-" + kTrace + "-" + kParent + "-00").sampled());
  EXPECT_FALSE(parse_trace_context("00-" + kTrace + "-" + kParent + "-02").sampled());
  const SpanContext all = parse_trace_context("00-" + kTrace + "-" + kParent + "-ff");
  EXPECT_TRUE(all.sampled());
  EXPECT_EQ(format_traceparent(all), "00-" + kTrace + "-" + kParent + "-03");
}

TEST(Traceparent, SurroundingSpaceIsAllowed) {
  EXPECT_TRUE(parse_trace_context(" \t" + kGood + " ").valid());
}

// The cases of W3C's own test harness.
TEST(Traceparent, RefusesWhatTheSpecificationRefuses) {
  const std::vector<std::string> bad{
      "",
      "00",
      "00-" + kTrace,
      kGood + "-",  // too long for version 00
      kGood + "-what-the-future-will-be-like",
      "ff-" + kTrace + "-" + kParent + "-01",  // forbidden version
      "0-" + kTrace + "-" + kParent + "-01",
      "000-" + kTrace + "-" + kParent + "-01",
      ".0-" + kTrace + "-" + kParent + "-01",
      "0.-" + kTrace + "-" + kParent + "-01",
      "00-00000000000000000000000000000000-" + kParent + "-01",
      "00-" + kTrace + "-0000000000000000-01",
      "00-.2345678901234567890123456789012-" + kParent + "-01",
      "00-1234567890123456789012345678901.-" + kParent + "-01",
      "00-ABCDEF78901234567890123456789012-" + kParent + "-01",  // upper case
      "00-" + kTrace + "-.234567890123456-01",
      "00-" + kTrace + "-123456789012345.-01",
      "00-" + kTrace + "-ABCDEF9012345678-01",
      "00-" + kTrace + "-" + kParent + "-.0",
      "00-" + kTrace + "-" + kParent + "-0.",
      "00-" + kTrace + "-" + kParent + "-0A",
      "00-" + kTrace + "-" + kParent + "-1",
      "00_" + kTrace + "_" + kParent + "_01",
      "00 " + kTrace + " " + kParent + " 01",
      "00-1234567890123456789012345678901-" + kParent + "-01",
      "00-123456789012345678901234567890123-" + kParent + "-01",
      "00-" + kTrace + "-123456789012345-01",
      "00-" + kTrace + "-12345678901234567-01",
  };
  for (const std::string& header : bad) {
    EXPECT_FALSE(parse_trace_context(header).valid()) << header;
  }
}

TEST(Traceparent, ReadsLaterVersionsByWhatIsKnownOfThem) {
  EXPECT_EQ(format_traceparent(parse_trace_context("cc-" + kTrace + "-" + kParent + "-01")), kGood);
  EXPECT_TRUE(
      parse_trace_context("cc-" + kTrace + "-" + kParent + "-01-what-the-future-is-like").valid());
  EXPECT_FALSE(
      parse_trace_context("cc-" + kTrace + "-" + kParent + "-01.what-the-future-is-not").valid());
}

TEST(Traceparent, AnInvalidContextHasNoHeader) {
  EXPECT_EQ(format_traceparent({}), "");
}

TEST(Tracestate, TravelsOnlyWithAValidTraceparent) {
  EXPECT_EQ(parse_trace_context(kGood, "foo=1,bar=2").tracestate(), "foo=1,bar=2");
  EXPECT_EQ(parse_trace_context("garbage", "foo=1").tracestate(), "");
  const SpanContext broken_state = parse_trace_context(kGood, "foo=1=2");
  EXPECT_TRUE(broken_state.valid());
  EXPECT_EQ(broken_state.tracestate(), "");
}

TEST(Tracestate, AllowsWhatTheGrammarAllows) {
  for (const std::string& header :
       {std::string("foo=1"), std::string("0foo=1"), std::string("a_-*/@z=!x~ y"),
        std::string("fw529a3039@dt=FfffffffbWF"), std::string(256, 'z') + "=1"}) {
    EXPECT_EQ(normalize_tracestate(header), header);
  }
  EXPECT_EQ(normalize_tracestate(" foo=1 \t,\t bar=2 ,, "), "foo=1,bar=2");
  EXPECT_EQ(normalize_tracestate("foo= 1"), "foo= 1");  // a value may begin with a space
}

TEST(Tracestate, RefusesWhatTheGrammarRefuses) {
  for (const std::string& header :
       {std::string("foo"), std::string("foo="), std::string("=1"), std::string("foo =1"),
        std::string("FOO=1"), std::string("foo.bar=1"), std::string("_foo=1"),
        std::string("foo=bar=baz"), std::string("foo=\xc3\xa9"), std::string("foo=a\x01"),
        std::string(257, 'z') + "=1", "foo=" + std::string(257, 'v')}) {
    EXPECT_EQ(normalize_tracestate(header), "") << header;
  }
}

TEST(Tracestate, CountsMembers) {
  std::string header;
  for (int i = 0; i < 32; ++i)
    header += (i > 0 ? "," : "") + std::string("k") + std::to_string(i) + "=1";
  EXPECT_EQ(normalize_tracestate(header), header);
  EXPECT_EQ(normalize_tracestate(header + ",k32=1"), "");
}

TEST(Tracestate, OfADuplicateTheFirstIsKept) {
  EXPECT_EQ(normalize_tracestate("foo=1,bar=2,foo=3"), "foo=1,bar=2");
}

TEST(Tracestate, IsCutByWholeMembersLongOnesFirst) {
  const std::string longest = "long=" + std::string(200, 'x');
  std::string header = longest;
  for (int i = 0; i < 8; ++i) header += ",k" + std::to_string(i) + "=" + std::string(50, 'y');
  const std::string cut = normalize_tracestate(header);
  EXPECT_LE(cut.size(), 512U);
  EXPECT_EQ(cut.find("long="), std::string::npos);
  EXPECT_NE(cut.find("k7="), std::string::npos);  // nothing else had to go

  std::string many;
  for (int i = 10; i < 40; ++i)
    many += (i > 10 ? ",k" : "k") + std::to_string(i) + "=" + std::string(20, 'y');
  const std::string right_cut = normalize_tracestate(many);
  EXPECT_LE(right_cut.size(), 512U);
  EXPECT_TRUE(many.starts_with(right_cut + ","));
}

}  // namespace
}  // namespace testgen::telemetry
