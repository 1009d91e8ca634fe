#include "base/error.h"

#include <cerrno>
#include <system_error>

namespace testgen::base {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidArgument:
      return "invalid_argument";
    case ErrorCode::InvalidInput:
      return "invalid_input";
    case ErrorCode::NotFound:
      return "not_found";
    case ErrorCode::TooLarge:
      return "too_large";
    case ErrorCode::Unsupported:
      return "unsupported";
    case ErrorCode::NothingToDo:
      return "nothing_to_do";
    case ErrorCode::Unauthenticated:
      return "unauthenticated";
    case ErrorCode::PermissionDenied:
      return "permission_denied";
    case ErrorCode::Conflict:
      return "conflict";
    case ErrorCode::Timeout:
      return "timeout";
    case ErrorCode::Cancelled:
      return "cancelled";
    case ErrorCode::ResourceExhausted:
      return "resource_exhausted";
    case ErrorCode::Environment:
      return "environment";
    case ErrorCode::Unavailable:
      return "unavailable";
    case ErrorCode::Io:
      return "io";
    case ErrorCode::Internal:
      return "internal";
  }
  return "internal";
}

std::optional<ErrorCode> error_code_from(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    if (to_string(code) == name) return code;
  }
  return std::nullopt;
}

Error Error::with_context(std::string_view prefix) const {
  return Error{code, std::string(prefix) + ": " + message, hint};
}

std::string describe(const Error& error) {
  return error.hint.empty() ? error.message : error.message + " (" + error.hint + ")";
}

Error system_error(std::string_view what, int errno_value) {
  ErrorCode code = ErrorCode::Io;
  std::string hint;
  switch (errno_value) {
    case ENOENT:
    case ENOTDIR:
      code = ErrorCode::NotFound;
      break;
    case EACCES:
    case EPERM:
      code = ErrorCode::PermissionDenied;
      break;
    case EROFS:
      code = ErrorCode::PermissionDenied;
      hint = "the file system is read-only; choose another folder";
      break;
    case ENOSPC:
    case EDQUOT:
      code = ErrorCode::ResourceExhausted;
      hint = "free some disk space";
      break;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EAGAIN:
      code = ErrorCode::ResourceExhausted;
      break;
    case ETIMEDOUT:
      code = ErrorCode::Timeout;
      break;
    default:
      break;
  }
  return Error{code, std::string(what) + ": " + std::generic_category().message(errno_value), hint};
}

}  // namespace testgen::base
