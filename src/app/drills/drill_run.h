// One drill from the fault to the all-clear, with the time of each step. Waits by asking; every
// wait has a deadline, and the fault is mended however it ends.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "app/drills/drill_catalogue.h"
#include "app/drills/faults.h"
#include "base/result.h"

namespace testgen::app {

struct DrillResult {
  std::string alert;
  std::string severity;
  double to_fire = 0;                       // seconds from the fault to Prometheus firing it
  std::map<std::string, double> to_notify;  // from the fault, by what Alertmanager told it with
  double to_resolve = 0;                    // seconds from the repair to nobody having it any more
};

struct DrillSettings {
  FaultSettings fault;
  std::chrono::milliseconds timeout{0};
  std::function<void(const std::string&)> tell;  // progress, for people
};

// Timeout, naming the step, when something does not come; Conflict when the alert fires already.
[[nodiscard]] base::Result<DrillResult> run_drill(const DrillSpec& drill,
                                                  const DrillSettings& settings);

}  // namespace testgen::app
