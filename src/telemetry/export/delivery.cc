#include "telemetry/export/delivery.h"

#include <algorithm>
#include <optional>

#include "base/random.h"
#include "net/retry.h"

namespace testgen::telemetry {
namespace {

using base::ErrorCode;
using base::Milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kMaxReasonBytes = 200;

bool is_retryable(const base::Result<net::HttpResponse>& response) {
  if (!response) return response.error().code == ErrorCode::Unavailable;
  const int status = response->status;
  return status == 429 || status == 502 || status == 503 || status == 504;
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  base::random_bytes(std::as_writable_bytes(std::span(&seed, 1)));
  return seed;
}

std::string reason_of(const base::Result<net::HttpResponse>& response) {
  if (!response) return response.error().message;
  return "it answered " + std::to_string(response->status);
}

Delivery refused(const base::Result<net::HttpResponse>& response) {
  Delivery delivery{.reason = reason_of(response)};
  if (response) {
    delivery.error_type = response->status == 413 ? "too_large" : "rejected";
    delivery.reason += ": " + response->body.substr(0, kMaxReasonBytes);
    return delivery;
  }
  switch (response.error().code) {
    case ErrorCode::Timeout:
      delivery.error_type = "timeout";
      break;
    case ErrorCode::Cancelled:
      delivery.error_type = "shutdown";
      break;
    case ErrorCode::TooLarge:  // the answer is; whether the data was taken is not known
      delivery.error_type = "rejected";
      break;
    default:
      delivery.error_type = "unavailable";
  }
  return delivery;
}

}  // namespace

Delivery Deliverer::send(net::HttpRequest& request, const std::function<void(double)>& on_attempt) {
  const auto deadline = SteadyClock::now() + times_.total;
  net::Backoff backoff(times_.initial_backoff, times_.max_backoff, random_seed());
  request.stop = abort_.get_token();
  std::optional<Delivery> before;  // what became of the attempt before
  while (true) {
    const auto started = SteadyClock::now();
    const auto left = std::chrono::duration_cast<Milliseconds>(deadline - started);
    request.timeout = std::min(times_.attempt, left);
    auto response = client_.send(request);
    on_attempt(std::chrono::duration<double>(SteadyClock::now() - started).count());
    if (response && response->status >= 200 && response->status < 300) {
      return {.taken = true, .response = *std::move(response), .error_type = {}, .reason = {}};
    }
    if (!is_retryable(response)) {
      // What was left of the whole time was too short for an answer: the one before it counts.
      const bool cut = !response && response.error().code == ErrorCode::Timeout;
      return cut && before && left < times_.attempt ? *before : refused(response);
    }
    before = Delivery{.error_type = "unavailable", .reason = reason_of(response)};
    Milliseconds delay = backoff.next();
    if (response) {
      const auto asked = net::parse_retry_after(response->header("retry-after"), clock_.wall_now());
      if (asked) delay = *asked;
    }
    if (SteadyClock::now() + delay >= deadline) return *before;
    if (!pause(delay)) return {.error_type = "shutdown", .reason = "the program ended"};
  }
}

// False when aborted.
bool Deliverer::pause(Milliseconds delay) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, abort_.get_token(), delay, [] { return false; });
  return !aborted();
}

}  // namespace testgen::telemetry
