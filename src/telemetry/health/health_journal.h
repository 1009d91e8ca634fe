// Writes changes of health into the log: a check that starts to fail or passes again, a thread
// that has stalled. Used by one thread.
#pragma once

#include <map>
#include <string>

#include "telemetry/health/health.h"
#include "telemetry/logging/logger.h"

namespace testgen::telemetry {

class HealthJournal {
 public:
  void note(const Readiness& readiness, const Liveness& liveness, Logger& log);

 private:
  enum class Seen { Well, Warned, Failed };
  std::map<std::string, Seen> checks_;
  bool alive_ = true;
};

}  // namespace testgen::telemetry
