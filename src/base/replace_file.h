// Writes over a file that is there, as an editor does: whoever reads it sees the old file or the
// new one, its rights and owner stay, and a symbolic link still leads to it. Thread-safe.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

struct stat;

namespace testgen::base {

[[nodiscard]] Status replace_file(const std::filesystem::path& path, std::string_view content);

// Writes to a temporary name beside `path`, syncs and renames. The rights and the owner are those
// of `like`, or what is usual when there is none.
[[nodiscard]] Status write_beside(const std::filesystem::path& path, std::string_view content,
                                  const struct stat* like);

}  // namespace testgen::base
