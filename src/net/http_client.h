// HTTP requests to the world outside, over libcurl. Never throws; every request has a deadline,
// a cap on the response and can be stopped. No redirects are followed. Connections are kept and
// reused. Thread-safe: any number of threads may share one client.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace testgen::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

// PEM files for https; empty ones are the system's or none.
struct TlsFiles {
  std::string authorities;  // whom to trust
  std::string certificate;  // who we are
  std::string key;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;  // http or https
  Headers headers;
  std::string body;
  std::chrono::milliseconds timeout{10'000};  // for the whole exchange
  std::size_t max_response_bytes = 4U << 20U;
  TlsFiles tls;
  std::stop_token stop;
  std::chrono::milliseconds connect_timeout{0};  // 0: the whole exchange's
  // Gets the body of a 2xx answer piece by piece in place of HttpResponse::body; false gives the
  // exchange up, which is then Cancelled. Called on the thread of send(); must not throw.
  std::function<bool(int status, std::string_view piece)> on_body;
  // Asked about twenty times a second while the exchange runs; false gives it up, as above.
  std::function<bool()> keep_going;
};

struct HttpResponse {
  int status = 0;
  Headers headers;  // names in lower case
  std::string body;

  // First value of a header, given in lower case; empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

class HttpClient {
 public:
  HttpClient();
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Any HTTP status is a response. Errors: InvalidArgument (not a URL), Unavailable (no
  // connection, broken off), Timeout, TooLarge (response over the cap), Cancelled.
  [[nodiscard]] base::Result<HttpResponse> send(const HttpRequest& request);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace testgen::net
