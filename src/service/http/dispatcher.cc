#include "service/http/dispatcher.h"

#include <exception>

#include "base/random.h"
#include "service/active_trace.h"

namespace testgen::service {

void Dispatcher::handle(Request request, Responder responder) {
  RouteMatch match = router_.match(request.method, request.path);
  const auto exchange = std::make_shared<Exchange>(
      std::move(request), std::move(match), std::move(responder), telemetry_.clock().steady_now());
  if (!exchange->enter(middleware_)) return;
  if (exchange->match.route->runs == Runs::OnIoThread) {
    run(exchange);
    return;
  }
  const Route& route = *exchange->match.route;
  if (route.at_once && guard(exchange, [&] { return route.at_once(exchange); })) return;
  exchange->stage = "waiting for a worker";
  if (!pool_.post([this, exchange] { run(exchange); })) {
    exchange->fail(Problem::from_status(503, "too many requests are being handled"));
  }
}

void Dispatcher::run(const ExchangePtr& exchange) {
  exchange->stage = "running";
  const telemetry::SpanContext trace =
      exchange->span.recording() ? exchange->context : telemetry::SpanContext();
  const ActiveTrace active(trace);
  (void)guard(exchange, [&] {
    exchange->match.route->endpoint(exchange);
    return true;
  });
}

bool Dispatcher::guard(const ExchangePtr& exchange, const std::function<bool()>& call) {
  try {
    return call();
  } catch (const std::exception& error) {
    exchange->span.record_exception("std::exception", error.what());
    telemetry_.log().write(telemetry::LogEvent::EndpointFailed, exchange->context,
                           {{"endpoint", exchange->endpoint()}, {"error", error.what()}});
    exchange->fail(Problem::from(base::Error{base::ErrorCode::Internal, "an unexpected failure",
                                             "report it with the trace id"}));
    return true;
  }
}

// Such a request has no method or path to trust, so it has no span; it is counted and logged.
Response Dispatcher::reject(const Rejection& rejection) {
  const std::string trace_id = base::random_hex(16);
  const std::string span_id = base::random_hex(8);
  telemetry_.request_answered(
      {.method = "other", .endpoint = "unmatched", .status = rejection.status}, {});
  if (rejection.status >= 500) {
    telemetry_.count_error({base::ErrorCode::Unavailable, rejection.detail, ""}, "http");
  }
  telemetry::SpanContext context;
  context.trace_id = telemetry::TraceId::from_hex(trace_id).value_or(telemetry::TraceId{});
  context.span_id = telemetry::SpanId::from_hex(span_id).value_or(telemetry::SpanId{});
  telemetry_.log().write(
      telemetry::LogEvent::RequestRejected, context,
      {{"status", rejection.status}, {"error", rejection.detail}, {"request_id", span_id}});
  Response response =
      problem_response(Problem::from_status(rejection.status, rejection.detail), trace_id, "");
  response.headers.push_back({"traceparent", "00-" + trace_id + "-" + span_id + "-00"});
  response.headers.push_back({"x-request-id", span_id});
  return response;
}

}  // namespace testgen::service
