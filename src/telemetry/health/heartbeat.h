// The watchdog: critical threads give signs of life, and the process is not alive when one of
// them, at work, has given none for too long. Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"

namespace testgen::telemetry {

// A critical thread's sign of life. Copyable; each thread calls its own.
class Heartbeat {
 public:
  Heartbeat() = default;  // watched by nobody
  void beat();            // at least once every `max_silence` while working
  void idle();            // waiting for work: not watched until the next beat
 private:
  friend class Watchdog;
  struct State;
  explicit Heartbeat(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;  // shared with the watchdog
};

struct Liveness {
  bool alive = true;
  std::string error;  // which thread stalled and for how long
};

class Watchdog {
 public:
  explicit Watchdog(const base::Clock& clock) : clock_(clock) {}

  // Not watched before its first beat.
  [[nodiscard]] Heartbeat watch(std::string thread_name, std::chrono::milliseconds max_silence);
  [[nodiscard]] Liveness liveness() const;
  [[nodiscard]] std::vector<std::string> thread_names() const;  // each once

 private:
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Heartbeat::State>> heartbeats_;
};

}  // namespace testgen::telemetry
