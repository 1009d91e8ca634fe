// The tests of an earlier run that stay when only some functions are worked on. They are verified
// again like new ones. A file that a person has edited is not touched, so nothing is taken from
// it; the writer puts the new tests beside it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/test_case.h"

namespace testgen::pipeline {

// Of the test file at `path`: the tests of units that still exist (`units` has them, or their
// class) and are not among `symbols`. Empty when there is no file of ours.
[[nodiscard]] std::vector<model::TestCase> earlier_tests(
    const std::filesystem::path& path, const std::map<std::string, std::string>& units,
    const std::vector<std::string>& symbols);

}  // namespace testgen::pipeline
