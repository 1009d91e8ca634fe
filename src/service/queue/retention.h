// When ended jobs are forgotten, and which. Their age is measured by the wall clock, which may
// jump: what a jump alone has made old is left for a while, until somebody had time to mend the
// clock. Not thread-safe.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"

namespace testgen::service {

class Retention {
 public:
  Retention(std::chrono::milliseconds keep, const base::Clock& clock);

  // The time before which jobs must have ended to be forgotten now; nothing when it is not time.
  // To be asked again and again.
  [[nodiscard]] std::optional<base::WallTime> due();
  // What was due could not be done: it is due again at once.
  void failed();

 private:
  [[nodiscard]] bool clock_jumped();

  const std::chrono::milliseconds keep_;
  const base::Clock& clock_;
  base::SteadyTime next_;
  // When it was asked last, by both clocks.
  base::SteadyTime steady_;
  base::WallTime wall_;
};

}  // namespace testgen::service
