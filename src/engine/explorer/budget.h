// How much an exploration may still do, counted in time or in executions of candidate tests.
// Everything that stops "when the budget is used up" asks here, so that under a limit of
// executions no decision depends on the clock. One thread at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace testgen::engine {

class Budget {
 public:
  // From now on; the clock is borrowed. With `executions` above 0 the time does not matter.
  Budget(const base::Clock& clock, std::chrono::milliseconds time, std::uint64_t executions)
      : clock_(&clock), begin_(clock.steady_now()), time_(time), limit_(executions) {}

  // Runs of candidates, on the module or on a mutant of it.
  void spend(std::uint64_t executions) { executions_ += executions; }

  // 0 at the beginning, 1 and more when it is used up.
  [[nodiscard]] double used() const {
    if (counted()) return static_cast<double>(executions_) / static_cast<double>(limit_);
    const std::chrono::duration<double, std::milli> elapsed = clock_->steady_now() - begin_;
    return elapsed.count() / static_cast<double>(std::max<std::int64_t>(1, time_.count()));
  }

  // Time left until that part is used; hours when executions decide.
  [[nodiscard]] std::chrono::milliseconds time_until(double part) const {
    if (counted()) return std::chrono::hours(2);
    const double left = (part - used()) * static_cast<double>(time_.count());
    return std::chrono::milliseconds(std::max<std::int64_t>(0, static_cast<std::int64_t>(left)));
  }

  // True when executions decide and never the clock.
  [[nodiscard]] bool counted() const { return limit_ > 0; }

 private:
  const base::Clock* clock_;
  base::SteadyTime begin_;
  std::chrono::milliseconds time_;
  std::uint64_t limit_;
  std::uint64_t executions_ = 0;
};

}  // namespace testgen::engine
