// Named checks of what the service depends on, run in the background with deadlines; probes
// read the cached result and its age, so they answer at once whatever hangs. Liveness is the
// watchdog's. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "telemetry/health/heartbeat.h"
#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

// What a failing check does to readiness.
enum class CheckImpact {
  NotReady,  // the next request cannot be served without it (database, disk space)
  Degrades,  // the service answers without it, with less (redis, llm_api)
};

struct CheckResult {
  bool healthy = true;
  std::string message;  // why not; or a short figure
};

struct CheckOptions {
  std::string name;  // "database"
  CheckImpact impact = CheckImpact::NotReady;
  std::chrono::milliseconds interval{5'000};
  std::chrono::milliseconds deadline{2'000};
};

struct CheckStatus {
  std::string name;
  CheckImpact impact = CheckImpact::NotReady;
  bool configured = true;  // what is not configured counts as healthy
  bool healthy = true;
  std::string message;
  double age_seconds = 0;  // since the result was obtained
};

struct Readiness {
  bool ready = true;      // false: answer 503
  bool degraded = false;  // ready, but something is missing
  bool draining = false;
  std::vector<CheckStatus> checks;
};

class Health {
 public:
  Health(Metrics& metrics, const base::Clock& clock);
  ~Health();

  // Runs `check` on a thread of its own, at once and then every interval. It gets a deadline it
  // must keep; while it overruns it, the check reads as failed, and nothing else waits for it.
  void add_check(const CheckOptions& options,
                 std::function<CheckResult(base::SteadyTime deadline)> check);
  // Something this installation does without: listed, and true.
  void add_unconfigured(std::string name, CheckImpact impact);
  // Registers a thread with the watchdog.
  [[nodiscard]] Heartbeat watch(std::string thread_name, std::chrono::milliseconds max_silence);

  [[nodiscard]] Readiness readiness() const;
  [[nodiscard]] Liveness liveness() const;
  // From now on not ready: the service is about to close its listener.
  void start_draining();
  // Copies status and age of every check to the gauges.
  void update_metrics();
  // Stops the check threads. One that hangs past the deadline is left behind, so what a check
  // uses must be its own (captured by value or shared).
  void shutdown(base::SteadyTime deadline);

 private:
  struct Check;
  [[nodiscard]] CheckStatus status_of(const Check& check) const;

  Metrics& metrics_;
  const base::Clock& clock_;
  Watchdog watchdog_{clock_};
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Check>> checks_;
  bool draining_ = false;
};

}  // namespace testgen::telemetry
