#include "service/api/operations.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "service/api/answer_shapes.h"
#include "service/api/generate_input.h"
#include "service/api/json_reader.h"
#include "service/scans/scan_input.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view kProblemType = "application/problem+json";

AnswerSpec problem(int status, std::string_view what) {
  return {status, what, problem_shape, kProblemType};
}

Parameter id_in_path(std::string_view what) {
  return {In::Path, {.name = "id", .need = Need::Required, .what = what}};
}

std::vector<Operation> work() {
  return {
      {.id = "createTests",
       .method = "POST",
       .path = "/v1/generate",
       .group = "Work",
       .summary = "Makes tests for the posted files",
       .text = "The answer has the tests when they are ready within the asked wait; else it is "
               "202 with a job to come back for. The same question is never worked on twice: a "
               "result that is known comes from the cache, and a question that is being worked "
               "on already is given that job.",
       .parameters = {{In::Header,
                       {.name = "Idempotency-Key",
                        .what = "Makes a repeated request safe: the second one gets the first "
                                "one's job.",
                        .most = 255}}},
       .body = generate_shape,
       .example = R"({
  "language": "python",
  "files": [{"path": "calc.py", "content": "def half(x: int) -> float:\n    return x / 2\n"}],
  "options": {"budget_seconds": 2, "seed": 1},
  "wait_seconds": 20
})",
       .answers = {{200, "The job ended within the wait, or the cache knew the answer.", job_shape},
                   {202, "The job is accepted and durable; Location names it.", job_shape},
                   problem(409,
                           "The Idempotency-Key was used for another request, or the job was "
                           "cancelled."),
                   problem(422, "The body is not valid, or the source cannot be worked on."),
                   problem(429,
                           "Too many jobs wait, or the key calls too often; come back after "
                           "Retry-After seconds."),
                   problem(504, "The job ran out of time.")}},
      {.id = "scanFiles",
       .method = "POST",
       .path = "/v1/scan",
       .group = "Work",
       .summary = "Looks for security findings in the posted files",
       .text = "Nothing of the code is run, and the names are only names: no file is opened. A "
               "scan that takes too long ends with what it has, and says `interrupted`. The same "
               "question is answered from the cache.",
       .body = scan_shape,
       .example = R"({
  "files": [{
    "path": "app.py",
    "content": "import os\nfrom flask import request\nos.system(request.args[\"x\"])\n"
  }]
})",
       .answers = {{200, "The findings.", scan_report_shape},
                   problem(422, "The body is not valid."),
                   problem(429,
                           "Too many scans wait, or the key calls too often; come back after "
                           "Retry-After seconds.")}},
  };
}

std::vector<Operation> jobs() {
  return {
      {.id = "listJobs",
       .method = "GET",
       .path = "/v1/jobs",
       .group = "Jobs",
       .summary = "The newest jobs first, without their results",
       .parameters = {{In::Query,
                       {.name = "state",
                        .what = "Only jobs in this state.",
                        .values = {"queued", "running", "succeeded", "failed", "cancelled"}}},
                      {In::Query,
                       {.name = "limit",
                        .kind = Kind::Integer,
                        .what = "How many at most.",
                        .least = 1,
                        .most = 200,
                        .fallback = "50"}},
                      {In::Query,
                       {.name = "after",
                        .what = "Continues where next_after of the page before says.",
                        .most = 64}}},
       .answers = {{200, "A page of jobs.", job_list_shape},
                   problem(404, "There is no job `after`.")}},
      {.id = "getJob",
       .method = "GET",
       .path = "/v1/jobs/{id}",
       .group = "Jobs",
       .summary = "One job, with its result or error when it has ended",
       .parameters = {id_in_path("Of the job.")},
       .answers = {{200, "The job.", job_shape}, problem(404, "There is no such job.")}},
      {.id = "cancelJob",
       .method = "DELETE",
       .path = "/v1/jobs/{id}",
       .group = "Jobs",
       .summary = "Cancels a job that waits or runs, or removes one that has ended",
       .text = "Everyone who waits for that job gets 409. With forget=true a job that has ended is "
               "removed with its source, its result and what the cache knows of it.",
       .parameters = {id_in_path("Of the job."),
                      {In::Query,
                       {.name = "forget",
                        .what = "True: remove a job that has ended.",
                        .fallback = "\"false\"",
                        .values = {"true", "false"}}}},
       .answers = {{200, "The job, now cancelled.", job_shape},
                   {204, "The job is removed."},
                   problem(404, "There is no such job."),
                   problem(409,
                           "The job has ended, and forget was not asked for; or it has not, "
                           "and forget was.")}},
      {.id = "watchJob",
       .method = "GET",
       .path = "/v1/jobs/{id}/events",
       .group = "Jobs",
       .summary = "What becomes of a job, as server-sent events",
       .text = "Begins with a `state` event that says where the job stands. Then `state` for each "
               "change, `progress` with file, stage and fraction while it runs, and `end` with "
               "the final state, after which the stream ends. A line that begins with a colon "
               "every 15 seconds is a sign of life.",
       .parameters = {id_in_path("Of the job.")},
       .answers = {{200, "The events.", nullptr, "text/event-stream"},
                   problem(404, "There is no such job.")}},
  };
}

