// Time, as an interface, so that tests move it by hand. Every wait in the program takes its
// deadline from a Clock. Implementations are thread-safe.
#pragma once

#include <chrono>
#include <string>

namespace testgen::base {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;
using Milliseconds = std::chrono::milliseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual SteadyTime steady_now() const = 0;  // for durations and deadlines
  [[nodiscard]] virtual WallTime wall_now() const = 0;      // for timestamps people read
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime steady_now() const override;
  [[nodiscard]] WallTime wall_now() const override;
};

// RFC 3339 in UTC with milliseconds: 2026-11-22T17:30:00.123Z.
[[nodiscard]] std::string format_rfc3339(WallTime time);
// Seconds since the epoch, with fractions.
[[nodiscard]] double unix_seconds(WallTime time);

}  // namespace testgen::base
