#include "telemetry/export/otlp_spans.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "telemetry/export/otlp_response.h"
#include "telemetry/tracing/span_pool.h"

namespace testgen::telemetry {
namespace {

FinishedSpan sample_span() {
  SpanRecord* span = SpanPool::take();
  span->context.trace_id = *TraceId::from_hex("0102030405060708090a0b0c0d0e0f10");
  span->context.span_id = *SpanId::from_hex("1112131415161718");
  span->context.flags = 3;
  span->context.carried = std::make_shared<const Carried>(Carried{"a=1", "not=exported"});
  span->parent = *SpanId::from_hex("2122232425262728");
  span->parent_is_remote = true;
  span->set_name("op");
  span->kind = SpanKind::Server;
  span->set_status(SpanStatus::Error, "bad");
  span->start_ns = 1'700'000'000'000'000'001;
  span->end_ns = 1'700'000'000'000'000'009;
  span->set("s", "v\xff");
  span->set("i", -2);
  span->set("d", 0.5);
  span->set("b", false);
  span->add_event("e", 5, {{"k", true}});
  span->dropped_attributes = 7;
  return FinishedSpan::first(span);
}

std::string hex(std::string_view bytes) {
  std::string out(bytes.size() * 2, '0');
  write_hex(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), out.data());
  return out;
}

// The bytes of a minimal request, field by field, as the .proto files number them.
TEST(OtlpProtobuf, MinimalSpanByteByByte) {
  SpanRecord* span = SpanPool::take();
  span->context = {*TraceId::from_hex("0102030405060708090a0b0c0d0e0f10"),
                   *SpanId::from_hex("1112131415161718"), 1, nullptr};
  span->set_name("op");
  span->start_ns = 1;
  span->end_ns = 2;
  const std::vector<FinishedSpan> spans{FinishedSpan::first(span)};
  EXPECT_EQ(hex(encode_spans_protobuf(spans, {{"k", "v"}})),
            "0a55"  // resource_spans
            "0a0a"
            "0a08"
            "0a016b"
            "1203"
            "0a0176"  // resource { attributes { k: "v" } }
            "1247"    // scope_spans
            "0a09"
            "0a0774657374"
            "67656e"  // scope { name: testgen }
            "123a"    // span
            "0a10"
            "0102030405060708090a0b0c0d0e0f10"  // trace_id
            "1208"
            "1112131415161718"  // span_id
            "2a02"
            "6f70"  // name
            "3001"  // kind: internal
            "39"
            "0100000000000000"  // start
            "41"
            "0200000000000000"  // end
            "8501"
            "01010000");  // flags: sampled, remoteness known
}

TEST(OtlpProtobuf, FullSpanReadsBack) {
  const std::vector<FinishedSpan> spans{sample_span()};
  const std::string bytes = encode_spans_protobuf(spans, {{"service.name", "testgen-copilot"}});
  const auto resource_spans = ProtoReader(bytes).next();
  ASSERT_TRUE(resource_spans);
  ProtoReader in_resource(resource_spans->bytes);
  ASSERT_TRUE(in_resource.next());
  const auto scope_spans = in_resource.next();
  ASSERT_EQ(scope_spans->number, 2U);
  ProtoReader in_scope(scope_spans->bytes);
  ASSERT_TRUE(in_scope.next());
  const auto span = in_scope.next();
  std::vector<ProtoReader::Field> fields;
  ProtoReader reader(span->bytes);
  while (const auto field = reader.next()) fields.push_back(*field);
  std::vector<std::uint32_t> numbers;
  for (const auto& field : fields) numbers.push_back(field.number);
  EXPECT_EQ(numbers,
            (std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 10, 11, 15, 16}));
  EXPECT_EQ(fields[2].bytes, "a=1");
  EXPECT_EQ(hex(fields[3].bytes), "2122232425262728");
  EXPECT_EQ(fields[5].value, 2U);
  EXPECT_EQ(hex(fields[8].bytes), "0a017312060a0476efbfbd");  // invalid UTF-8 was replaced
  EXPECT_EQ(hex(fields[9].bytes), "0a0169120b18feffffffffffffffff01");
  EXPECT_EQ(hex(fields[10].bytes), "0a0164120921000000000000e03f");
  EXPECT_EQ(hex(fields[11].bytes), "0a016212021000");  // false is a value, not an absence
  EXPECT_EQ(fields[12].value, 7U);
  EXPECT_EQ(hex(fields[14].bytes), "12036261641802");
  EXPECT_EQ(fields[15].value, 0x303U);
}

