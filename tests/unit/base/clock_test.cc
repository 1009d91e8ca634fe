#include "base/clock.h"

#include <gtest/gtest.h>

namespace testgen::base {
namespace {

using namespace std::chrono_literals;

TEST(Clock, FormatsRfc3339InUtc) {
  EXPECT_EQ(format_rfc3339(WallTime(0s)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_rfc3339(WallTime(1'700'000'000s + 45ms)), "2023-11-14T22:13:20.045Z");
  EXPECT_EQ(format_rfc3339(WallTime(-1ms)), "1969-12-31T23:59:59.999Z");
}

TEST(Clock, UnixSecondsKeepFractions) {
  EXPECT_DOUBLE_EQ(unix_seconds(WallTime(1500ms)), 1.5);
}

}  // namespace
}  // namespace testgen::base
