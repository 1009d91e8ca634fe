// Turns the paths a user names into files of any language, for a scan. Thread-safe.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace testgen::source {

struct ScannableFiles {
  std::vector<std::filesystem::path> files;
  std::vector<std::string> unreadable;  // folders
};

// Files stay as named. Folders give those whose name `wanted` accepts, recursively and sorted,
// tests among them, but not what is hidden, ignored by git, installed or cached, or matched by
// `exclude` (glob.h). Symbolic links in folders are not followed. NotFound for a missing path,
// NothingToDo when nothing is left, TooLarge past 200 000 files.
[[nodiscard]] base::Result<ScannableFiles> find_scannable(
    const std::vector<std::filesystem::path>& paths, const std::vector<std::string>& exclude,
    const std::function<bool(std::string_view)>& wanted);

}  // namespace testgen::source
