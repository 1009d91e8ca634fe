// Sends one body over HTTP until it is taken, refused, or out of time. Retries are those of the
// OTLP specification: 429, 502, 503, 504 and connection loss, with jittered back-off, and
// Retry-After where the receiver gives one. Used by every exporter that speaks HTTP. One thread
// sends; abort() may come from any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "net/http_client.h"

namespace testgen::telemetry {

struct DeliveryTimes {
  std::chrono::milliseconds attempt{10'000};  // one request
  std::chrono::milliseconds total{30'000};    // with retries
  std::chrono::milliseconds initial_backoff{1'000};
  std::chrono::milliseconds max_backoff{5'000};
};

struct Delivery {
  bool taken = false;
  net::HttpResponse response;  // when taken
  std::string error_type;      // else: rejected, timeout, unavailable, too_large, shutdown
  std::string reason;          // for people
};

class Deliverer {
 public:
  // `clock` is borrowed: for Retry-After dates.
  Deliverer(const DeliveryTimes& times, const base::Clock& clock) : times_(times), clock_(clock) {}

  // `on_attempt` is told how long each request took, in seconds.
  [[nodiscard]] Delivery send(net::HttpRequest& request,
                              const std::function<void(double)>& on_attempt);
  // Ends a running exchange and its pauses at once; later ones fail without being tried.
  void abort() { abort_.request_stop(); }
  [[nodiscard]] bool aborted() const { return abort_.stop_requested(); }

 private:
  [[nodiscard]] bool pause(std::chrono::milliseconds delay);

  const DeliveryTimes times_;
  const base::Clock& clock_;
  net::HttpClient client_;
  std::stop_source abort_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
};

}  // namespace testgen::telemetry
