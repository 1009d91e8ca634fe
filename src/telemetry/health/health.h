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
#include "telemetry/health/health_catalogue.h"
#include "telemetry/health/heartbeat.h"
#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

struct CheckResult {
  bool healthy = true;
  std::string message;  // why not; or a short figure
  bool low = false;     // healthy still, and close to not being so
};

struct CheckOptions {
  std::string name;  // "database"
  CheckImpact impact = CheckImpact::NotReady;
  std::chrono::milliseconds interval{5'000};
  std::chrono::milliseconds deadline{2'000};
  bool listed = true;

  [[nodiscard]] static CheckOptions from(const HealthCheckSpec& spec) {
    return {std::string(spec.name), spec.impact, spec.interval, spec.deadline, spec.listed};
  }
};

struct CheckStatus {
  std::string name;
  CheckImpact impact = CheckImpact::NotReady;
  bool configured = true;  // what is not configured counts as healthy
  bool known = true;       // false: no result yet, and therefore not healthy
  bool healthy = true;
  bool low = false;    // healthy, and close to not being so
  bool listed = true;  // in the short answer even while it passes
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
  // What it uses must be its own: see shutdown().
  void add_check(const CheckOptions& options,
                 std::function<CheckResult(base::SteadyTime deadline)> check);
  // Something this installation does without: it counts as true.
  void add_unconfigured(const HealthCheckSpec& spec);
  // Registers a thread with the watchdog.
  [[nodiscard]] Heartbeat watch(const WatchedThreadSpec& thread) {
    return watchdog_.watch(std::string(thread.name), thread.max_silence);
  }
  [[nodiscard]] std::vector<std::string> thread_names() const { return watchdog_.thread_names(); }

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
