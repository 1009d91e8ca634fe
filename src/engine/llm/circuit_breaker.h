// Stops calling what keeps failing: after so many failures in a row it is open and refuses for a
// while, then half open, when one call may try; that one decides. One for each provider and
// model. Thread-safe.
#pragma once

#include <mutex>

#include "base/clock.h"

namespace testgen::llm {

enum class CircuitState { Closed, HalfOpen, Open };

struct CircuitOptions {
  int failures = 5;  // in a row
  std::chrono::milliseconds cool_down{30'000};
  // A trial whose caller never says how it went is forgotten after this.
  std::chrono::milliseconds longest_trial{300'000};
};

class CircuitBreaker {
 public:
  CircuitBreaker(const CircuitOptions& options, const base::Clock& clock)
      : options_(options), clock_(clock) {}

  // Whether a call may be made now; who is let through must report how it went.
  [[nodiscard]] bool allow();
  void succeeded();
  void failed();
  // The call ended without saying anything of the provider: we stopped it, or it was our mistake.
  void undecided();
  [[nodiscard]] CircuitState state() const;

 private:
  const CircuitOptions options_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  int failures_ = 0;
  bool open_ = false;
  bool trying_ = false;
  base::SteadyTime until_{};        // open until then
  base::SteadyTime trial_until_{};  // of the one that may try
};

}  // namespace testgen::llm
