// Errors as RFC 9457 problem documents. The table here is the only place that maps a
// base::ErrorCode to an HTTP status. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "service/http/message.h"

namespace testgen::service {

// One fault of a request body: where (RFC 6901 JSON pointer) and what.
struct FieldError {
  std::string pointer;
  std::string detail;
};

struct Problem {
  int status = 500;
  std::string code;   // stable lower_snake name; the end of `type`
  std::string title;  // the same for every occurrence
  std::string detail;
  std::string hint;
  std::vector<FieldError> errors;
  std::optional<int> retry_after_seconds;
  std::string allow;      // methods, with 405
  std::string challenge;  // WWW-Authenticate, with 401
  std::string job_id;     // the job that failed, where there is one

  // What the caller did wrong or met, by the table.
  [[nodiscard]] static Problem from(const base::Error& error);
  // What became of a job. Only codes that speak of its input are the caller's fault there: a
  // file the runner may not read is no 403 of the client's.
  [[nodiscard]] static Problem from_job(const base::Error& error);
  // For what the HTTP layer finds itself: 400, 404, 405, 408, 413, 431, 503.
  [[nodiscard]] static Problem from_status(int status, std::string detail);
  // 422 with every fault found.
  [[nodiscard]] static Problem from_fields(std::vector<FieldError> errors);
};

[[nodiscard]] int http_status(base::ErrorCode code);

// The document. `instance` is the request's path, or empty.
[[nodiscard]] std::string problem_json(const Problem& problem, std::string_view trace_id,
                                       std::string_view instance);
// Reads a document back, as it was kept with a failed job.
[[nodiscard]] Problem problem_from_json(std::string_view document);
// An answer always has a hint.
[[nodiscard]] Response problem_response(const Problem& problem, std::string_view trace_id,
                                        std::string_view instance);

}  // namespace testgen::service
