// Reads a settings file: YAML with one level, `name: value`. Returns what is written there with
// its line, unchecked; resolve() knows which names and values are right.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace testgen::config {

// What the program looks for in the current folder when no file is named.
inline constexpr std::string_view kDefaultFile = ".testgen.yaml";

struct FileEntry {
  std::string name;
  std::string text;
  int line = 0;  // counts from 1
};

[[nodiscard]] base::Result<std::vector<FileEntry>> parse_settings(std::string_view text,
                                                                  std::string_view file_name);
// At most 64 KiB.
[[nodiscard]] base::Result<std::vector<FileEntry>> read_settings(const std::filesystem::path& file);

}  // namespace testgen::config
