// What the generated tests cover, line by line, in the two forms that coverage viewers and CI
// servers read. Modules whose lines are not known are not in it. Pure.
#pragma once

#include <chrono>
#include <string>

#include "emit/report_run.h"

namespace testgen::emit {

[[nodiscard]] std::string report_lcov(const RunReport& run);
// `made` is the time the report carries.
[[nodiscard]] std::string report_cobertura(const RunReport& run,
                                           std::chrono::system_clock::time_point made);

}  // namespace testgen::emit
