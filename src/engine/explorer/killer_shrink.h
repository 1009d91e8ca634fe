// Makes tests smaller while they still notice the mutants and reach the goals they are kept for:
// what the hunt finds carries statements and values that only chance put there.
#pragma once

#include <vector>

#include "base/result.h"
#include "engine/explorer/archive.h"
#include "engine/explorer/mutant_trial.h"
#include "engine/explorer/test_pool.h"

namespace testgen::engine {

// Shrinks the chosen tests of the pool that no second environment has seen yet, and those that
// could do with plainer values; what changed has to be seen twice again. `chosen` are indices into
// the pool; what they alone hold among each other is what each must keep.
[[nodiscard]] base::Status shrink_killers(std::vector<PoolTest>& pool,
                                          const std::vector<std::size_t>& chosen, Harness& harness,
                                          const Universe& universe, const Archive& archive,
                                          MutantTrial& trial, Budget& budget, double until);

}  // namespace testgen::engine
