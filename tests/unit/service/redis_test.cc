// Addresses of a Redis, and its protocol. A real one is asked in tests/integration/test_redis.py.
#include <gtest/gtest.h>

#include "service/cache/redis_address.h"
#include "service/cache/redis_cache.h"
#include "service/cache/resp.h"
#include "support/fake_clock.h"

namespace testgen::service {
namespace {

TEST(RedisAddress, HasAHostAndMaybeTheRest) {
  EXPECT_EQ(*parse_redis_address("redis://cache.example.com"),
            (RedisAddress{.host = "cache.example.com"}));
  EXPECT_EQ(*parse_redis_address("redis://testgen@127.0.0.1:6380/2"),
            (RedisAddress{.host = "127.0.0.1", .port = 6380, .user = "testgen", .database = 2}));
  EXPECT_EQ(*parse_redis_address("redis://[::1]:6379/"), (RedisAddress{.host = "::1"}));
}

TEST(RedisAddress, WhatIsNoneIsRefused) {
  for (const char* wrong :
       {"", "cache:6379", "http://cache", "redis://", "redis://:6379",
        "redis://cache:", "redis://cache:0", "redis://cache:65536", "redis://cache:six",
        "redis://cache/one", "redis://[::1", "redis://[::1]6379", "rediss://cache"}) {
    const auto parsed = parse_redis_address(wrong);
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_FALSE(parsed.error().hint.empty()) << wrong;
  }
}

TEST(RedisAddress, APasswordIsRefusedAndNotRepeated) {
  const auto parsed = parse_redis_address("redis://ann:hunter2@cache");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(describe(parsed.error()).find("hunter2"), std::string::npos);
  EXPECT_NE(parsed.error().hint.find("--redis-password-file"), std::string::npos);
}

TEST(RedisProtocol, ACommandIsItsWordsWithTheirLengths) {
  EXPECT_EQ(redis_command({"GET", "a\r\nb"}), "*2\r\n$3\r\nGET\r\n$4\r\na\r\nb\r\n");
}

TEST(RedisProtocol, ReadsEachKindOfReply) {
  using Kind = RedisReply::Kind;
  const auto read = [](std::string_view bytes) { return **read_reply(bytes, 100); };
  EXPECT_EQ(read("+PONG\r\n").kind, Kind::Status);
  EXPECT_EQ(read("+PONG\r\n").text, "PONG");
  EXPECT_EQ(read("-NOAUTH no\r\n").kind, Kind::Error);
  EXPECT_EQ(read(":3\r\n").kind, Kind::Integer);
  EXPECT_EQ(read("$-1\r\n").kind, Kind::Nothing);
  EXPECT_EQ(read("$4\r\na\r\nb\r\n").text, "a\r\nb");
  EXPECT_EQ(read("$0\r\n\r\n").kind, Kind::Bulk);
}

TEST(RedisProtocol, WaitsForTheWholeReply) {
  const std::string reply = "$4\r\nabcd\r\n";
  for (std::size_t size = 0; size < reply.size(); ++size) {
    const auto read = read_reply(reply.substr(0, size), 100);
    ASSERT_TRUE(read) << size;
    EXPECT_FALSE(*read) << size;
  }
}

TEST(RedisProtocol, WhatIsNoReplyIsAnError) {
  for (const std::string& wrong :
       {std::string("HTTP/1.1 400 Bad Request\r\n"), std::string("$x\r\n"), std::string("$-2\r\n"),
        std::string("$2\r\nabcd\r\n"), std::string("*1\r\n"), std::string("$101\r\n"),
        std::string("$99999999999999999999\r\n"), std::string(5000, '+')}) {
    EXPECT_FALSE(read_reply(wrong, 100)) << wrong.substr(0, 40);
  }
}

TEST(RedisCache, WhereNothingListensItFailsOnceAndIsThenLeftAlone) {
  testing::FakeClock clock;
  // Port 1 of loopback: nobody listens there.
  const auto cache = make_redis_cache(
      {.address = {.host = "127.0.0.1", .port = 1}, .pause = std::chrono::seconds(5)}, clock);
  const auto first = cache->get("a");
  ASSERT_FALSE(first);
  EXPECT_NE(first.error().message.find("127.0.0.1:1"), std::string::npos) << first.error().message;
  const auto second = cache->get("a");
  ASSERT_TRUE(second);
  EXPECT_FALSE(*second);
  EXPECT_TRUE(cache->put("a", "1", std::chrono::seconds(1)));
  EXPECT_FALSE(cache->check(std::chrono::steady_clock::now() + std::chrono::seconds(1)));
  clock.advance(std::chrono::seconds(6));
  EXPECT_FALSE(cache->get("a"));
}

}  // namespace
}  // namespace testgen::service
