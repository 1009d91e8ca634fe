// How a function uses its parameters, for parameters that say nothing of their type: which
// methods it calls on them, what it compares them with, how it calls and unpacks them, where it
// hands them on. Pure.
#pragma once

#include <string_view>

#include "analysis/syntax_tree.h"
#include "model/module_model.h"

namespace testgen::analysis {

// Fills `uses` of the function's parameters from its body and, when it belongs to a class,
// `attribute_uses` of `owner` from what it does with attributes of `self`. The vocabulary is
// described at model::Parameter::uses. `owner` may be null.
void collect_uses(const SyntaxTree& tree, Index body, std::string_view self,
                  model::FunctionModel& function, model::ClassModel* owner);

}  // namespace testgen::analysis
