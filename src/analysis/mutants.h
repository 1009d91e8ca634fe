// First-order mutants of a module, as edits of the units that hold them. The explorer gets the
// search's operators; scoring adds those that the search never uses (mutation_operators.h).
// Left alone: docstrings, type annotations, patterns, imports, base classes, `__all__` and its
// kind, and blocks under `if __name__ == "__main__"` or `if TYPE_CHECKING`.
// Mutants are in source order, without duplicates, at most kMaxMutants. Pure.
#pragma once

#include "analysis/instrument.h"
#include "analysis/syntax_tree.h"
#include "base/clock.h"
#include "base/result.h"
#include "model/mutant.h"
#include "model/source_file.h"

namespace testgen::analysis {

// A longer file keeps every n-th.
inline constexpr std::size_t kMaxMutants = 20'000;

enum class MutantGroup { Search, SearchAndScoring };

// `instrumentation` is that of `tree`. A mutant's goal is that of the innermost block around it
// that has one; a function that begins with a branch has none until one of its sides.
[[nodiscard]] model::Mutation find_mutants(const SyntaxTree& tree,
                                           const Instrumentation& instrumentation,
                                           MutantGroup group);

// Both groups, told apart by is_scoring_operation(mutant.operation). Fails as analyze() does.
[[nodiscard]] base::Result<model::Mutation> find_scoring_mutants(const model::SourceFile& source,
                                                                 const base::Clock& clock);

}  // namespace testgen::analysis
