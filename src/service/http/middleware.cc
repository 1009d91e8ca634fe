#include "service/http/middleware.h"

#include <algorithm>
#include <array>

#include "base/random.h"
#include "service/auth/gate.h"
#include "service/http/exchange.h"
#include "telemetry/tracing/trace_context.h"

namespace testgen::service {
namespace {

using std::chrono::nanoseconds;
using telemetry::LogEvent;
using telemetry::LogField;

constexpr std::size_t kMaxRequestIdBytes = 64;
constexpr std::chrono::seconds kSlowRequest{2};  // the objective of 95 in 100 requests

bool usable_request_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestIdBytes &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
         });
}

// A method as a metric label: whatever a client invents is one value.
std::string_view method_label(std::string_view method) {
  constexpr std::array<std::string_view, 7> kKnown{"GET",    "HEAD",  "POST",   "PUT",
                                                   "DELETE", "PATCH", "OPTIONS"};
  const auto* known = std::find(kKnown.begin(), kKnown.end(), method);
  return known == kKnown.end() ? "other" : *known;
}

// Ids for an answer that no span stands behind, in the caller's trace if there is one.
telemetry::SpanContext unrecorded_context(const telemetry::SpanContext& caller) {
  telemetry::SpanContext context;
  std::array<std::byte, 24> random{};
  base::random_bytes(random);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(random.data());
  std::copy_n(bytes, 16, context.trace_id.bytes.begin());
  std::copy_n(bytes + 16, 8, context.span_id.bytes.begin());
  if (caller.valid()) context.trace_id = caller.trace_id;
  context.carried = caller.carried;
  return context;
}

// W3C trace context in and out, a request id, and the server span.
class Tracing final : public Middleware {
 public:
  explicit Tracing(telemetry::Telemetry& telemetry) : telemetry_(telemetry) {}

  std::optional<Problem> enter(Exchange& exchange) override {
    const Request& request = exchange.request;
    const std::string parent = request.joined_header("traceparent");
    const std::string state = request.joined_header("tracestate");
    const std::string baggage = request.joined_header("baggage");
    const auto caller = telemetry_.tracer().extract({parent, state, baggage});
    if (exchange.measured()) {
      exchange.span = telemetry_.tracer().start(
          std::string(method_label(request.method)) + " " + std::string(exchange.endpoint()),
          telemetry::SpanKind::Server, caller);
      exchange.context = exchange.span.context();
      exchange.span.set("http.request.method", method_label(request.method));
      exchange.span.set("http.route", exchange.endpoint());
      exchange.span.set("url.path", request.path);
      exchange.span.set("http.request.body.size", request.body.size());
      exchange.span.set("network.peer.address", request.peer);
    }
    if (!exchange.context.valid()) exchange.context = unrecorded_context(caller);
    const std::string_view sent = request.header("x-request-id");
    exchange.request_id =
        usable_request_id(sent) ? std::string(sent) : exchange.context.span_id.hex();
    exchange.span.set("http.request.id", exchange.request_id);
    return std::nullopt;
  }

  void leave(Exchange& exchange, Response& response) override {
    response.headers.push_back({"traceparent", telemetry::format_traceparent(exchange.context)});
    response.headers.push_back({"x-request-id", exchange.request_id});
    exchange.span.set("http.response.status_code", response.status);
    exchange.span.set("http.response.body.size", response.body.size());
    if (response.status >= 500) exchange.span.fail(exchange.failure());
    exchange.span.end();
  }

 private:
  telemetry::Telemetry& telemetry_;
};

// One line for every request: probes at DEBUG, failures of ours at ERROR; one more for a slow one.
class AccessLog final : public Middleware {
 public:
  explicit AccessLog(telemetry::Telemetry& telemetry) : telemetry_(telemetry) {}

  void leave(Exchange& exchange, Response& response) override {
    const nanoseconds spent = telemetry_.clock().steady_now() - exchange.begun;
    const double duration_ms = std::chrono::duration<double, std::milli>(spent).count();
    const LogEvent event = !exchange.measured()     ? LogEvent::ProbeAnswered
                           : response.status >= 500 ? LogEvent::RequestFailed
                                                    : LogEvent::RequestFinished;
    if (telemetry_.log().enabled(event)) log(event, exchange, response, duration_ms);
    if (exchange.measured() && spent > kSlowRequest) {
      telemetry_.log().write(LogEvent::SlowRequest, exchange.context,
                             {{"endpoint", exchange.endpoint()},
                              {"duration_ms", duration_ms},
                              {"limit_ms", std::chrono::milliseconds(kSlowRequest).count()},
                              {"request_id", exchange.request_id}});
    }
  }

 private:
  void log(LogEvent event, const Exchange& exchange, const Response& response, double duration_ms) {
    if (exchange.failure().empty()) {
      write(event, exchange, response, duration_ms);
    } else {
      write(event, exchange, response, duration_ms, LogField{"error", exchange.failure()});
    }
  }

