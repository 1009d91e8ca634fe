#include "telemetry/health/health.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <optional>
#include <thread>

#include "telemetry/background_thread.h"

namespace testgen::telemetry {
namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds(base::SteadyTime::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

// Shared with the check's own thread, which may outlive a Health that could not wait for it; it
// therefore holds everything that thread touches.
struct Health::Check {
  CheckOptions options;
  bool configured = true;
  std::function<CheckResult(base::SteadyTime)> function;

  std::mutex mutex;
  std::condition_variable_any changed;
  std::optional<CheckResult> result;
  base::SteadyTime obtained{};              // of the result, by the injected clock
  std::optional<base::SteadyTime> running;  // since when, by the injected clock
  bool finished = false;                    // the thread is about to return
  std::jthread thread;

  void run(const std::stop_token& stop, const base::Clock& clock);
};

void Health::Check::run(const std::stop_token& stop, const base::Clock& clock) {
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    running = clock.steady_now();
    lock.unlock();
    CheckResult fresh;
    try {
      fresh = function(SteadyClock::now() + options.deadline);
    } catch (const std::exception& bug) {
      fresh = {false, std::string("the check failed: ") + bug.what()};
    }
    lock.lock();
    if (stop.stop_requested()) break;
    running.reset();
    result = std::move(fresh);
    obtained = clock.steady_now();
    changed.wait_for(lock, stop, options.interval, [] { return false; });
  }
  finished = true;
  changed.notify_all();
}

Health::Health(Metrics& metrics, const base::Clock& clock) : metrics_(metrics), clock_(clock) {}

Health::~Health() {
  shutdown(SteadyClock::now());
}

void Health::add_check(const CheckOptions& options,
                       std::function<CheckResult(base::SteadyTime deadline)> check) {
  auto added = std::make_shared<Check>();
  added->options = options;
  added->function = std::move(check);
  added->obtained = clock_.steady_now();
  {
    const std::lock_guard lock(mutex_);
    checks_.push_back(added);
  }
  added->thread = background_thread(
      "tg-check",
      [added, &clock = clock_](const std::stop_token& stop) { added->run(stop, clock); });
}

void Health::add_unconfigured(const HealthCheckSpec& spec) {
  auto added = std::make_shared<Check>();
  added->options = CheckOptions::from(spec);
  added->configured = false;
  added->finished = true;
  const std::lock_guard lock(mutex_);
  checks_.push_back(std::move(added));
}

CheckStatus Health::status_of(const Check& shared) const {
  auto& check = const_cast<Check&>(shared);  // for its mutex only
  CheckStatus status;
  status.name = check.options.name;
  status.impact = check.options.impact;
  status.configured = check.configured;
  status.listed = check.options.listed;
  if (!check.configured) {
    status.message = "not configured";
    return status;
  }
  const auto now = clock_.steady_now();
  const std::lock_guard lock(check.mutex);
  status.age_seconds = std::max(0.0, seconds(now - check.obtained));
  if (check.running && now - *check.running > check.options.deadline) {
    status.healthy = false;
    status.message = "no answer within " + std::to_string(check.options.deadline.count()) + " ms";
  } else if (check.result) {
    status.healthy = check.result->healthy;
    status.low = check.result->healthy && check.result->low;
    status.message = check.result->message;
  } else {
    status.known = status.healthy = false;  // nothing is promised before it was seen
    status.message = "not checked yet";
  }
  return status;
}

Readiness Health::readiness() const {
  Readiness readiness;
  const std::lock_guard lock(mutex_);
  readiness.draining = draining_;
  readiness.ready = !draining_;
  for (const auto& check : checks_) {
    CheckStatus status = status_of(*check);
    if (!status.healthy && status.impact == CheckImpact::NotReady) readiness.ready = false;
    if (!status.healthy && status.impact == CheckImpact::Degrades) readiness.degraded = true;
    readiness.checks.push_back(std::move(status));
  }
  return readiness;
}

Liveness Health::liveness() const {
  return watchdog_.liveness();
}

void Health::start_draining() {
  const std::lock_guard lock(mutex_);
  draining_ = true;
}

void Health::update_metrics() {
  for (const CheckStatus& status : readiness().checks) {
    metrics_.health_check_status.with(status.name).set(status.healthy ? 1 : 0);
    metrics_.health_check_age_seconds.with(status.name).set(status.age_seconds);
  }
}

void Health::shutdown(base::SteadyTime deadline) {
  std::vector<std::shared_ptr<Check>> checks;
  {
    const std::lock_guard lock(mutex_);
    checks = checks_;
  }
  for (const auto& check : checks) check->thread.request_stop();
  for (const auto& check : checks) {
    if (!check->thread.joinable()) continue;
    bool finished = false;
    {
      std::unique_lock lock(check->mutex);
      finished = check->changed.wait_until(lock, deadline, [&] { return check->finished; });
    }
    if (finished) {
      check->thread.join();
    } else {
      check->thread.detach();
    }
  }
}

}  // namespace testgen::telemetry
