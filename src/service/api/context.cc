#include "service/api/context.h"

#include <nlohmann/json.hpp>

#include "telemetry/tracing/propagation.h"

namespace testgen::service {

std::string job_json(const model::Job& job, bool cached, const std::optional<JobQueue::Run>& run) {
  nlohmann::ordered_json document;
  document["id"] = job.id;
  document["kind"] = job.kind;
  document["state"] = model::to_string(job.state);
  document["cached"] = cached;
  document["attempts"] = job.attempts;
  document["created_at"] = base::format_rfc3339(job.created);
  if (job.started != base::WallTime{}) {
    document["started_at"] = base::format_rfc3339(job.started);
  }
  if (job.finished != base::WallTime{}) {
    document["finished_at"] = base::format_rfc3339(job.finished);
  }
  const telemetry::SpanContext trace = telemetry::unpack_context(job.traceparent);
  if (trace.valid()) document["trace_id"] = trace.trace_id.hex();
  if (run) {
    document["stage"] = run->stage;
    document["fraction"] = run->fraction;
  }
  std::string text =
      document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  const auto append = [&text](std::string_view name, const std::string& raw) {
    if (raw.empty()) return;
    text.back() = ',';  // in the place of the closing brace
    text += '"';
    text += name;
    text += "\":";
    text += raw;
    text += '}';
  };
  append("result", job.result_json);
  append("error", job.error_json);
  return text;
}

std::string tenant_of(const Exchange& exchange) {
  return exchange.caller.tenant;
}

base::Result<model::Job> own_job(ApiContext& api, const Exchange& exchange, const std::string& id) {
  TG_ASSIGN(model::Job job, api.store.get(id));
  if (job.tenant == tenant_of(exchange)) return job;
  return base::Error{base::ErrorCode::NotFound, "there is no job " + id, ""};
}

Response json_response(int status, std::string body) {
  Response response{.status = status};
  response.body = std::move(body);
  return response;
}

}  // namespace testgen::service
