// What Prometheus and Alertmanager say while a drill runs. Not thread-safe: one drill's own.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/drills/attribution.h"
#include "base/result.h"
#include "net/http_client.h"

namespace testgen::app {

class Monitoring {
 public:
  // Base URLs, with or without a slash at the end.
  Monitoring(std::string prometheus, std::string alertmanager);

  // Whether some alert of that name fires now.
  [[nodiscard]] base::Result<bool> firing(const std::string& alert);
  // Names of the receivers that Alertmanager has for it; empty while it does not have the alert.
  [[nodiscard]] base::Result<std::set<std::string>> receivers_of(const std::string& alert);
  // What each receiver of its configuration uses.
  [[nodiscard]] base::Result<Receivers> receivers();
  // All alerts it has, as it tells of them.
  [[nodiscard]] base::Result<std::vector<AlertGroup>> groups();
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

// Readers of Alertmanager's answers. Its configuration is read in the form in which it prints it
// itself. Pure.
[[nodiscard]] Receivers receivers_in(const std::string& configuration);
[[nodiscard]] base::Result<std::vector<AlertGroup>> groups_in(const std::string& answer);

}  // namespace testgen::app
