#include "service/http/problem.h"

#include <array>
#include <nlohmann/json.hpp>

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;

constexpr int kRetryAfterSeconds = 5;

struct Row {
  ErrorCode code;
  int status;
  std::string_view title;
};
constexpr std::array<Row, 16> kTable{{
    {ErrorCode::InvalidArgument, 400, "The request is wrong"},
    {ErrorCode::InvalidInput, 422, "The input cannot be worked on"},
    {ErrorCode::NotFound, 404, "Not found"},
    {ErrorCode::TooLarge, 413, "Over a limit"},
    {ErrorCode::Unsupported, 501, "Not supported by this server"},
    {ErrorCode::NothingToDo, 422, "There is nothing to work on"},
    {ErrorCode::Unauthenticated, 401, "Credentials are missing or wrong"},
    {ErrorCode::PermissionDenied, 403, "Not allowed"},
    {ErrorCode::Conflict, 409, "In conflict with what is stored"},
    {ErrorCode::Timeout, 504, "Out of time"},
    {ErrorCode::Cancelled, 409, "Cancelled"},
    {ErrorCode::ResourceExhausted, 503, "A resource is used up"},
    {ErrorCode::Environment, 500, "The server lacks something it needs"},
    {ErrorCode::Unavailable, 503, "Not available now"},
    {ErrorCode::Io, 500, "Reading or writing failed"},
    {ErrorCode::Internal, 500, "Internal error"},
}};

const Row& row_of(ErrorCode code) {
  for (const Row& row : kTable) {
    if (row.code == code) return row;
  }
  return kTable.back();
}

// What helps whatever it was about, where nobody knew better.
std::string_view usual_hint(int status) {
  switch (status) {
    case 400:
      return "GET /docs shows what a request looks like";
    case 401:
      return "send the header Authorization: Bearer KEY";
    case 403:
      return "ask an administrator for a key with another role";
    case 404:
      return "GET /docs lists what there is; a job is seen only with the keys of its tenant, and "
             "goes after its time";
    case 405:
      return "the header Allow names the methods";
    case 408:
      return "send the request in one go";
    case 409:
      return "look how it stands, and ask again";
    case 413:
      return "send less at once, or raise the service's --body-limit";
    case 415:
      return "send the header Content-Type: application/json";
    case 422:
      return "what was sent has to change; detail says where";
    case 429:
      return "come back after Retry-After seconds";
    case 431:
      return "send fewer and shorter headers";
    case 501:
      return "GET /docs lists what this service can do";
    case 503:
      return "come back after Retry-After seconds; GET /readyz?verbose says what is wrong";
    case 504:
      return "ask for less at once, or give it more time";
    default:
      return "report it with the trace id, by which it is found in the service's log";
  }
}

bool speaks_of_input(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidInput:
    case ErrorCode::TooLarge:
    case ErrorCode::NothingToDo:
    case ErrorCode::Cancelled:
      return true;
    default:
      return false;
  }
}

}  // namespace

int http_status(ErrorCode code) {
  return row_of(code).status;
}

Problem Problem::from(const Error& error) {
  const Row& row = row_of(error.code);
  Problem problem;
  problem.status = row.status;
  problem.code = base::to_string(error.code);
  problem.title = row.title;
  problem.detail = error.message;
  problem.hint = error.hint;
  if (row.status == 503) problem.retry_after_seconds = kRetryAfterSeconds;
  return problem;
}

Problem Problem::from_job(const Error& error) {
  Problem problem = from(error);
  if (problem.status < 500 && !speaks_of_input(error.code)) problem.status = 500;
  return problem;
}

Problem Problem::from_status(int status, std::string detail) {
  Problem problem;
  problem.status = status;
  problem.detail = std::move(detail);
  problem.title = reason_phrase(status);
  switch (status) {
    case 400:
      problem.code = "malformed_request";
      break;
    case 404:
      problem.code = "not_found";
      break;
    case 405:
      problem.code = "method_not_allowed";
      break;
    case 408:
      problem.code = "request_timeout";
      break;
    case 413:
      problem.code = "too_large";
      break;
    case 415:
      problem.code = "unsupported_media_type";
      break;
    case 429:
      problem.code = "queue_full";
      break;
    case 431:
      problem.code = "headers_too_large";
      break;
    case 503:
      problem.code = "unavailable";
      break;
    default:
      problem.code = "internal";
      break;
  }
  if (status == 429 || status == 503) problem.retry_after_seconds = kRetryAfterSeconds;
  return problem;
}

Problem Problem::from_fields(std::vector<FieldError> errors) {
  Problem problem = from(Error{ErrorCode::InvalidInput, "", ""});
  problem.title = "The request body is not valid";
  problem.detail = errors.empty() ? "" : errors.front().pointer + ": " + errors.front().detail;
  problem.hint = "each entry of `errors` names a place in the body and what it must be";
  problem.errors = std::move(errors);
  return problem;
}

std::string problem_json(const Problem& problem, std::string_view trace_id,
                         std::string_view instance) {
  nlohmann::ordered_json document;
  document["type"] = "urn:testgen:problem:" + problem.code;
  document["title"] = problem.title;
  document["status"] = problem.status;
  document["detail"] = problem.detail;
  if (!problem.hint.empty()) document["hint"] = problem.hint;
  if (!instance.empty()) document["instance"] = instance;
  if (!trace_id.empty()) document["trace_id"] = trace_id;
  if (!problem.job_id.empty()) document["job_id"] = problem.job_id;
  for (const FieldError& error : problem.errors) {
    document["errors"].push_back({{"pointer", error.pointer}, {"detail", error.detail}});
  }
  // A path or a message may hold bytes that are not UTF-8; the document never does.
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Problem problem_from_json(std::string_view text) {
  const auto document = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  Problem problem = Problem::from_status(500, "the error of the job cannot be read");
  if (!document.is_object()) return problem;
  const auto string = [&](const char* name) {
    const auto member = document.find(name);
    return member != document.end() && member->is_string() ? member->get<std::string>() : "";
  };
  const auto status = document.find("status");
  if (status != document.end() && status->is_number_integer()) problem.status = status->get<int>();
  const std::string type = string("type");
  problem.code = type.substr(type.rfind(':') + 1);
  problem.title = string("title");
  problem.detail = string("detail");
  problem.hint = string("hint");
  if (problem.status == 503) problem.retry_after_seconds = kRetryAfterSeconds;
  return problem;
}

Response problem_response(const Problem& problem, std::string_view trace_id,
                          std::string_view instance) {
  Response response;
  response.status = problem.status;
  response.content_type = "application/problem+json";
  Problem told = problem;
  if (told.hint.empty()) told.hint = usual_hint(told.status);
  response.body = problem_json(told, trace_id, instance);
  if (problem.retry_after_seconds) {
    response.headers.push_back({"retry-after", std::to_string(*problem.retry_after_seconds)});
  }
  if (!problem.allow.empty()) response.headers.push_back({"allow", problem.allow});
  if (!problem.challenge.empty()) {
    response.headers.push_back({"www-authenticate", problem.challenge});
  }
  if (!problem.job_id.empty()) {
    response.headers.push_back({"location", "/v1/jobs/" + problem.job_id});
  }
  return response;
}

}  // namespace testgen::service