TEST(OtlpJson, FollowsItsSpecialRules) {
  const std::vector<FinishedSpan> spans{sample_span()};
  const auto json =
      nlohmann::json::parse(encode_spans_json(spans, {{"service.name", "testgen-copilot"}}));
  EXPECT_EQ(json, nlohmann::json::parse(R"({"resourceSpans":[{
    "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"testgen-copilot"}}]},
    "scopeSpans":[{"scope":{"name":"testgen"},"spans":[{
      "traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718",
      "traceState":"a=1","parentSpanId":"2122232425262728","name":"op","kind":2,
      "startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"1700000000000000009",
      "attributes":[{"key":"s","value":{"stringValue":"v\ufffd"}},
                    {"key":"i","value":{"intValue":"-2"}},
                    {"key":"d","value":{"doubleValue":0.5}},
                    {"key":"b","value":{"boolValue":false}}],
      "droppedAttributesCount":7,
      "events":[{"timeUnixNano":"5","name":"e",
                 "attributes":[{"key":"k","value":{"boolValue":true}}]}],
      "status":{"code":2,"message":"bad"},"flags":771}]}]}]})"));
}

TEST(OtlpJson, NonFiniteNumbersAreStrings) {
  SpanRecord* span = SpanPool::take();
  span->set("n", NAN);
  span->set("p", INFINITY);
  span->set("m", -INFINITY);
  const std::vector<FinishedSpan> spans{FinishedSpan::first(span)};
  const auto json = nlohmann::json::parse(encode_spans_json(spans, {}));
  const auto& attributes = json["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"];
  EXPECT_EQ(attributes[0]["value"]["doubleValue"], "NaN");
  EXPECT_EQ(attributes[1]["value"]["doubleValue"], "Infinity");
  EXPECT_EQ(attributes[2]["value"]["doubleValue"], "-Infinity");
}

TEST(PartialSuccess, IsReadFromBothEncodings) {
  ProtoWriter partial;
  partial.varint(1, 5);
  partial.bytes(2, "quota");
  ProtoWriter response;
  response.message(1, partial);
  const auto proto = parse_partial_success(OtlpProtocol::HttpProtobuf, response.take());
  ASSERT_TRUE(proto);
  EXPECT_EQ(proto->rejected, 5);
  EXPECT_EQ(proto->message, "quota");
  for (const char* body :
       {R"({"partialSuccess":{"rejectedSpans":"5","errorMessage":"quota"}})",
        R"({"partialSuccess":{"rejectedSpans":5,"errorMessage":"quota"},"x":1})"}) {
    const auto json = parse_partial_success(OtlpProtocol::HttpJson, body);
    ASSERT_TRUE(json);
    EXPECT_EQ(json->rejected, 5);
    EXPECT_EQ(json->message, "quota");
  }
}

TEST(PartialSuccess, GarbageIsNoPartialSuccess) {
  for (const std::string body :
       {"", "{}", "[]", "null", "{\"partialSuccess\":3}", "\xff\xff\xff", "not json at all"}) {
    EXPECT_FALSE(parse_partial_success(OtlpProtocol::HttpJson, body)) << body;
  }
  for (const std::string& body :
       {std::string(), std::string("\x0a\x7f", 2), std::string("\x0a", 1), std::string(20, '\xff'),
        std::string("\x08\x01", 2), std::string("\x00", 1)}) {
    EXPECT_FALSE(parse_partial_success(OtlpProtocol::HttpProtobuf, body));
  }
}

}  // namespace
}  // namespace testgen::telemetry
