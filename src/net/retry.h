// When to try again: exponential back-off with full jitter, and the Retry-After header. Pure;
// the caller sleeps. Not thread-safe: one Backoff belongs to one exchange.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace testgen::net {

// Delta-seconds or an HTTP date (IMF-fixdate); nothing when malformed. Never negative, and
// capped at one day against absurd answers.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                                         base::WallTime now);

class Backoff {
 public:
  Backoff(std::chrono::milliseconds initial, std::chrono::milliseconds max, std::uint64_t seed);
  // Half of the step is fixed and half random, so that clients that failed together do not
  // return together; the step doubles up to `max`.
  [[nodiscard]] std::chrono::milliseconds next();

 private:
  std::chrono::milliseconds step_;
  std::chrono::milliseconds max_;
  base::Random random_;
};

}  // namespace testgen::net
