// What of a module was asked for: by --symbol, or by --diff as the functions that changed. Other
// functions are not held against the suite. Pure.
#pragma once

#include <string>
#include <vector>

#include "model/module_model.h"
#include "model/report.h"

namespace testgen::pipeline {

// Whether a function, or the class it belongs to, is among them.
[[nodiscard]] bool is_asked(const std::string& function, const std::vector<std::string>& symbols);

// The part of the coverage that lies in what was asked for; all of it where nothing was named, or
// where the tool does not tell line by line.
[[nodiscard]] model::Coverage asked_coverage(model::Coverage whole,
                                             const model::ModuleModel& module,
                                             const std::vector<std::string>& symbols);

}  // namespace testgen::pipeline
