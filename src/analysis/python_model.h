// Builds the parts of a ModuleModel that describe the code: functions, classes, literals,
// imports. Instrumentation is instrument.h; docstring examples are examples.h.
#pragma once

#include "analysis/syntax_tree.h"
#include "model/module_model.h"

namespace testgen::analysis {

// `tree` must have passed check_syntax(). Leaves goals, examples and instrumented empty.
[[nodiscard]] model::ModuleModel build_model(const SyntaxTree& tree);

}  // namespace testgen::analysis