std::vector<Operation> feedback() {
  return {
      {.id = "judgeTest",
       .method = "POST",
       .path = "/v1/tests/{id}/feedback",
       .group = "Feedback",
       .summary = "Says whether a generated test was accepted",
       .text = "`id` is the id of the job, or that and the name of one of its tests, as "
               "`JOB:test_name`. The last word counts.",
       .parameters = {id_in_path("Of a job, or of one of its tests.")},
       .body = test_feedback_shape,
       .example = R"({"verdict": "accepted"})",
       .answers = {{200, "The verdict is kept.", feedback_answer_shape},
                   problem(404, "There is no such job, or it has no such test."),
                   problem(422, "The body is not valid.")}},
      {.id = "judgeFinding",
       .method = "POST",
       .path = "/v1/findings/{id}/feedback",
       .group = "Feedback",
       .summary = "Says whether a finding was right",
       .text = "`id` is the finding's own, or its fingerprint. The last word counts.",
       .parameters = {id_in_path("Of the finding: letters, digits, `.`, `_`, `:` and `-`.")},
       .body = finding_feedback_shape,
       .example = R"({"verdict": "false_positive"})",
       .answers = {{200, "The verdict is kept.", feedback_answer_shape},
                   problem(404, "That cannot be the id of a finding."),
                   problem(422, "The body is not valid.")}},
      {.id = "receiveAlerts",
       .method = "POST",
       .path = "/v1/hooks/alertmanager",
       .group = "Feedback",
       .summary = "Takes what Alertmanager's webhook sends",
       .text = "An alert is known by its fingerprint and its start: telling of it again changes "
               "nothing.",
       .body = alertmanager_shape,
       .answers = {{200, "The alerts are kept.", alerts_answer_shape},
                   problem(422, "The body is not valid.")}},
  };
}

std::vector<Operation> probes() {
  const auto same = [](Operation operation, std::string_view id, std::string_view path,
                       std::string_view summary) {
    operation.id = id;
    operation.path = path;
    operation.summary = summary;
    return operation;
  };
  const Operation ready{
      .id = "ready",
      .method = "GET",
      .path = "/ready",
      .group = "Probes",
      .summary = "Whether it can take work",
      .text =
          "What is not configured counts as true, and with verbose is called so. The model "
          "provider down is false and still ready, with the header X-Degraded: true; the database "
          "or the disk down is not. redis is the cache that services share: without one it is not "
          "configured and therefore true, and while it is down the service works without it. "
          "Another check shows while it fails.",
      .parameters = {{In::Query,
                      {.name = "verbose", .what = "Adds each check's message and age."}}},
      .answers = {{200, "Ready.", ready_shape}, {503, "Not ready.", ready_shape}}};
  const Operation alive{.id = "alive",
                        .method = "GET",
                        .path = "/alive",
                        .group = "Probes",
                        .summary = "Whether it need not be restarted",
                        .answers = {{200, "Alive.", alive_shape}, {500, "Dead.", alive_shape}}};
  return {{.id = "health",
           .method = "GET",
           .path = "/health",
           .group = "Probes",
           .summary = "That it runs",
           .answers = {{200, "It does.", health_shape}}},
          ready,
          same(ready, "readyz", "/readyz", "/ready by its Kubernetes name"),
          alive,
          same(alive, "livez", "/livez", "/alive by its Kubernetes name")};
}

