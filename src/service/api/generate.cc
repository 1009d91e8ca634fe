// POST /v1/generate: tests for the posted files, in this answer when they are ready within the
// asked wait, else as a job to come back for.
#include <variant>

#include "base/random.h"
#include "service/active_trace.h"
#include "service/api/context.h"
#include "service/api/generate_input.h"
#include "telemetry/tracing/propagation.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view kKind = "generate";
constexpr std::size_t kMaxIdempotencyKeyBytes = 255;

// JSON, or nothing said, or what `curl -d` sends by itself.
bool acceptable_content_type(std::string_view type) {
  return type.empty() || type.starts_with("application/json") ||
         type.starts_with("application/x-www-form-urlencoded");
}

Response accepted(const model::Job& job) {
  Response response = json_response(202, job_json(job, false));
  response.headers.push_back({"location", "/v1/jobs/" + job.id});
  response.headers.push_back({"retry-after", "1"});
  return response;
}

// An ended job as the answer of the request that asked for it. The job's problem becomes the
// answer's: whoever waited sees the failure, not a success that tells of one.
void answer_ended(telemetry::Telemetry& telemetry, Exchange& exchange, const model::Job& job) {
  if (job.state == model::JobState::Succeeded) {
    telemetry.metrics().journey_steps_total.with("downloaded").add();
    exchange.answer(json_response(200, job_json(job, false)));
    return;
  }
  if (job.state == model::JobState::Cancelled) {
    Problem problem = Problem::from(Error{ErrorCode::Cancelled, "the job was cancelled", ""});
    problem.job_id = job.id;
    exchange.fail_counted_elsewhere(problem);
    return;
  }
  Problem problem = problem_from_json(job.error_json);
  problem.job_id = job.id;
  exchange.fail_counted_elsewhere(problem);
}

void wait_for(ApiContext& api, const ExchangePtr& exchange, const model::Job& job,
              std::chrono::milliseconds wait) {
  exchange->stage = "waiting for a job";
  const auto deadline = api.telemetry.clock().steady_now() + wait;
  api.queue.wait(job.id, deadline, [exchange, &api, job](const auto& ended) {
    if (ended) {
      answer_ended(api.telemetry, *exchange, *ended);
      return;
    }
    const ActiveTrace active(exchange->context);
    const auto now = api.store.get(job.id);  // it may have begun
    exchange->answer(accepted(now ? *now : job));
  });
}

void answer_known(ApiContext& api, Exchange& exchange, const std::string& result) {
  exchange.span.set("cache.hit", true);
  for (const char* step : {"submitted", "generated", "downloaded"}) {
    api.telemetry.metrics().journey_steps_total.with(step).add();
  }
  exchange.answer(json_response(200, result));
}

// The same bytes again, a moment after they were found good and their result known.
bool generate_at_once(ApiContext& api, const ExchangePtr& exchange) {
  const Request& request = exchange->request;
  if (!acceptable_content_type(request.header("content-type"))) return false;
  if (!request.header("idempotency-key").empty()) return false;
  const auto key =
      api.questions->find(tenant_of(*exchange), request.body, api.telemetry.clock().steady_now());
  if (!key) return false;
  const auto hit = api.cache.get_at_once(*key, exchange->context);
  if (hit == nullptr) return false;
  answer_known(api, *exchange, *hit);
  return true;
}

void generate(ApiContext& api, const ExchangePtr& exchange) {
  const Request& request = exchange->request;
  if (!acceptable_content_type(request.header("content-type"))) {
    exchange->fail(Problem::from_status(415, "the body must be application/json"));
    return;
  }
  auto parsed = parse_generate(request.body);
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    exchange->fail(*problem);
    return;
  }
  auto& input = std::get<GenerateInput>(parsed);
  if (input.engine.empty()) input.engine = api.engines.usual;
  exchange->span.set("file.count", input.files.size());
  exchange->span.set("file.language", input.language);

  model::Job job;
  job.id = base::random_hex(16);
  job.kind = kKind;
  job.request_json = input.canonical_json();
  job.traceparent = telemetry::pack_context(exchange->context);
  job.tenant = tenant_of(*exchange);
  job.key_id = exchange->caller.key_id;
  job.idempotency_key = request.header("idempotency-key");
  if (job.idempotency_key.size() > kMaxIdempotencyKeyBytes) {
    exchange->fail(Problem::from(
        Error{ErrorCode::InvalidArgument, "the Idempotency-Key is longer than 255 bytes", ""}));
    return;
  }

  const auto environment = api.environment(input.environment);
  if (!environment) {
    exchange->fail(Problem::from_fields({{"/options/environment", environment.error().message}}));
    return;
  }
  const auto engine = api.engines.identity(input.engine);
  if (!engine) {
    exchange->fail(Problem::from_fields({{"/options/engine", engine.error().message}}));
    return;
  }
  job.content_key =
      cache_key({api.version, job.kind, job.tenant, *environment, *engine, job.request_json});
  if (const auto hit = api.cache.get(job.content_key, exchange->context)) {
    api.questions->put(job.tenant, request.body, job.content_key,
                       api.telemetry.clock().steady_now());
    answer_known(api, *exchange, *hit);
    return;
  }
  if (api.draining) {
    exchange->fail(Problem::from_status(503, "the service is stopping"));
    return;
  }
  job.created = api.telemetry.clock().wall_now();
  const auto enqueued = api.queue.submit(job);
  if (!enqueued) {
    exchange->fail(Problem::from(enqueued.error()));
    return;
  }
  if (enqueued->outcome == storage::Enqueued::Outcome::Full) {
    exchange->fail(Problem::from_status(429, "too many jobs are waiting"));
    return;
  }
  exchange->span.set("job.id", enqueued->job.id);
  exchange->job_tells = true;
  if (enqueued->outcome != storage::Enqueued::Outcome::Existing) {
    api.telemetry.metrics().journey_steps_total.with("submitted").add();
  }
  if (model::is_final(enqueued->job.state)) {
    answer_ended(api.telemetry, *exchange, enqueued->job);
  } else if (input.wait.count() == 0) {
    exchange->answer(accepted(enqueued->job));
  } else {
    wait_for(api, exchange, enqueued->job, input.wait);
  }
}

}  // namespace

void add_generate(Router& router, ApiContext& api) {
  router.add(
      {.method = "POST",
       .path = "/v1/generate",
       .permission = Permission::Generate,
       .feature = "generate",
       .endpoint = [&api](const ExchangePtr& exchange) { generate(api, exchange); },
       .at_once = [&api](const ExchangePtr& exchange) { return generate_at_once(api, exchange); }});
}

}  // namespace testgen::service