  template <class... More>
  void write(LogEvent event, const Exchange& exchange, const Response& response, double duration_ms,
             const More&... more) {
    telemetry_.log().write(event, exchange.context,
                           {{"method", method_label(exchange.request.method)},
                            {"endpoint", exchange.endpoint()},
                            {"path", exchange.request.path},
                            {"status", response.status},
                            {"duration_ms", duration_ms},
                            {"response_bytes", response.body.size()},
                            {"peer", exchange.request.peer},
                            {"request_id", exchange.request_id},
                            more...});
  }

  telemetry::Telemetry& telemetry_;
};

class RequestMetrics final : public Middleware {
 public:
  explicit RequestMetrics(telemetry::Telemetry& telemetry) : telemetry_(telemetry) {}

  std::optional<Problem> enter(Exchange& exchange) override {
    if (exchange.measured()) telemetry_.metrics().active_requests.add(1);
    return std::nullopt;
  }

  void leave(Exchange& exchange, Response& response) override {
    if (!exchange.measured()) return;
    telemetry_.metrics().active_requests.add(-1);
    telemetry_.request_answered({.method = method_label(exchange.request.method),
                                 .endpoint = exchange.endpoint(),
                                 .status = response.status,
                                 .duration = telemetry_.clock().steady_now() - exchange.begun,
                                 .request_bytes = exchange.request.body.size(),
                                 .response_bytes = response.body.size()},
                                exchange.context);
    if (exchange.match.route != nullptr && !exchange.match.route->feature.empty()) {
      note_use(exchange, response.status);
    }
  }

 private:
  // A caller who was not let in has used nothing.
  void note_use(const Exchange& exchange, int status) const {
    if (status == 401 || status == 403) return;
    const telemetry::Metrics& metrics = telemetry_.metrics();
    const std::string& feature = exchange.match.route->feature;
    metrics.feature_uses_total.with(feature).add();
    if (status >= 500 && !exchange.counted_elsewhere()) {
      metrics.feature_errors_total.with(feature).add();
    }
    if (!exchange.job_tells) {
      const std::chrono::duration<double> spent = telemetry_.clock().steady_now() - exchange.begun;
      metrics.feature_duration_seconds.with(feature).observe(spent.count(), exchange.context);
    }
  }

  telemetry::Telemetry& telemetry_;
};

// Counts what this layer answers for: 5xx that nobody else has counted, and refused callers.
class ErrorCounts final : public Middleware {
 public:
  explicit ErrorCounts(telemetry::Telemetry& telemetry) : telemetry_(telemetry) {}

  void leave(Exchange& exchange, Response& response) override {
    if (!exchange.measured() || exchange.counted_elsewhere()) return;
    using base::ErrorCode;
    if (response.status == 401) {
      telemetry_.count_error({ErrorCode::Unauthenticated, exchange.failure(), ""}, "auth");
    } else if (response.status >= 500) {
      const ErrorCode code = response.status == 503   ? ErrorCode::Unavailable
                             : response.status == 504 ? ErrorCode::Timeout
                             : response.status == 501 ? ErrorCode::Unsupported
                                                      : ErrorCode::Internal;
      telemetry_.count_error({code, exchange.failure(), ""}, "http");
    }
  }

 private:
  telemetry::Telemetry& telemetry_;
};

class RouteExists final : public Middleware {
 public:
  std::optional<Problem> enter(Exchange& exchange) override {
    if (exchange.match.route != nullptr) return std::nullopt;
    if (exchange.match.allow.empty()) {
      return Problem::from_status(404, "there is nothing at " + exchange.request.path);
    }
    Problem problem = Problem::from_status(
        405, exchange.request.path + " does not take " + exchange.request.method);
    problem.allow = exchange.match.allow;
    return problem;
  }
};

}  // namespace

std::optional<Problem> InFlight::enter(Exchange& exchange) {
  const std::lock_guard lock(mutex_);
  exchanges_.insert(&exchange);
  return std::nullopt;
}

void InFlight::leave(Exchange& exchange, Response&) {
  const std::lock_guard lock(mutex_);
  exchanges_.erase(&exchange);
}

StandardMiddleware standard_middleware(telemetry::Telemetry& telemetry, const GateParts& gate) {
  StandardMiddleware standard;
  auto in_flight = std::make_unique<InFlight>();
  standard.in_flight = in_flight.get();
  MiddlewareList& list = standard.list;
  list.push_back(std::make_unique<Tracing>(telemetry));
  list.push_back(std::make_unique<AccessLog>(telemetry));
  list.push_back(std::make_unique<RequestMetrics>(telemetry));
  list.push_back(std::make_unique<ErrorCounts>(telemetry));
  list.push_back(std::move(in_flight));
  list.push_back(std::make_unique<RouteExists>());
  list.push_back(make_gate(gate, telemetry));
  return standard;
}

}  // namespace testgen::service
