// The part of the figures that belongs to what was asked for (model/asked.h): other functions are
// not held against the suite. Pure.
#pragma once

#include <string>
#include <vector>

#include "model/module_model.h"
#include "model/report.h"

namespace testgen::pipeline {

// The part of the coverage that lies in what was asked for; all of it where nothing was named, or
// where the tool does not tell line by line.
[[nodiscard]] model::Coverage asked_coverage(model::Coverage whole,
                                             const model::ModuleModel& module,
                                             const std::vector<std::string>& symbols);

}  // namespace testgen::pipeline
