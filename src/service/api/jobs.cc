// GET /v1/jobs and /v1/jobs/{id}, DELETE /v1/jobs/{id}: what was asked, where it stands, what
// came out; and no longer wanted.
#include <string>

#include "service/api/context.h"
#include "service/api/operations.h"

namespace testgen::service {
namespace {

void show(ApiContext& api, const ExchangePtr& exchange) {
  const auto job = own_job(api, *exchange, exchange->match.parameters.front());
  if (!job) {
    exchange->fail(Problem::from(job.error()));
    return;
  }
  if (job->state == model::JobState::Succeeded) {
    api.telemetry.metrics().journey_steps_total.with("downloaded").add();
  }
  exchange->answer(json_response(200, job_json(*job, false, api.queue.find_run(job->id))));
}

// Removes an ended job, and what the cache knows of it.
void forget(ApiContext& api, const ExchangePtr& exchange, const model::Job& job) {
  if (const base::Status removed = api.queue.remove(job); !removed) {
    exchange->fail(Problem::from(removed.error()));
    return;
  }
  if (!job.content_key.empty()) api.cache.remove(job.content_key);
  Response response;
  response.status = 204;
  exchange->answer(std::move(response));
}

void cancel(ApiContext& api, const ExchangePtr& exchange, const Operation& operation) {
  const auto query = read_query(operation, exchange->request);
  if (const auto* problem = std::get_if<Problem>(&query)) return exchange->fail(*problem);
  auto job = own_job(api, *exchange, exchange->match.parameters.front());
  if (job && std::get<Query>(query).at("forget") == "true") return forget(api, exchange, *job);
  if (job) job = api.queue.cancel(job->id);
  if (!job) {
    Problem problem = Problem::from(job.error());
    if (problem.status == 409) problem.hint = "with ?forget=true it is removed";
    exchange->fail(problem);
    return;
  }
  exchange->answer(json_response(200, job_json(*job, false)));
}

void list(ApiContext& api, const ExchangePtr& exchange, const Operation& operation) {
  const auto read = read_query(operation, exchange->request);
  if (const auto* problem = std::get_if<Problem>(&read)) return exchange->fail(*problem);
  const auto& query = std::get<Query>(read);
  storage::JobFilter filter{.tenant = tenant_of(*exchange)};
  if (const auto state = query.find("state"); state != query.end()) {
    filter.state = model::job_state_from(state->second);
  }
  filter.limit = std::stoul(query.at("limit"));
  if (const auto after = query.find("after"); after != query.end()) filter.after = after->second;
  const auto jobs = api.store.list(filter);
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
  if (jobs->size() == filter.limit) body += R"(,"next_after":")" + jobs->back().id + '"';
  body += '}';
  exchange->answer(json_response(200, std::move(body)));
}

}  // namespace

void add_jobs(Router& router, ApiContext& api) {
  router.add({.method = "GET",
              .path = "/v1/jobs",
              .permission = Permission::ReadJobs,
              .feature = "jobs",
              .endpoint = [&api, &operation = *find_operation("GET", "/v1/jobs")](
                              const ExchangePtr& exchange) { list(api, exchange, operation); }});
  router.add({.method = "GET",
              .path = "/v1/jobs/{id}",
              .permission = Permission::ReadJobs,
              .feature = "jobs",
              .endpoint = [&api](const ExchangePtr& exchange) { show(api, exchange); }});
  router.add({.method = "DELETE",
              .path = "/v1/jobs/{id}",
              .permission = Permission::ChangeJobs,
              .feature = "cancel",
              .endpoint = [&api, &operation = *find_operation("DELETE", "/v1/jobs/{id}")](
                              const ExchangePtr& exchange) { cancel(api, exchange, operation); }});
}

}  // namespace testgen::service
