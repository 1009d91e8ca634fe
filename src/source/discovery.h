// Turns the paths a user names into source files. Thread-safe.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"

namespace testgen::source {

// Files stay as named. Folders give their source files, recursively and sorted, but not what is
// hidden, installed (virtual environments, site-packages, node_modules), cached or a test.
// Symbolic links to folders are not followed. NotFound for a missing path, NothingToDo when
// folders hold no source, TooLarge past 20 000 files.
[[nodiscard]] base::Result<std::vector<std::filesystem::path>> find_sources(
    const std::vector<std::filesystem::path>& paths);

}  // namespace testgen::source
