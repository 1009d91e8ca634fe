#include "service/http/message.h"

#include <gtest/gtest.h>

namespace testgen::service {
namespace {

TEST(MessageTest, FindsAndJoinsHeaders) {
  Request request;
  request.headers = {{"tracestate", "a=1"}, {"host", "x"}, {"tracestate", "b=2"}};
  EXPECT_EQ(request.header("tracestate"), "a=1");
  EXPECT_EQ(request.joined_header("tracestate"), "a=1,b=2");
  EXPECT_EQ(request.header("none"), "");
  EXPECT_EQ(request.joined_header("none"), "");
}

TEST(MessageTest, DecodesQueryParameters) {
  Request request;
  request.query = "limit=10&after=a%20b+c&flag&bad=%zz&=x";
  EXPECT_EQ(request.query_parameter("limit"), "10");
  EXPECT_EQ(request.query_parameter("after"), "a b c");
  EXPECT_EQ(request.query_parameter("flag"), "");
  EXPECT_EQ(request.query_parameter("bad"), "%zz");
  EXPECT_EQ(request.query_parameter("lim"), "");
}

}  // namespace
}  // namespace testgen::service
