// How good a suite is, as one number from 0 to 1, for the table and for
// testgen_test_quality_score. Pure.
#pragma once

#include <optional>
#include <vector>

#include "model/report.h"
#include "model/test_case.h"

namespace testgen::scoring {

// 0.5 × branch coverage + 0.2 × line coverage + 0.3 × strength, where strength is the mean over
// the tests of how exactly they pin behaviour: an exact value 1.0, an approximate one 0.9, an
// exception with its message 0.8, without 0.6, only a type 0.3. A suite without tests scores 0;
// coverage that was not measured counts as 0.
[[nodiscard]] double quality(const std::vector<model::TestCase>& tests,
                             const std::optional<model::Coverage>& coverage);

}  // namespace testgen::scoring
