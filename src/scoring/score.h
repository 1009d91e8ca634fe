// How good a suite is, as one number from 0 to 1, for the table and for
// testgen_test_quality_score. Pure.
#pragma once

#include <optional>
#include <vector>

#include "model/report.h"
#include "model/test_case.h"

namespace testgen::scoring {

// The mean over the tests of how exactly they pin behaviour: an exact value 1.0, an approximate
// one 0.9, an exception with its message 0.8, without 0.6, only a type 0.3. 0 without tests.
[[nodiscard]] double strength(const std::vector<model::TestCase>& tests);

// 0.4 × mutation score + 0.3 × branch coverage + 0.1 × line coverage + 0.2 × strength. Coverage
// that was not measured counts as 0. Where no mutant was tried, strength takes the mutation
// score's place. A suite of strength 0 asserts nothing and scores 0.
[[nodiscard]] double quality(double strength, const std::optional<model::Coverage>& coverage,
                             const std::optional<model::MutationScore>& mutation);

}  // namespace testgen::scoring
