// Which lines of which files changed since a revision of their git repository. The parser is
// pure; GitChanges asks git and belongs to one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace testgen::source {

// Lines of the new text, counting from 1. count 0: something between `first` and the line after
// it was taken out.
struct LineRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  bool operator==(const LineRange&) const = default;
};

struct FileChanges {
  bool whole = false;  // the file is new, as far as git knows
  std::vector<LineRange> lines;
  [[nodiscard]] bool none() const { return !whole && lines.empty(); }
  // Whether lines [first, last] changed.
  [[nodiscard]] bool touch(std::uint32_t first, std::uint32_t last) const;
};

// The hunks of `git diff --unified=0` for one file. InvalidInput when a hunk's head is odd.
[[nodiscard]] base::Result<std::vector<LineRange>> parse_hunks(std::string_view diff);

class GitChanges {
 public:
  // Compared with where the current branch left `revision`, or with the revision itself where
  // the two have nothing in common.
  explicit GitChanges(std::string revision) : revision_(std::move(revision)) {}

  // InvalidArgument when the file is in no repository or the revision is not in it.
  [[nodiscard]] base::Result<FileChanges> of(const std::filesystem::path& file);

 private:
  struct Repository {
    std::string base;                   // a commit
    std::map<std::string, bool> names;  // changed files → whether they are new
  };
  [[nodiscard]] base::Result<const Repository*> repository(const std::filesystem::path& root);

  std::string revision_;
  std::map<std::filesystem::path, Repository> repositories_;
};

}  // namespace testgen::source
