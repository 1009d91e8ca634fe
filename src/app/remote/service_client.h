// A service as the commands see it that send it work: requests with the caller's token, patience
// while it is full or away for a moment, and its problem documents as errors. Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "config/settings.h"
#include "net/http_client.h"

namespace testgen::app {

class ServiceClient {
 public:
  // Of --server. Refuses what is not a URL, and a token file that cannot be read. Settings and
  // clock are borrowed.
  [[nodiscard]] static base::Result<std::unique_ptr<ServiceClient>> create(
      const config::Settings& settings, const base::Clock& clock);

  [[nodiscard]] net::HttpRequest request_to(const std::string& method,
                                            const std::string& path) const;
  // Any status is an answer.
  [[nodiscard]] base::Result<net::HttpResponse> send(const net::HttpRequest& request) const;
  // Again while the service says that it is full or stopping, for some minutes; Cancelled when
  // stopped. Only a service that has answered is waited for: a wrong address is said at once.
  [[nodiscard]] base::Result<net::HttpResponse> send_patiently(net::HttpRequest request,
                                                               const std::stop_token& stop) const;
  // Until the time is over or a stop is asked for.
  void pause(std::chrono::milliseconds time, const std::stop_token& stop) const;

 private:
  ServiceClient(const config::Settings& settings, const base::Clock& clock, std::string token);

  const config::Settings& settings_;
  const base::Clock& clock_;
  std::string url_;    // without a slash at the end
  std::string token_;  // empty: none is sent
  mutable net::HttpClient client_;
};

// What the problem document of an answer says, as the error it was.
[[nodiscard]] base::Error error_of(const net::HttpResponse& response);

}  // namespace testgen::app
