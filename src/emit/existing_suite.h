// Reads a test file that an earlier run wrote, so that a run on some functions keeps the tests of
// the others. The file lies in the user's folder and is read as untrusted: any text gives some
// answer, tests are whole pieces of it, and nothing is executed. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/test_case.h"

namespace testgen::emit {

// The tests in the file that stand under a unit's mark, as cases that are written down as they
// stood; TestCase::function is the unit.
[[nodiscard]] std::vector<model::TestCase> read_existing_tests(std::string_view text);

}  // namespace testgen::emit
