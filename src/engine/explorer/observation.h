// Turns programs into tests: runs them in environments that differ in hash seed and time zone,
// and lets them assert only what was the same every time.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/explorer/test_pool.h"
#include "model/report.h"

namespace testgen::engine {

struct Observations {
  std::vector<PoolTest> tests;
  std::vector<std::size_t> members;        // of each test: which one it was made of
  std::vector<model::Omission> omissions;  // members that were dropped, and why
};

// The environments are borrowed. Costs one execution a member and environment.
[[nodiscard]] base::Result<Observations> observe(const std::vector<SuiteMember>& members,
                                                 const Universe& universe,
                                                 const std::vector<Harness*>& environments);

// What one observed execution says; none when there is nothing to assert. Not to be emitted
// before another environment has agreed. Arguments lose their names again when no assertion is
// about them.
[[nodiscard]] std::optional<model::TestCase> test_of(SuiteMember& member,
                                                     const RenderedProgram& program,
                                                     const CandidateResult& result,
                                                     const Universe& universe);

// The same for a test whose assertions have become fewer.
void drop_idle_names(PoolTest& test, const Universe& universe);

}  // namespace testgen::engine
