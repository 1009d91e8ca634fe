#include "base/clock.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace testgen::base {

SteadyTime SystemClock::steady_now() const {
  return std::chrono::steady_clock::now();
}
WallTime SystemClock::wall_now() const {
  return std::chrono::system_clock::now();
}

std::string format_rfc3339(WallTime time) {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  auto seconds = static_cast<std::time_t>(since_epoch / 1000);
  auto millis = static_cast<int>(since_epoch % 1000);
  if (millis < 0) {
    millis += 1000;
    --seconds;
  }
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  const std::size_t used = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text.data() + used, text.size() - used, ".%03dZ", millis);
  return text.data();
}

double unix_seconds(WallTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

}  // namespace testgen::base
