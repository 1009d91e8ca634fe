// The project's conftest.py files that pytest would find for tests in a folder, and what of the
// fixtures that were seen lies elsewhere.
#pragma once

#include <filesystem>
#include <vector>

#include "model/project_fixture.h"
#include "model/report.h"

namespace testgen::pipeline {

// From the project's root, which is absolute, the outermost first, down to the folder of the tests.
// Empty when that lies outside.
[[nodiscard]] std::vector<std::filesystem::path> visible_conftests(
    const std::filesystem::path& tests, const std::filesystem::path& root);

// Takes out the fixtures that tests in that folder cannot ask for, and says so of each.
[[nodiscard]] std::vector<model::Omission> leave_out_of_reach(
    std::vector<model::ProjectFixture>& fixtures,
    const std::vector<std::filesystem::path>& conftests, const std::filesystem::path& tests);

// Whether one of them defines a function of that name.
[[nodiscard]] bool defines(const std::vector<std::filesystem::path>& conftests,
                           const std::string& name);

}  // namespace testgen::pipeline
