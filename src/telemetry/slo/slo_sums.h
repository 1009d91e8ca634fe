// Sums over the minutes of one sliding window, and the objectives judged by them. Minutes are
// added when they end and taken away when they leave the window. Plain values.
#pragma once

#include <array>
#include <cstdint>

#include "telemetry/slo/objectives.h"
#include "telemetry/slo/slo_minute.h"

namespace testgen::telemetry {

// How one objective stands over a window.
struct ObjectiveStanding {
  double value = 0;             // in the unit of the objective's target
  double budget_remaining = 1;  // 1: untouched, 0: spent, below: overspent
  bool met = true;
};

struct SloFigures {
  double availability_ratio = 1.0;   // minutes in which the service answered ÷ minutes observed
  double error_ratio = 0.0;          // 5xx answers and failed jobs ÷ answers and jobs
  double response_time_seconds = 0;  // 95th percentile of answers; 0 without traffic
  std::array<ObjectiveStanding, kObjectives.size()> objectives{};
};

class SloSums {
 public:
  // A minute that has not ended counts what happened in it; it is judged as a minute only once it
  // has been answered in.
  void add(const SloMinute& minute, bool ended = true) { apply(minute, 1, ended); }
  void remove(const SloMinute& minute) { apply(minute, -1, true); }
  // With no traffic everything reads well: 100 % available, 0 % errors.
  [[nodiscard]] SloFigures figures() const;

 private:
  void apply(const SloMinute& minute, std::int64_t sign, bool ended);
  [[nodiscard]] ObjectiveStanding standing(const Objective& objective) const;

  std::int64_t minutes_ = 0;
  std::int64_t answered_minutes_ = 0;
  std::int64_t busy_minutes_ = 0;     // with an answer
  std::int64_t starved_minutes_ = 0;  // turned callers away below the promised throughput
  std::int64_t events_ = 0;
  std::int64_t errors_ = 0;
  std::int64_t answers_ = 0;
  std::int64_t cache_hits_ = 0;
  std::int64_t cache_misses_ = 0;
  std::array<std::int64_t, SloMinute::kGenerationBounds.size() + 1> generations_{};
  std::array<std::int64_t, SloMinute::kBounds.size() + 1> durations_{};
};

}  // namespace testgen::telemetry
