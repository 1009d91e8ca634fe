// Which files hold a log: a folder's, and the rotated ones beside a file, oldest first.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace testgen::operations {

// A file is itself, with its rotated siblings before it when they are wanted (app.log.2.gz,
// app.log.1, app.log); a folder is all its logs, each with its own. "-" is standard input.
[[nodiscard]] base::Result<std::vector<std::string>> log_files(
    const std::vector<std::string>& paths, bool rotated);

// "app.log" of app.log.2.gz, app.log-20261122 and app.log itself; empty when it is no log. Pure.
[[nodiscard]] std::string log_name(const std::string& file_name);

}  // namespace testgen::operations
