#include "service/http/exchange.h"

namespace testgen::service {

Exchange::Exchange(Request received, RouteMatch found, Responder responder, base::SteadyTime start)
    : request(std::move(received)),
      match(std::move(found)),
      begun(start),
      responder_(std::move(responder)) {}

Exchange::~Exchange() {
  if (!answered_.load()) fail(Problem::from_status(500, "the request was left unanswered"));
}

bool Exchange::enter(const MiddlewareList& middleware) {
  for (const auto& layer : middleware) {
    entered_.push_back(layer.get());
    if (const auto problem = layer->enter(*this)) {
      fail(*problem);
      return false;
    }
  }
  return true;
}

void Exchange::answer(Response response) {
  if (answered_.exchange(true)) return;
  for (Header& header : answer_headers) response.headers.push_back(std::move(header));
  for (auto layer = entered_.rbegin(); layer != entered_.rend(); ++layer) {
    (*layer)->leave(*this, response);
  }
  responder_.send(std::move(response));
}

void Exchange::fail(const Problem& problem) {
  failure_ = problem.detail;
  answer(problem_response(problem, context.trace_id.hex(), request.path));
}

void Exchange::fail_counted_elsewhere(const Problem& problem) {
  counted_elsewhere_ = true;
  fail(problem);
}

}  // namespace testgen::service
