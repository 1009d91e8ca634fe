#include "service/http/wire.h"

#include <gtest/gtest.h>

namespace testgen::service {
namespace {

TEST(WireTest, WritesAHeadWithDateLengthAndConnection) {
  const Response response{.status = 202, .body = "{}", .headers = {{"location", "/v1/jobs/1"}}};
  const base::WallTime time{std::chrono::seconds(784111777)};
  EXPECT_EQ(response_head(response, {.keep_alive = true, .now = time}),
            "HTTP/1.1 202 Accepted\r\n"
            "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "content-type: application/json\r\n"
            "content-length: 2\r\n"
            "connection: keep-alive\r\n"
            "location: /v1/jobs/1\r\n\r\n");
}

TEST(WireTest, LetsNoHeaderValueBeginAnotherHeader) {
  const Response response{.headers = {{"x-request-id", "a\r\nset-cookie: b"}}};
  const std::string head = response_head(response, {.keep_alive = false});
  EXPECT_NE(head.find("x-request-id: aset-cookie: b\r\n"), std::string::npos);
  EXPECT_NE(head.find("connection: close\r\n"), std::string::npos);
}

TEST(WireTest, SplitsOriginAndAbsoluteTargets) {
  const auto split = [](const char* target) {
    Request request;
    request.target = target;
    split_target(request);
    return request.path + "|" + request.query;
  };
  EXPECT_EQ(split("/v1/jobs?limit=2&x=?"), "/v1/jobs|limit=2&x=?");
  EXPECT_EQ(split("http://host:80/a/b?c"), "/a/b|c");
  EXPECT_EQ(split("http://host"), "/|");
  EXPECT_EQ(split("*"), "*|");
}

TEST(WireTest, RefusesFramingThatTwoServersCouldReadDifferently) {
  EXPECT_FALSE(framing_fault(1, 11, 0, ""));
  EXPECT_FALSE(framing_fault(1, 11, 1, "chunked"));
  EXPECT_FALSE(framing_fault(1, 11, 1, " Chunked "));
  EXPECT_FALSE(framing_fault(0, 10, 0, ""));
  EXPECT_TRUE(framing_fault(0, 11, 0, ""));
  EXPECT_TRUE(framing_fault(2, 11, 0, ""));
  EXPECT_TRUE(framing_fault(1, 11, 1, "gzip, chunked"));
  EXPECT_TRUE(framing_fault(1, 11, 1, "gzip"));
  EXPECT_TRUE(framing_fault(1, 11, 1, "xchunked"));
  EXPECT_TRUE(framing_fault(1, 11, 2, "chunked"));
  EXPECT_TRUE(framing_fault(1, 10, 1, "chunked"));
}

}  // namespace
}  // namespace testgen::service
