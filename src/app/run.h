// Runs an action and turns what came of it into the exit code; errors go to standard error.
#pragma once

#include <exception>

#include "app/cli.h"

namespace testgen::app {

[[nodiscard]] int run(const Action& action);

// Writes a command's whole output; the exit code says, and standard error too, when it could not.
[[nodiscard]] int print(std::string_view text);

// "testgen: message" and the hint; returns the exit code that fits.
int report_error(const base::Error& error);
// For what should never happen: asks for a bug report.
int report_bug(const std::exception& bug);

}  // namespace testgen::app
