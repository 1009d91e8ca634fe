// One address the service answers on: its routes, its gate and its threads. The service has one
// for everybody and, where it is configured, one for administrators, whose threads nobody else
// can keep busy.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "service/auth/authenticator.h"
#include "service/auth/gate.h"
#include "service/http/dispatcher.h"
#include "service/http/middleware.h"
#include "service/http/router.h"
#include "service/http/server.h"
#include "service/http/worker_pool.h"
#include "telemetry/telemetry.h"

namespace testgen::service {

class Listener {
 public:
  // What every listener shares; borrowed.
  struct Shared {
    RateLimiter& limiter;
    const std::atomic<std::uint64_t>& usual_limit;
    AuditLog& audit;
    Audience& audience;
    telemetry::Telemetry& telemetry;
  };
  struct Threads {
    unsigned endpoints = 1;        // for endpoints that touch the disk
    std::size_t max_waiting = 64;  // requests that may wait for one
  };

  Listener(const ListenAddress& address, Authenticator authenticator, const Shared& shared)
      : address_(address),
        authenticator_(std::move(authenticator)),
        telemetry_(shared.telemetry),
        middleware_(standard_middleware(
            shared.telemetry,
            {authenticator_, shared.limiter, shared.usual_limit, shared.audit, shared.audience})) {}
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // To be filled before listen().
  [[nodiscard]] Router& router() { return router_; }
  [[nodiscard]] const InFlight& in_flight() const { return *middleware_.in_flight; }
  [[nodiscard]] const Authenticator& authenticator() const { return authenticator_; }

  // `options` has the limits; the address is this listener's.
  [[nodiscard]] base::Status listen(ServerOptions options, const Threads& threads);
  // Null until it listens.
  [[nodiscard]] Server* server() { return server_.get(); }

 private:
  const ListenAddress address_;
  const Authenticator authenticator_;
  telemetry::Telemetry& telemetry_;
  StandardMiddleware middleware_;
  Router router_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<WorkerPool> pool_;  // its last tasks still use the dispatcher
  std::unique_ptr<Server> server_;
};

}  // namespace testgen::service
