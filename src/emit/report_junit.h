// A run as JUnit XML, the form that CI servers show: a suite a module, a case a kept test. A
// module that failed is an error, a missed target a failure, what was left out is skipped. Pure.
#pragma once

#include <string>

#include "emit/report_run.h"

namespace testgen::emit {

[[nodiscard]] std::string report_junit(const RunReport& run);

}  // namespace testgen::emit
