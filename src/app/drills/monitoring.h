// What Prometheus and Alertmanager say while a drill runs. Not thread-safe: one drill's own.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http_client.h"

namespace testgen::app {

class Monitoring {
 public:
  // Base URLs, with or without a slash at the end.
  Monitoring(std::string prometheus, std::string alertmanager);

  // Whether some alert of that name fires now.
  [[nodiscard]] base::Result<bool> firing(const std::string& alert);
  // Receivers that Alertmanager sends it to, by what they use ("pagerduty", "slack"); empty
  // while it does not have the alert.
  [[nodiscard]] base::Result<std::set<std::string>> integrations_of(const std::string& alert);
  // Notifications so far, by integration.
  struct Sent {
    double all = 0;
    double failed = 0;
  };
  [[nodiscard]] base::Result<std::map<std::string, Sent>> sent();

 private:
  [[nodiscard]] base::Result<std::string> get(const std::string& url);

  std::string prometheus_;
  std::string alertmanager_;
  net::HttpClient client_;
};

// The receiver that is the service itself, as the shipped routes name it. A drill breaks the
// service, so it does not wait for this one.
inline constexpr std::string_view kOwnHook = "testgen-hook";

// What the receivers of Alertmanager's own configuration use, by the receiver's name, without the
// service's own hook. Reads the form in which Alertmanager itself prints it.
[[nodiscard]] std::map<std::string, std::set<std::string>> receivers_in(
    const std::string& configuration);

}  // namespace testgen::app
