// Tests of functions that are driven by the module's private tables: what an entry says shows only
// when its own words are asked for, so a function gets the words of a table one after the other, a
// dozen in a test.
#pragma once

#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "engine/explorer/archive.h"
#include "engine/explorer/mutant_trial.h"
#include "engine/explorer/test_pool.h"

namespace testgen::engine {

// Adds to the pool the tests that notice some mutant of a table, observed in one environment
// only. Borrows all; ends when that part of the budget is used.
[[nodiscard]] base::Status sweep_tables(Harness& harness, const Universe& universe,
                                        const Archive& archive, MutantTrial& trial,
                                        std::vector<PoolTest>& pool, base::Random& random,
                                        Budget& budget, double until);

}  // namespace testgen::engine
