// What a test asks its runner for: pytest's own fixtures, for which unittest style has stand-ins,
// and those of the project's conftest.py files. Pure.
#pragma once

#include <string>
#include <vector>

#include "model/test_case.h"

namespace testgen::emit {

// Sorted, each once. Empty for a test that stands as it is.
[[nodiscard]] std::vector<std::string> fixtures_of(const model::TestCase& test);

// Whether some of that is the project's, also of a test that stands as it is. Such a test runs
// only under pytest and where the conftest.py counts.
[[nodiscard]] bool asks_the_project(const model::TestCase& test);

}  // namespace testgen::emit
