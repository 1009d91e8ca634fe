#include "engine/llm/call_limits.h"

#include <algorithm>
#include <utility>

namespace testgen::llm {

namespace {
constexpr double kMinute = 60.0;
}

TokenBucket::TokenBucket(std::uint64_t a_minute, base::SteadyTime now)
    : a_minute_(static_cast<double>(a_minute)), level_(a_minute_), at_(now) {}

base::SteadyTime TokenBucket::take(std::uint64_t amount, base::SteadyTime now) {
  if (a_minute_ <= 0) return now;
  if (now > at_) {
    const std::chrono::duration<double> gone = now - at_;
    level_ = std::min(a_minute_, level_ + gone.count() * a_minute_ / kMinute);
    at_ = now;
  }
  const double wanted = std::min(static_cast<double>(amount), a_minute_);
  const double lacking = wanted - level_;
  level_ -= static_cast<double>(amount);
  if (lacking <= 0) return now;
  return now + std::chrono::ceil<std::chrono::nanoseconds>(
                   std::chrono::duration<double>(lacking * kMinute / a_minute_));
}

void TokenBucket::give_back(std::uint64_t amount) {
  level_ = std::min(a_minute_, level_ + static_cast<double>(amount));
}

RateLimiter::RateLimiter(const RateOptions& options, const base::Clock& clock, Pause& pause)
    : options_(options),
      clock_(clock),
      pause_(pause),
      calls_(options.calls_a_minute, clock.steady_now()),
      tokens_(options.tokens_a_minute, clock.steady_now()) {}

RateLimiter::Place RateLimiter::enter(std::uint64_t tokens, base::SteadyTime deadline,
                                      std::stop_token stop) {
  base::SteadyTime turn;
  {
    std::unique_lock lock(mutex_);
    const auto free = [&] { return inside_ < std::max<std::uint64_t>(1, options_.at_once); };
    if (!left_.wait_until(lock, stop, deadline, free)) return {};
    const base::SteadyTime now = clock_.steady_now();
    turn = std::max(calls_.take(1, now), tokens_.take(tokens, now));
    if (turn > deadline) {
      calls_.give_back(1);
      tokens_.give_back(tokens);
      return {};
    }
    ++inside_;
  }
  Place place(*this);
  if (turn > clock_.steady_now() && !pause_.until(turn, stop)) return {};
  return place;
}

void RateLimiter::leave() {
  {
    const std::lock_guard lock(mutex_);
    --inside_;
  }
  left_.notify_one();
}

}  // namespace testgen::llm
