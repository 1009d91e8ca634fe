#include "app/trace_view.h"

#include <gtest/gtest.h>

namespace testgen::app {
namespace {

TEST(TraceView, IsATreeWithTimes) {
  const auto text = trace_text(R"({"trace_id":"0af7","spans":[
    {"name":"POST /v1/generate","span_id":"a","parent_span_id":"caller","status":"unset",
     "start_unix_nano":1000000000,"duration_ms":12.34,"attributes":{"http.route":"/v1/generate"}},
    {"name":"queue.wait","span_id":"b","parent_span_id":"a","status":"unset",
     "start_unix_nano":1002000000,"duration_ms":0.5},
    {"name":"job.run","span_id":"c","parent_span_id":"a","status":"error",
     "status_message":"broken","start_unix_nano":1003000000,"duration_ms":2500},
    {"name":"verify","span_id":"d","parent_span_id":"c","status":"ok",
     "start_unix_nano":1004000000,"duration_ms":1}]})");
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "trace 0af7: 4 spans, 2.50 s, 1 with an error\n\n"
            "POST /v1/generate       +0 µs     12.3 ms  http.route=/v1/generate\n"
            "├─ queue.wait         +2.0 ms      500 µs\n"
            "└─ job.run            +3.0 ms      2.50 s  ERROR  broken\n"
            "   └─ verify          +4.0 ms      1.0 ms\n");
}

TEST(TraceView, TrustsNoServer) {
  for (const char* answer : {"", "[]", "{}", "null", R"({"spans":3})", "<html>"}) {
    EXPECT_FALSE(trace_text(answer)) << answer;
  }
  // A circle, a parent of itself, wrong types and control characters.
  const auto text = trace_text(R"({"trace_id":7,"spans":[3,
    {"name":"a","span_id":"1","parent_span_id":"2"},
    {"name":"b","span_id":"2","parent_span_id":"1","start_unix_nano":"x"},
    {"name":"c\u001b[2J","span_id":"3","parent_span_id":"3","duration_ms":"y"}]})");
  ASSERT_TRUE(text);
  EXPECT_EQ(text->find('\x1b'), std::string::npos);
  EXPECT_NE(text->find("c"), std::string::npos);
}

}  // namespace
}  // namespace testgen::app
