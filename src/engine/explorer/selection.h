// From a pool of tests to the suite: few tests that reach every goal and notice every mutant that
// some test of the pool does, each with the few assertions that matter. Pure functions.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/explorer/test_pool.h"
#include "engine/explorer/universe.h"

namespace testgen::engine {

struct SelectionLimits {
  std::size_t tests = 120;
  double error_share = 0.3;  // of tests that only expect an exception
};

// Indices into the pool, ascending: a greedy cover of goals and mutants by what a test brings for
// its size, then without those that turned out to bring nothing of their own.
[[nodiscard]] std::vector<std::size_t> select_tests(const std::vector<PoolTest>& pool,
                                                    const Universe& universe,
                                                    const SelectionLimits& limits);

// Leaves the assertions that some mutant fails, the result's own first, at most `most`; one stays
// in any case.
void select_assertions(PoolTest& test, std::size_t most);

}  // namespace testgen::engine
