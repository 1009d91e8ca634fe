// From a pool of tests to the suite: few tests that reach every goal and notice every mutant that
// some test of the pool does, each with the few assertions that matter. Pure functions.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/explorer/test_pool.h"
#include "engine/explorer/universe.h"

namespace testgen::engine {

struct SelectionLimits {
  std::size_t tests = 120;  // of a module of usual size
  // Of tests that only expect an exception: under the 30 % that a suite may have, since some of
  // the others may yet be dropped.
  double error_share = 0.27;
};

// Indices into the pool, ascending: a greedy cover of goals and mutants by what a test brings for
// its size, then without those that turned out to bring nothing of their own.
[[nodiscard]] std::vector<std::size_t> select_tests(const std::vector<PoolTest>& pool,
                                                    const Universe& universe,
                                                    const SelectionLimits& limits);

// The limits for a module: one with very many functions gets five tests for two of them.
[[nodiscard]] SelectionLimits limits_for(const Universe& universe);

// Drops tests that only expect an exception until they are no more than that share.
void limit_errors(const std::vector<PoolTest>& pool, double share,
                  std::vector<std::size_t>& chosen);

// Leaves the assertions that some mutant fails, the result's own first, at most `most`; one stays
// in any case.
void select_assertions(PoolTest& test, std::size_t most);

}  // namespace testgen::engine
