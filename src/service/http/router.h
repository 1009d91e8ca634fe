// The table of routes: which method and path template leads to which endpoint, who may call it,
// and on which thread it runs. Filled once at start, then read from any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace testgen::service {

class Exchange;
using ExchangePtr = std::shared_ptr<Exchange>;
using Endpoint = std::function<void(const ExchangePtr&)>;

// What a caller needs in order to use a route. Named at each registration.
enum class Permission {
  Public,      // probes: always open
  Metrics,     // scrapes: open on a loopback listener
  Generate,    // ask for work
  ReadJobs,    // see work
  ChangeJobs,  // cancel work, judge its results
  Inspect,     // look into the running service
  Administer,  // change the running service
};

enum class Runs {
  OnIoThread,  // answers from memory, at once, even when every worker is busy
  OnWorker,    // may touch the disk
};

struct Route {
  std::string method;
  std::string path;  // template: "/v1/jobs/{id}"; a parameter is one whole segment
  Permission permission = Permission::Inspect;
  Runs runs = Runs::OnWorker;
  bool measured = true;  // false: outside request metrics, logged at DEBUG, not traced
  std::string feature;   // what its user would call it, for testgen_feature_*; empty: none
  Endpoint endpoint;
  // Answers on the I/O thread what it can answer from memory, at once; false: it cannot. Empty for
  // most.
  std::function<bool(const ExchangePtr&)> at_once;
};

struct RouteMatch {
  const Route* route = nullptr;
  std::vector<std::string> parameters;  // in the order of the template
  std::string allow;                    // methods of that path, when only the method was wrong
};

class Router {
 public:
  void add(Route route);
  // HEAD is answered by GET's route.
  [[nodiscard]] RouteMatch match(std::string_view method, std::string_view path) const;
  [[nodiscard]] const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

 private:
  std::vector<std::unique_ptr<Route>> routes_;  // a route's address never changes
};

}  // namespace testgen::service
