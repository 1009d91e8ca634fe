// How fast calls may go to one provider: so many at the same time, and token buckets for calls
// and for model tokens a minute. Callers wait their turn in the order they came. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <utility>

#include "base/clock.h"
#include "engine/llm/pause.h"

namespace testgen::llm {

struct RateOptions {
  std::uint64_t at_once = 4;          // at least 1
  std::uint64_t calls_a_minute = 0;   // 0: no limit
  std::uint64_t tokens_a_minute = 0;  // 0: no limit
};

// Fills with time up to `a_minute`, and begins full. An amount above that is let through when it
// is full, and leaves a debt: a call larger than the limit is slow, not impossible.
class TokenBucket {
 public:
  TokenBucket(std::uint64_t a_minute, base::SteadyTime now);
  // When the amount can be had; it is taken at once, so the caller must wait till then.
  [[nodiscard]] base::SteadyTime take(std::uint64_t amount, base::SteadyTime now);
  void give_back(std::uint64_t amount);

 private:
  double a_minute_;
  double level_;
  base::SteadyTime at_;
};

class RateLimiter {
 public:
  RateLimiter(const RateOptions& options, const base::Clock& clock, Pause& pause);

  // A place among those at once; given up when destroyed.
  class Place {
   public:
    Place() = default;
    explicit Place(RateLimiter& owner) : owner_(&owner) {}
    Place(Place&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (owner_ != nullptr) owner_->leave();
    }
    [[nodiscard]] explicit operator bool() const { return owner_ != nullptr; }

   private:
    RateLimiter* owner_ = nullptr;
  };

  // Waits until a call of so many tokens may be made, but not past the deadline; an empty place
  // when it cannot be made by then, or when asked to stop.
  [[nodiscard]] Place enter(std::uint64_t tokens, base::SteadyTime deadline, std::stop_token stop);

 private:
  void leave();

  const RateOptions options_;
  const base::Clock& clock_;
  Pause& pause_;
  std::mutex mutex_;
  std::condition_variable_any left_;
  std::uint64_t inside_ = 0;
  TokenBucket calls_;
  TokenBucket tokens_;
};

}  // namespace testgen::llm
