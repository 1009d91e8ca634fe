#include "engine/llm/circuit_breaker.h"

namespace testgen::llm {

bool CircuitBreaker::allow() {
  const std::lock_guard lock(mutex_);
  if (!open_) return true;
  const base::SteadyTime now = clock_.steady_now();
  if (now < until_ || (trying_ && now < trial_until_)) return false;
  trying_ = true;
  trial_until_ = now + options_.longest_trial;
  return true;
}

void CircuitBreaker::succeeded() {
  const std::lock_guard lock(mutex_);
  failures_ = 0;
  open_ = false;
  trying_ = false;
}

void CircuitBreaker::failed() {
  const std::lock_guard lock(mutex_);
  ++failures_;
  // A call that began before it opened says nothing new.
  if (open_ && !trying_) return;
  if (!trying_ && failures_ < options_.failures) return;
  open_ = true;
  trying_ = false;
  until_ = clock_.steady_now() + options_.cool_down;
}

void CircuitBreaker::undecided() {
  const std::lock_guard lock(mutex_);
  trying_ = false;
}

CircuitState CircuitBreaker::state() const {
  const std::lock_guard lock(mutex_);
  if (!open_) return CircuitState::Closed;
  return clock_.steady_now() < until_ ? CircuitState::Open : CircuitState::HalfOpen;
}

}  // namespace testgen::llm
