// Turns the paths a user names into source files. Thread-safe.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace testgen::source {

// Files stay as named. Folders give their source files, recursively and sorted, but not what is
// hidden, ignored by git, installed (virtual environments, site-packages, node_modules), built
// or cached, a test, a program that installs or runs the package (setup.py, __main__.py), or
// matched by one of the patterns `exclude` (glob.h). Symbolic links to folders are not followed.
// NotFound for a missing path, NothingToDo when folders hold no source, TooLarge past 20 000
// files.
[[nodiscard]] base::Result<std::vector<std::filesystem::path>> find_sources(
    const std::vector<std::filesystem::path>& paths, const std::vector<std::string>& exclude = {});

// test_x.py, x_test.py, test.py, tests.py or conftest.py.
[[nodiscard]] bool is_test_file(const std::filesystem::path& file);

}  // namespace testgen::source
