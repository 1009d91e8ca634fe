// Prints what a procedure found, and turns it into the exit code.
#pragma once

#include <string_view>

#include "operations/report/report.h"

namespace testgen::app {

// kTargetMissed when something misses its bar, kIncomplete when nothing does and something is
// unknown. `format` is a name that report_format_from() knows.
[[nodiscard]] int print_report(const operations::Report& report, std::string_view format);

}  // namespace testgen::app
