// One of the servers that a procedure asks: Prometheus, Alertmanager or the service. Borrows the
// client; thread-safe as that is. Nothing here throws, and every question has a deadline.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/http_client.h"

namespace testgen::operations {

struct HttpSourceOptions {
  std::string name;         // what messages call it, such as "Prometheus"
  std::string url;          // its base; a user and password in it are sent and never shown
  std::string bearer;       // empty: none
  std::string authorities;  // PEM file of whom to trust; empty: the system's
  std::chrono::milliseconds timeout{20'000};
};

class HttpSource {
 public:
  HttpSource(HttpSourceOptions options, net::HttpClient& client);

  [[nodiscard]] const std::string& name() const { return options_.name; }
  [[nodiscard]] std::string shown_url() const;

  // Any status is an answer; errors say which server did not give one.
  [[nodiscard]] base::Result<net::HttpResponse> get(std::string_view path) const;
  // The body of a 200 answer; any other status is an error that says it.
  [[nodiscard]] base::Result<std::string> body(std::string_view path) const;

 private:
  HttpSourceOptions options_;
  net::HttpClient& client_;
};

using Parameters = std::vector<std::pair<std::string_view, std::string>>;
// "path?name=value&…", percent-encoded.
[[nodiscard]] std::string with_parameters(std::string_view path, const Parameters& parameters);

}  // namespace testgen::operations
