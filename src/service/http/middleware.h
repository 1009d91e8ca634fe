// What every request passes through, as a visible ordered list: enter() in that order on the way
// in, leave() in the reverse order on the way out. Stateless or thread-safe: requests come in on
// the I/O thread and may be answered on any thread.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <vector>

#include "service/http/message.h"
#include "service/http/problem.h"
#include "telemetry/telemetry.h"

namespace testgen::service {

class Exchange;
struct GateParts;

class Middleware {
 public:
  virtual ~Middleware() = default;
  // A problem ends the request here.
  virtual std::optional<Problem> enter(Exchange&) { return std::nullopt; }
  virtual void leave(Exchange&, Response&) {}
};
using MiddlewareList = std::vector<std::unique_ptr<Middleware>>;

// The requests that have not been answered yet, for GET /debug/requests.
class InFlight final : public Middleware {
 public:
  std::optional<Problem> enter(Exchange& exchange) override;
  void leave(Exchange& exchange, Response& response) override;
  // Calls `visit` for each; the exchange must not be kept.
  template <class Visit>
  void for_each(Visit visit) const {
    const std::lock_guard lock(mutex_);
    for (const Exchange* exchange : exchanges_) visit(*exchange);
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_set<const Exchange*> exchanges_;
};

struct StandardMiddleware {
  MiddlewareList list;
  const InFlight* in_flight = nullptr;  // inside the list
};
// The list as the service uses it. All are borrowed.
[[nodiscard]] StandardMiddleware standard_middleware(telemetry::Telemetry& telemetry,
                                                     const GateParts& gate);

}  // namespace testgen::service
