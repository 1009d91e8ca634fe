// The small changes that make mutants, one syntax node at a time. Two groups: the explorer aims
// its tests at the first; the second is kept for scoring, so that a suite cannot be tuned to the
// changes it is judged by. Every change leaves text that compiles with CPython 3.9 to 3.13.
// Pure. Offsets are bytes of the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "analysis/syntax_tree.h"

namespace testgen::analysis {

// What a change copies is no longer than this, so that deeply nested code cannot make the
// mutants many times as large as the file.
inline constexpr std::size_t kMaxReplacement = 2'000;

struct Change {
  std::string_view operation;  // lives as long as the program
  std::uint32_t begin = 0;     // [begin, end) of the file becomes `replacement`
  std::uint32_t end = 0;
  std::string replacement;
};

// What a change has to know of the place it is made in.
struct Surroundings {
  // Names that functions inside the unit declare `nonlocal`: their bindings have to stay.
  const std::unordered_set<std::string_view>* nonlocals = nullptr;
  bool in_interpolation = false;  // inside the braces of an f-string
};

// relational, arithmetic, constant, logical, negate, return, deletion, unary, and those of
// add_argument_changes
void add_search_changes(const SyntaxTree& tree, Index node, const Surroundings& where,
                        std::vector<Change>& out);

// slice_bound, argument_order, keyword_dropped
void add_argument_changes(const SyntaxTree& tree, Index node, std::vector<Change>& out);

// break_continue, handler_emptied, loop_runs, augmented_plain, comparison_constant,
// operand_dropped, conditional_side
void add_scoring_changes(const SyntaxTree& tree, Index node, const Surroundings& where,
                         std::vector<Change>& out);

// Whether the explorer never uses this operation.
[[nodiscard]] bool is_scoring_operation(std::string_view operation);

// Whether an expression binds or suspends, so that dropping it changes what the function is.
[[nodiscard]] bool changes_names(const SyntaxTree& tree, Index node);

// Whether the node's text binds or declares one of the names that have to stay bound.
[[nodiscard]] bool binds_nonlocal(const SyntaxTree& tree, Index node, const Surroundings& where);

}  // namespace testgen::analysis
