// What clients do while something is broken: requests, again and again, from a few threads, until
// it is destroyed. Answers do not matter; that they come or not is what the drill is about.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/drills/drill_catalogue.h"
#include "net/http_client.h"

namespace testgen::app {

struct ServiceAccess {
  std::string url;  // without a slash at the end
  std::string token;
  std::string authorities;  // PEM file; empty: the system's

  [[nodiscard]] net::HttpRequest request(std::string method, const std::string& path) const;
};

class Load {
 public:
  Load(DrillLoad kind, ServiceAccess service);
  ~Load();  // stops and waits for the last answers
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

 private:
  void run(const std::stop_token& stop, unsigned thread);
  [[nodiscard]] net::HttpRequest next(unsigned thread, unsigned turn) const;

  const DrillLoad kind_;
  const ServiceAccess service_;
  const std::string run_;  // tells this run's questions from those of earlier ones
  net::HttpClient client_;
  std::vector<std::jthread> threads_;  // last: they use the rest
};

}  // namespace testgen::app
