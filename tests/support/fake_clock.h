// A clock that stands still until a test moves it. Thread-safe.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace testgen::testing {

class FakeClock final : public base::Clock {
 public:
  [[nodiscard]] base::SteadyTime steady_now() const override {
    return base::SteadyTime(std::chrono::nanoseconds(steady_.load()));
  }
  [[nodiscard]] base::WallTime wall_now() const override {
    return base::WallTime(std::chrono::duration_cast<base::WallTime::duration>(
        std::chrono::nanoseconds(wall_.load())));
  }
  template <class Duration>
  void advance(Duration by) {
    const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(by).count();
    steady_ += ns;
    wall_ += ns;
  }
  // As an administrator or NTP puts a clock right, or wrong; back when negative.
  template <class Duration>
  void set_wall_forward(Duration by) {
    wall_ += std::chrono::duration_cast<std::chrono::nanoseconds>(by).count();
  }

 private:
  std::atomic<std::int64_t> steady_{1'000'000'000'000};
  std::atomic<std::int64_t> wall_{1'700'000'000'000'000'000};  // 2023-11-14T22:13:20Z
};

}  // namespace testgen::testing
