#include "telemetry/health/heartbeat.h"

#include <algorithm>
#include <atomic>

namespace testgen::telemetry {

struct Heartbeat::State {
  std::string name;
  std::chrono::milliseconds max_silence{0};
  const base::Clock* clock = nullptr;
  std::atomic<std::int64_t> last{0};  // steady clock ticks; 0: idle, not watched
};

void Heartbeat::beat() {
  if (state_) state_->last.store(state_->clock->steady_now().time_since_epoch().count());
}

void Heartbeat::idle() {
  if (state_) state_->last.store(0);
}

Heartbeat Watchdog::watch(std::string thread_name, std::chrono::milliseconds max_silence) {
  auto state = std::make_shared<Heartbeat::State>();
  state->name = std::move(thread_name);
  state->max_silence = max_silence;
  state->clock = &clock_;
  const std::lock_guard lock(mutex_);
  heartbeats_.push_back(state);
  return Heartbeat(std::move(state));
}

Liveness Watchdog::liveness() const {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  Liveness liveness;
  const auto now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  for (const auto& heartbeat : heartbeats_) {
    const std::int64_t last = heartbeat->last.load();
    if (last == 0) continue;
    const auto silence = now - base::SteadyTime(base::SteadyTime::duration(last));
    if (silence <= heartbeat->max_silence) continue;
    liveness.alive = false;
    if (!liveness.error.empty()) liveness.error += "; ";
    liveness.error += "thread " + heartbeat->name + " has stalled for " +
                      std::to_string(duration_cast<seconds>(silence).count()) + " s";
  }
  return liveness;
}

std::vector<std::string> Watchdog::thread_names() const {
  std::vector<std::string> names;
  const std::lock_guard lock(mutex_);
  for (const auto& heartbeat : heartbeats_) {
    if (std::find(names.begin(), names.end(), heartbeat->name) == names.end()) {
      names.push_back(heartbeat->name);
    }
  }
  return names;
}

}  // namespace testgen::telemetry
