// One request on its way through the service, and the promise of its answer. Shared by whoever
// will answer it: the handler, a job's waiter, a timer. It belongs to one of them at a time;
// only answer() may be called by several, and the first call wins.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "service/auth/caller.h"
#include "service/http/middleware.h"
#include "service/http/problem.h"
#include "service/http/router.h"
#include "service/http/server.h"
#include "telemetry/tracing/span.h"

namespace testgen::service {

class Exchange {
 public:
  Exchange(Request received, RouteMatch found, Responder responder, base::SteadyTime begun);
  // Answers 500 when nobody has answered.
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  Request request;
  const RouteMatch match;  // `route` is null when nothing fits
  const base::SteadyTime begun;
  std::string request_id;
  Caller caller;                               // known once the request has been let in
  std::string_view refused;                    // why it was not, a constant; empty: it was
  std::vector<Header> answer_headers;          // go with the answer, whatever it is
  telemetry::Span span;                        // of the whole request; not recorded for probes
  telemetry::SpanContext context;              // of the span, or one of its own when there is none
  std::atomic<const char*> stage{"received"};  // a word for /debug/requests; a constant
  bool job_tells = false;  // the feature's duration is its job's, which ends later than this

  [[nodiscard]] bool measured() const { return match.route == nullptr || match.route->measured; }
  // The route's template, or "unmatched": what metrics, spans and logs call it.
  [[nodiscard]] std::string_view endpoint() const {
    return match.route == nullptr ? "unmatched" : std::string_view(match.route->path);
  }

  // Runs the middleware's way out and sends.
  void answer(Response response);
  void fail(const Problem& problem);
  // A failure that was already counted where it happened, such as a job's.
  void fail_counted_elsewhere(const Problem& problem);

  // Set by fail(): for the log and for the error counters.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  [[nodiscard]] bool counted_elsewhere() const { return counted_elsewhere_; }

  // Runs the way in. True: go on to the endpoint. False: it has been answered.
  [[nodiscard]] bool enter(const MiddlewareList& middleware);

 private:
  Responder responder_;
  std::vector<Middleware*> entered_;
  std::atomic<bool> answered_{false};
  std::string failure_;
  bool counted_elsewhere_ = false;
};

}  // namespace testgen::service
