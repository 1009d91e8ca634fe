#include "net/retry.h"

#include <gtest/gtest.h>

namespace testgen::net {
namespace {

using namespace std::chrono_literals;

// Sun, 06 Nov 1994 08:49:00 GMT.
const base::WallTime kNow{std::chrono::seconds(784'111'740)};

TEST(RetryAfter, ReadsSeconds) {
  EXPECT_EQ(parse_retry_after("0", kNow), 0ms);
  EXPECT_EQ(parse_retry_after(" 120 ", kNow), 120s);
}

TEST(RetryAfter, ReadsDates) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", kNow), 37s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", kNow), 0ms);  // in the past
}

TEST(RetryAfter, CapsAbsurdWaits) {
  EXPECT_EQ(parse_retry_after("999999999", kNow), 24h);
  EXPECT_EQ(parse_retry_after("99999999999999999999999999", kNow), 24h);
  EXPECT_EQ(parse_retry_after("Fri, 31 Dec 9999 23:59:59 GMT", kNow), 24h);
}

TEST(RetryAfter, IgnoresWhatIsMalformed) {
  for (const char* text :
       {"", "-1", "1.5", "soon", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 ovN 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET"}) {
    EXPECT_FALSE(parse_retry_after(text, kNow)) << text;
  }
}

TEST(Backoff, GrowsToItsMaximumWithJitter) {
  Backoff backoff(100ms, 400ms, 7);
  for (const auto step : {100ms, 200ms, 400ms, 400ms, 400ms}) {
    const auto delay = backoff.next();
    EXPECT_GE(delay, step / 2);
    EXPECT_LE(delay, step);
  }
}

TEST(Backoff, DiffersBetweenClients) {
  Backoff one(1s, 60s, 1);
  Backoff two(1s, 60s, 2);
  EXPECT_NE(one.next(), two.next());
}

}  // namespace
}  // namespace testgen::net
