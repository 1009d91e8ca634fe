// What can go wrong in an expected way, as a value: bad input, a timeout, a missing tool.
// What user code did (failed, hung, was killed) is never an Error; it is a model::RunResult.
// Bugs are TG_CHECK failures (check.h). Exactly two tables map these codes outward:
// app/exit_codes.cc to process exit codes and service/http/problem.cc to HTTP statuses.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace testgen::base {

enum class ErrorCode {
  InvalidArgument,    // the caller used the command or the API wrongly
  InvalidInput,       // the source, file or body itself is broken
  NotFound,           // a named thing does not exist
  TooLarge,           // over a stated limit
  Unsupported,        // understood, but not something this build does
  NothingToDo,        // valid input with nothing in it to work on
  Unauthenticated,    // no or wrong credentials
  PermissionDenied,   // known caller, not allowed; or the system refused access
  Conflict,           // contradicts what is already stored
  Timeout,            // a deadline passed
  Cancelled,          // asked to stop
  ResourceExhausted,  // disk, memory or queue is full
  Environment,        // the machine lacks something: sandbox, interpreter, runner
  Unavailable,        // a dependency did not answer
  Io,                 // reading or writing failed
  Internal,           // a bug
};

// Stable lower_snake name, used in JSON, logs and the `type` label of testgen_errors_total.
[[nodiscard]] std::string_view to_string(ErrorCode code);
// The code of that name; nothing for another name.
[[nodiscard]] std::optional<ErrorCode> error_code_from(std::string_view name);

struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string message;  // what was wrong, and where
  std::string hint;     // what to do about it; may be empty

  // The same error with "<prefix>: " before its message.
  [[nodiscard]] Error with_context(std::string_view prefix) const;
};

// "message (hint)" for logs and terminals.
[[nodiscard]] std::string describe(const Error& error);

// Error for a failed system call: "<what>: <strerror(errno_value)>", with the code that fits
// (ENOENT → NotFound, EACCES/EROFS → PermissionDenied, ENOSPC/EDQUOT → ResourceExhausted, …).
[[nodiscard]] Error system_error(std::string_view what, int errno_value);

}  // namespace testgen::base
