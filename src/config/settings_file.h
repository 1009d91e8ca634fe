// Reads a settings file: YAML with one level, `name: value` or `name: [value, …]`. Returns what
// is written there with its line, unchecked; resolve() knows which names and values are right.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace testgen::config {

// The project's file, looked for when no file is named.
inline constexpr std::string_view kProjectFile = ".testgen.yaml";
// The user's own, under the folder for configuration.
inline constexpr std::string_view kUserFile = "testgen/config.yaml";

struct FileEntry {
  std::string name;
  std::string text;
  int line = 0;                      // counts from 1
  bool is_list = false;              // then `items` is the value, and `text` is empty
  std::vector<std::string> items;    // of a list
  std::optional<base::Error> fault;  // the line can mean nothing, whatever its name
};

// An error when it is no YAML, or no list of settings.
[[nodiscard]] base::Result<std::vector<FileEntry>> parse_settings(std::string_view text,
                                                                  std::string_view file_name);
// At most 64 KiB.
[[nodiscard]] base::Result<std::vector<FileEntry>> read_settings(const std::filesystem::path& file);

// The project's file for what lies at `start`, a path from `here`: in its folder or the nearest
// one above, up to the root of its repository (the folder with .git). Relative to `here`; empty
// when there is none.
[[nodiscard]] std::filesystem::path find_project_file(const std::filesystem::path& start,
                                                      const std::filesystem::path& here);

}  // namespace testgen::config
