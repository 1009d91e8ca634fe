// Parameters of a function definition.
#pragma once

#include <string_view>
#include <vector>

#include "analysis/syntax_tree.h"
#include "model/module_model.h"

namespace testgen::analysis {

// In order of appearance; `skip_first` leaves out self or cls.
[[nodiscard]] std::vector<model::Parameter> collect_parameters(const SyntaxTree& tree,
                                                               Index parameters, bool skip_first);
// The name of the first plain parameter ("self"), or empty.
[[nodiscard]] std::string_view first_parameter(const SyntaxTree& tree, Index parameters);

}  // namespace testgen::analysis
