// What the program's exit status means. Scripts rely on it: a code is never given a new meaning.
// docs/reference/exit-codes.md is the same table in prose.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "emit/report_run.h"

namespace testgen::app {

enum ExitCode : int {
  kSuccess = 0,
  kIncomplete = 1,     // some of what was asked for could not be done; the rest was
  kUsage = 2,          // the command line, a variable or the settings file is wrong
  kBadInput = 3,       // the source files are missing, unreadable as code, or too large
  kEnvironment = 4,    // the machine lacks something: sandbox, interpreter, disk, permission
  kNothing = 5,        // there is nothing to test in what was named
  kTargetMissed = 6,   // all was done, but --coverage-target or its kind was not reached
  kInternal = 70,      // a bug in testgen (EX_SOFTWARE)
  kInterrupted = 130,  // stopped by Ctrl-C (128 + SIGINT)
};

// Every code and its meaning in a few words, ascending.
[[nodiscard]] const std::vector<std::pair<ExitCode, std::string_view>>& exit_code_table();

[[nodiscard]] ExitCode exit_code_for(base::ErrorCode code);

// Of a whole run: its one kind of failure when every module failed, kIncomplete when only some
// did. A module with nothing to test in it fails a run only when all are like that, and so
// do functions that got no test. A missed target counts when all was done.
[[nodiscard]] ExitCode exit_code_for(const emit::RunReport& run);

}  // namespace testgen::app
