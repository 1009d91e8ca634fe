// Asks the user's git about a repository. Configuration of the repository that would run
// programs is switched off where git allows it. Thread-safe.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace testgen::source {

// The nearest folder at or above `path` with .git in it, canonical; nothing outside of one.
[[nodiscard]] std::optional<std::filesystem::path> find_repository(
    const std::filesystem::path& path);

// Standard output of `git -C folder words…`; InvalidInput with git's own words when it fails,
// NotFound where git is not installed.
[[nodiscard]] base::Result<std::string> run_git(const std::filesystem::path& folder,
                                                const std::vector<std::string>& words);

// Untracked files and folders under `folder` that .gitignore and its kind name, relative to it.
// Empty outside a repository, without git, and when the folder itself is ignored.
[[nodiscard]] std::vector<std::filesystem::path> ignored_by_git(
    const std::filesystem::path& folder);

}  // namespace testgen::source
