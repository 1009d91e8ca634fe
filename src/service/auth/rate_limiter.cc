#include "service/auth/rate_limiter.h"

#include <algorithm>
#include <cmath>

namespace testgen::service {
namespace {

constexpr std::chrono::duration<double> kMinute{60};
constexpr std::size_t kMaxBuckets = 10'000;

}  // namespace

RateLimiter::Decision RateLimiter::take(const std::string& key, std::uint64_t per_minute) {
  const auto size = static_cast<double>(per_minute);
  const double per_second = size / kMinute.count();
  const base::SteadyTime now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kMaxBuckets && !buckets_.contains(key)) forget_full(now);
  Bucket& bucket = buckets_.try_emplace(key, Bucket{size, now}).first->second;
  const std::chrono::duration<double> since = now - bucket.filled;
  bucket.tokens = std::min(size, bucket.tokens + since.count() * per_second);
  bucket.filled = now;
  Decision decision{.limit = per_minute};
  decision.allowed = bucket.tokens >= 1;
  if (decision.allowed) bucket.tokens -= 1;
  decision.remaining = static_cast<std::uint64_t>(bucket.tokens);
  const double missing = decision.allowed ? size - bucket.tokens : 1 - bucket.tokens;
  decision.reset_seconds = static_cast<std::uint64_t>(std::ceil(missing / per_second));
  return decision;
}

// A bucket that nobody drew from for a minute is full, and a full one says nothing.
void RateLimiter::forget_full(base::SteadyTime now) {
  std::erase_if(buckets_, [&](const auto& entry) { return now - entry.second.filled > kMinute; });
}

}  // namespace testgen::service
