#include "app/exit_codes.h"

namespace testgen::app {

const std::vector<std::pair<ExitCode, std::string_view>>& exit_code_table() {
  static const std::vector<std::pair<ExitCode, std::string_view>> table = {
      {kSuccess, "done"},
      {kIncomplete, "some of it could not be done"},
      {kUsage, "wrong usage"},
      {kBadInput, "bad input"},
      {kEnvironment, "the machine lacks something"},
      {kNothing, "nothing to test"},
      {kTargetMissed, "a target was missed"},
      {kInternal, "a bug"},
      {kInterrupted, "interrupted"},
  };
  return table;
}

ExitCode exit_code_for(base::ErrorCode code) {
  using base::ErrorCode;
  switch (code) {
    case ErrorCode::InvalidArgument:
      return kUsage;
    case ErrorCode::InvalidInput:
    case ErrorCode::NotFound:
    case ErrorCode::TooLarge:
    case ErrorCode::Unsupported:
      return kBadInput;
    case ErrorCode::NothingToDo:
      return kNothing;
    case ErrorCode::Unauthenticated:
    case ErrorCode::PermissionDenied:
    case ErrorCode::ResourceExhausted:
    case ErrorCode::Environment:
    case ErrorCode::Unavailable:
    case ErrorCode::Io:
      return kEnvironment;
    case ErrorCode::Conflict:
    case ErrorCode::Timeout:
      return kIncomplete;
    case ErrorCode::Cancelled:
      return kInterrupted;
    case ErrorCode::Internal:
      return kInternal;
  }
  return kInternal;
}

ExitCode exit_code_for(const emit::RunReport& run) {
  if (run.interrupted) return kInterrupted;
  bool any_done = false;
  bool any_failed = false;
  bool any_untested = false;
  ExitCode first_failure = kNothing;
  for (const emit::ModuleOutcome& module : run.modules) {
    ExitCode code = kSuccess;
    if (module.report.error) {
      code = exit_code_for(module.report.error->code);
    } else if (!module.write_errors.empty()) {
      code = kEnvironment;  // whatever kept the file from being written, it is not the source
      any_done = any_done || !module.files.empty();
    } else if (module.report.tests_kept == 0 && module.report.functions_total > 0) {
      // There was something to test, and no test of it could be kept: the report says why.
      any_untested = true;
      continue;
    } else {
      any_done = true;
    }
    if (code == kInternal) return kInternal;
    if (code == kSuccess || code == kNothing) continue;
    if (!any_failed) first_failure = code;
    any_failed = true;
  }
  if (!any_failed && (any_done || any_untested)) {
    for (const emit::Target& target : run.targets) {
      if (!target.met()) return kTargetMissed;
    }
  }
  if (!any_failed) return any_done ? kSuccess : any_untested ? kIncomplete : kNothing;
  return any_done ? kIncomplete : first_failure;
}

}  // namespace testgen::app
