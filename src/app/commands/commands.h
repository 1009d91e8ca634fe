// The subcommands, one file each. A command prints its own results and errors and returns the
// exit code.
#pragma once

#include "app/cli.h"

namespace testgen::app {

[[nodiscard]] int generate(const Generate& action);
[[nodiscard]] int analyze(const Analyze& action);
[[nodiscard]] int serve(const Serve& action);
[[nodiscard]] int doctor(const Doctor& action);
[[nodiscard]] int show_settings(const ShowSettings& action);
[[nodiscard]] int trace(const Trace& action);
[[nodiscard]] int telemetry_schema();

}  // namespace testgen::app
