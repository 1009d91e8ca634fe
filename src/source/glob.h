// Patterns of files and folders, as in .gitignore without an anchor: a pattern matches a path
// when it matches the path's end, from some component on. `*` and `?` stay within a component,
// `**` stands for any number of them. Pure.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace testgen::source {

class Glob {
 public:
  // Any text is a pattern; a bracket that is not closed stands for itself. A trailing slash is
  // ignored.
  explicit Glob(std::string_view pattern);

  [[nodiscard]] bool matches(const std::filesystem::path& path) const;

 private:
  std::vector<std::string> parts_;
};

}  // namespace testgen::source
