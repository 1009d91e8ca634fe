// GET /v1/jobs and /v1/jobs/{id}, DELETE /v1/jobs/{id}: what was asked, where it stands, what
// came out; and no longer wanted.
#include <charconv>
#include <optional>

#include "service/api/context.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t kMaxPage = 200;

void show(ApiContext& api, const ExchangePtr& exchange) {
  const auto job = api.store.get(exchange->match.parameters.front());
  if (!job) {
    exchange->fail(Problem::from(job.error()));
    return;
  }
  if (job->state == model::JobState::Succeeded) {
    api.telemetry.metrics().journey_steps_total.with("downloaded").add();
  }
  exchange->answer(json_response(200, job_json(*job, false)));
}

void cancel(ApiContext& api, const ExchangePtr& exchange) {
  const auto job = api.queue.cancel(exchange->match.parameters.front());
  if (!job) {
    exchange->fail(Problem::from(job.error()));
    return;
  }
  exchange->answer(json_response(200, job_json(*job, false)));
}

base::Result<storage::JobFilter> filter_of(const Request& request) {
  storage::JobFilter filter;
  if (const std::string state = request.query_parameter("state"); !state.empty()) {
    filter.state = model::job_state_from(state);
    if (!filter.state) {
      return Error{ErrorCode::InvalidArgument, "there is no state '" + state + "'",
                   "use queued, running, succeeded, failed or cancelled"};
    }
  }
  if (const std::string limit = request.query_parameter("limit"); !limit.empty()) {
    const auto [end, error] =
        std::from_chars(limit.data(), limit.data() + limit.size(), filter.limit);
    if (error != std::errc() || end != limit.data() + limit.size() || filter.limit < 1 ||
        filter.limit > kMaxPage) {
      return Error{ErrorCode::InvalidArgument, "limit must be a whole number from 1 to 200", ""};
    }
  }
  filter.after = request.query_parameter("after");
  return filter;
}

void list(ApiContext& api, const ExchangePtr& exchange) {
  const auto filter = filter_of(exchange->request);
  if (!filter) {
    exchange->fail(Problem::from(filter.error()));
    return;
  }
  const auto jobs = api.store.list(*filter);
  if (!jobs) {
    exchange->fail(Problem::from(jobs.error()));
    return;
  }
  std::string body = R"({"jobs":[)";
  for (const model::Job& job : *jobs) {
    if (body.back() == '}') body += ',';
    body += job_json(job, false);
  }
  body += ']';
  if (jobs->size() == filter->limit) body += R"(,"next_after":")" + jobs->back().id + '"';
  body += '}';
  exchange->answer(json_response(200, std::move(body)));
}

}  // namespace

void add_jobs(Router& router, ApiContext& api) {
  router.add({.method = "GET",
              .path = "/v1/jobs",
              .permission = Permission::ReadJobs,
              .feature = "jobs",
              .endpoint = [&api](const ExchangePtr& exchange) { list(api, exchange); }});
  router.add({.method = "GET",
              .path = "/v1/jobs/{id}",
              .permission = Permission::ReadJobs,
              .feature = "jobs",
              .endpoint = [&api](const ExchangePtr& exchange) { show(api, exchange); }});
  router.add({.method = "DELETE",
              .path = "/v1/jobs/{id}",
              .permission = Permission::ChangeJobs,
              .feature = "cancel",
              .endpoint = [&api](const ExchangePtr& exchange) { cancel(api, exchange); }});
}

}  // namespace testgen::service
