// Metrics over the real catalogue and a clock that tests move: what most parts of the room need.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "support/fake_clock.h"
#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

struct MetricsFixture : public ::testing::Test {
  testing::FakeClock clock_;
  Registry registry_{catalogue(), clock_};
  Metrics metrics_{registry_};
};

// Polls until the condition holds; false after ten seconds.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

inline base::SteadyTime in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

}  // namespace testgen::telemetry
