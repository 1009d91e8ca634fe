// Numbers, strings and bytes written in the code: the first values worth trying as input.
#pragma once

#include <vector>

#include "analysis/syntax_tree.h"
#include "model/module_model.h"

namespace testgen::analysis {

// Distinct literals under a node in order of appearance, with a minus sign where one is
// written; no docstrings or bare strings, no f-strings, no imaginary numbers, nothing over
// 400 bytes.
[[nodiscard]] std::vector<model::Literal> collect_literals(const SyntaxTree& tree, Index root);

// Entries of a list, tuple, set or mapping that is written down whole, in literals alone; 0 for
// anything else.
[[nodiscard]] std::size_t table_entries(const SyntaxTree& tree, Index node);

}  // namespace testgen::analysis
