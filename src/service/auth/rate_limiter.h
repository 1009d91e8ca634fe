// How often a key may call: a bucket for each key that holds a minute's worth of requests and
// fills steadily, so that a burst is fine and a flood is not. Remembers a bounded number of keys.
// Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"

namespace testgen::service {

class RateLimiter {
 public:
  explicit RateLimiter(const base::Clock& clock) : clock_(clock) {}

  struct Decision {
    bool allowed = true;
    std::uint64_t limit = 0;          // a minute
    std::uint64_t remaining = 0;      // requests that would be let in now
    std::uint64_t reset_seconds = 0;  // until the bucket is full; when refused, until the next one
  };
  // One request of that key, which may make `per_minute`, at least 1.
  [[nodiscard]] Decision take(const std::string& key, std::uint64_t per_minute);

 private:
  struct Bucket {
    double tokens = 0;
    base::SteadyTime filled{};
  };
  void forget_full(base::SteadyTime now);

  const base::Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace testgen::service
