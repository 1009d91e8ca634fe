#include "base/tick_clock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

namespace testgen::base {
namespace {

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Over several anchors, from two threads at once.
TEST(TickClock, AgreesWithTheSteadyClock) {
  constexpr std::int64_t kTolerance = 500'000;  // far above what it is off by, far below what hurts
  std::vector<std::jthread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([] {
      const std::int64_t end = steady_ns() + 400'000'000;
      std::int64_t before = steady_ns();
      while (before < end) {
        const std::int64_t now = tick_clock_ns();
        const std::int64_t after = steady_ns();
        ASSERT_GE(now, before - kTolerance);
        ASSERT_LE(now, after + kTolerance);
        before = after;
      }
    });
  }
}

}  // namespace
}  // namespace testgen::base
