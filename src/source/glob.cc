#include "source/glob.h"

#include <fnmatch.h>

#include <algorithm>

#include "base/strings.h"

namespace testgen::source {
namespace {

// Which patterns could end at each component so far: a table in place of recursion, because a
// pattern with many `**` would take exponential time.
bool match_from(const std::vector<std::string>& pattern, const std::vector<std::string>& parts) {
  std::vector<bool> reached(pattern.size() + 1, false);
  const auto skip_stars = [&](std::vector<bool>& set) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (set[i] && pattern[i] == "**") set[i + 1] = true;
    }
  };
  for (const std::string& part : parts) {
    reached[0] = true;  // the pattern may begin at any component
    skip_stars(reached);
    std::vector<bool> next(pattern.size() + 1, false);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (!reached[i]) continue;
      if (pattern[i] == "**") {
        next[i] = true;
      } else if (::fnmatch(pattern[i].c_str(), part.c_str(), 0) == 0) {
        next[i + 1] = true;
      }
    }
    skip_stars(next);
    reached = std::move(next);
  }
  return reached[pattern.size()];
}

}  // namespace

Glob::Glob(std::string_view pattern) {
  for (std::string& part : base::split(pattern, '/')) {
    if (!part.empty() && part != ".") parts_.push_back(std::move(part));
  }
}

bool Glob::matches(const std::filesystem::path& path) const {
  if (parts_.empty()) return false;
  std::vector<std::string> parts;
  for (const auto& part : path) {
    if (!part.empty() && part != "." && part != "/") parts.push_back(part.string());
  }
  return match_from(parts_, parts);
}

}  // namespace testgen::source
