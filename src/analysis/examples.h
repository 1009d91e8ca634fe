// Calls in the doctests of a module: inputs that its authors chose.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "model/module_model.h"

namespace testgen::analysis {

// Calls of functions and classes of `model` in its docstrings and in `module_docstring`.
[[nodiscard]] std::vector<model::ExampleCall> collect_examples(const model::ModuleModel& model,
                                                               const std::string& module_docstring,
                                                               const std::string& module_name,
                                                               const base::Clock& clock);

}  // namespace testgen::analysis
