#include "service/queue/retention.h"

#include <algorithm>

namespace testgen::service {
namespace {

// How often old jobs are looked for; oftener where they are not kept for long.
constexpr std::chrono::milliseconds kInterval{std::chrono::hours(1)};
// Clocks that are kept in step move by less.
constexpr std::chrono::seconds kJump{30};

}  // namespace

Retention::Retention(std::chrono::milliseconds keep, const base::Clock& clock)
    : keep_(keep),
      clock_(clock),
      next_(clock.steady_now()),
      steady_(clock.steady_now()),
      wall_(clock.wall_now()) {}

std::optional<base::WallTime> Retention::due() {
  if (clock_jumped()) next_ = steady_ + kInterval;
  if (steady_ < next_) return std::nullopt;
  next_ = steady_ + std::min(kInterval, keep_);
  return wall_ - keep_;
}

void Retention::failed() {
  next_ = steady_;
}

bool Retention::clock_jumped() {
  const base::SteadyTime steady = clock_.steady_now();
  const base::WallTime wall = clock_.wall_now();
  const auto moved = std::chrono::duration_cast<std::chrono::milliseconds>(wall - wall_);
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(steady - steady_);
  steady_ = steady;
  wall_ = wall;
  return moved > passed + kJump || moved < passed - kJump;
}

}  // namespace testgen::service