std::vector<Operation> inside() {
  return {
      {.id = "metrics",
       .method = "GET",
       .path = "/metrics",
       .group = "Inside",
       .summary = "Everything it counts, for Prometheus",
       .text = "Text 0.0.4, OpenMetrics 1.0 with exemplars, or delimited protobuf with native "
               "histograms, as Accept asks; gzip as Accept-Encoding asks.",
       .answers = {{200, "The metrics.", nullptr, "text/plain"}}},
      {.id = "getTrace",
       .method = "GET",
       .path = "/debug/traces/{id}",
       .group = "Inside",
       .summary = "The spans of one trace, while they are in memory",
       .parameters = {id_in_path("Of the trace: 32 hexadecimal digits.")},
       .answers = {{200, "The spans.", open_shape}, problem(404, "Nothing of it is in memory.")}},
      {.id = "listRequests",
       .method = "GET",
       .path = "/debug/requests",
       .group = "Inside",
       .summary = "What is being worked on, with its stage and age",
       .answers = {{200, "Requests and jobs.", open_shape}}},
      {.id = "getLogLevel",
       .method = "GET",
       .path = "/debug/log-level",
       .group = "Inside",
       .summary = "How much it says",
       .answers = {{200, "What is in force.", log_level_shape}}},
      {.id = "setLogLevel",
       .method = "PUT",
       .path = "/debug/log-level",
       .group = "Inside",
       .summary = "Changes how much it says, until it is started again",
       .body = log_level_change_shape,
       .example = R"({"level": "debug"})",
       .answers = {{200, "What is now in force.", log_level_shape},
                   problem(422, "The body is not valid.")}},
      {.id = "openapi",
       .method = "GET",
       .path = "/openapi.json",
       .group = "Inside",
       .summary = "This API as an OpenAPI 3.1 document",
       .answers = {{200, "The document.", open_shape}}},
      {.id = "docs",
       .method = "GET",
       .path = "/docs",
       .group = "Inside",
       .summary = "This API as a page for people",
       .answers = {{200, "The page.", nullptr, "text/html"}}},
  };
}

// What is wrong with a parameter's text; empty when nothing is.
std::string parameter_fault(const Field& field, const std::string& text) {
  if (field.kind == Kind::Integer) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (whole && number >= field.least && number <= field.most) return {};
    return "must be a whole number from " + std::to_string(field.least) + " to " +
           std::to_string(field.most);
  }
  if (!field.values.empty() &&
      std::find(field.values.begin(), field.values.end(), text) == field.values.end()) {
    std::string known;
    for (const std::string_view value : field.values) {
      known += (known.empty() ? "" : ", ") + std::string(value);
    }
    return "must be one of " + known;
  }
  if (text.size() > field.most) {
    return "must not be longer than " + std::to_string(field.most) + " bytes";
  }
  return {};
}

}  // namespace

const std::vector<Operation>& operations() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> list;
    for (auto part : {work(), jobs(), feedback(), probes(), inside()}) {
      std::move(part.begin(), part.end(), std::back_inserter(list));
    }
    return list;
  }();
  return all;
}

const Operation* find_operation(std::string_view method, std::string_view path) {
  for (const Operation& operation : operations()) {
    if (operation.method == method && operation.path == path) return &operation;
  }
  return nullptr;
}

const std::vector<AnswerSpec>& common_answers() {
  static const std::vector<AnswerSpec> answers{
      problem(400, "The request is malformed."),
      problem(401, "Credentials are missing or wrong."),
      problem(403, "The caller may not do this."),
      problem(408, "The request did not arrive in time."),
      problem(413, "The body is over the limit."),
      problem(415, "The body is of a type that is not understood."),
      problem(429, "The key calls too often; come back after Retry-After seconds."),
      problem(431, "The headers are over the limit."),
      problem(500, "The service failed."),
      problem(503, "The service cannot answer now; come back after Retry-After seconds."),
  };
  return answers;
}

std::variant<Query, Problem> read_query(const Operation& operation, const Request& request) {
  Query query;
  for (const Parameter& parameter : operation.parameters) {
    if (parameter.in != In::Query) continue;
    const Field& field = parameter.field;
    std::string text = request.query_parameter(field.name);
    if (text.empty()) {
      if (field.fallback.empty()) continue;
      const auto fallback = nlohmann::json::parse(field.fallback);
      text = fallback.is_string() ? fallback.get<std::string>() : fallback.dump();
    } else if (std::string fault = parameter_fault(field, text); !fault.empty()) {
      return Problem::from(Error{ErrorCode::InvalidArgument,
                                 "the parameter " + std::string(field.name) + " " + fault, ""});
    }
    query.emplace(field.name, std::move(text));
  }
  return query;
}

std::variant<nlohmann::json, Problem> read_body(const Operation& operation,
                                                const Request& request) {
  auto document = parse_json(request.body);
  if (!document) return Problem::from(document.error());
  std::vector<FieldError> errors;
  validate(*document, operation.body(), "", errors);
  if (!errors.empty()) return Problem::from_fields(std::move(errors));
  return *std::move(document);
}

}  // namespace testgen::service
