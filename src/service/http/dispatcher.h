// The application behind the server: finds the route, sends the request through the middleware
// and to its endpoint on the right thread. The last line of defence: an exception in an endpoint
// becomes a 500 with a trace id and is never the end of the service.
#pragma once

#include <functional>

#include "service/http/exchange.h"
#include "service/http/middleware.h"
#include "service/http/router.h"
#include "service/http/server.h"
#include "service/http/worker_pool.h"
#include "telemetry/telemetry.h"

namespace testgen::service {

class Dispatcher final : public Application {
 public:
  // All are borrowed.
  Dispatcher(const Router& router, const MiddlewareList& middleware, WorkerPool& pool,
             telemetry::Telemetry& telemetry)
      : router_(router), middleware_(middleware), pool_(pool), telemetry_(telemetry) {}

  void handle(Request request, Responder responder) override;
  [[nodiscard]] Response reject(const Rejection& rejection) override;

 private:
  void run(const ExchangePtr& exchange);
  // Calls it; an exception is answered with 500 and counts as done.
  [[nodiscard]] bool guard(const ExchangePtr& exchange, const std::function<bool()>& call);

  const Router& router_;
  const MiddlewareList& middleware_;
  WorkerPool& pool_;
  telemetry::Telemetry& telemetry_;
};

}  // namespace testgen::service
