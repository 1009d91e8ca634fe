#include "service/http/listen_address.h"

#include <gtest/gtest.h>

namespace testgen::service {
namespace {

TEST(ListenAddressTest, ReadsAddressesAndTellsLoopback) {
  const auto v4 = ListenAddress::parse("127.0.0.1:8000");
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->port, 8000);
  EXPECT_TRUE(v4->is_loopback());
  EXPECT_EQ(v4->to_string(), "127.0.0.1:8000");

  const auto v6 = ListenAddress::parse("[::1]:0");
  ASSERT_TRUE(v6);
  EXPECT_TRUE(v6->is_loopback());
  EXPECT_EQ(v6->to_string(), "[::1]:0");

  EXPECT_EQ(ListenAddress::parse("localhost:80")->host, "127.0.0.1");
  EXPECT_FALSE(ListenAddress::parse("0.0.0.0:80")->is_loopback());
  EXPECT_FALSE(ListenAddress::parse("[::]:80")->is_loopback());
  EXPECT_FALSE(ListenAddress::parse("192.168.1.5:80")->is_loopback());
}

TEST(ListenAddressTest, RefusesEverythingElse) {
  for (const char* text :
       {"", "8000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "::1:80", "127.0.0.1:80x",
        "example.com:80", "[127.0.0.1]:80", "127.1:80", "127.0.0.1:-1", "[]:80", ":80"}) {
    const auto parsed = ListenAddress::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, base::ErrorCode::InvalidArgument);
    EXPECT_FALSE(parsed.error().hint.empty());
  }
}

TEST(ListenAddressTest, KnowsTheHostHeadersOfThisMachine) {
  for (const char* host : {"localhost", "LOCALHOST:8000", "127.0.0.1:8000", "127.0.0.1",
                           "[::1]:8000", "app.localhost"}) {
    EXPECT_TRUE(is_loopback_host_header(host)) << host;
  }
  for (const char* host : {"", "evil.example", "evil.example:8000", "127.0.0.1.evil.example",
                           "localhost.evil.example", "192.168.0.1", "[::2]", "[::1"}) {
    EXPECT_FALSE(is_loopback_host_header(host)) << host;
  }
}

}  // namespace
}  // namespace testgen::service
