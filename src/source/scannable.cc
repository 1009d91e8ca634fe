#include "source/scannable.h"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_set>

#include "source/git.h"
#include "source/glob.h"

namespace testgen::source {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

constexpr std::size_t kMaxFiles = 200'000;
constexpr int kMaxDepth = 200;

struct Walk {
  std::vector<Glob> exclude;
  const std::function<bool(std::string_view)>& wanted;
  std::set<fs::path> ignored;
  ScannableFiles out;
  bool too_many = false;

  [[nodiscard]] bool leaves_out(const fs::path& path) const {
    if (!ignored.empty() && ignored.contains(path.lexically_normal())) return true;
    return std::any_of(exclude.begin(), exclude.end(),
                       [&](const Glob& glob) { return glob.matches(path); });
  }

  // Folders are listed by hand: one that cannot be read must not end the whole walk.
  void folder(const fs::path& path, int depth) {
    if (depth > kMaxDepth) {
      out.unreadable.push_back(path.string() + " (nested too deeply)");
      return;
    }
    std::error_code failure;
    fs::directory_iterator it(path, failure);
    if (failure) {
      out.unreadable.push_back(path.string());
      return;
    }
    std::vector<fs::directory_entry> entries;
    for (const fs::directory_iterator end; it != end; it.increment(failure)) {
      if (failure) {
        out.unreadable.push_back(path.string());
        break;
      }
      entries.push_back(*it);
    }
    // They differ in their names alone, and paths would be compared part by part.
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.path().native() < b.path().native(); });
    for (const fs::directory_entry& entry : entries) {
      const std::string name = entry.path().filename().string();
      std::error_code ignored_error;
      if (name.empty() || name[0] == '.' || entry.is_symlink(ignored_error)) continue;
      if (entry.is_directory(ignored_error)) {
        const bool installed = name == "node_modules" || name == "__pycache__" ||
                               fs::exists(entry.path() / "pyvenv.cfg", ignored_error);
        if (!installed && !leaves_out(entry.path())) folder(entry.path(), depth + 1);
      } else if (wanted(name) && entry.is_regular_file(ignored_error) &&
                 !leaves_out(entry.path())) {
        if (out.files.size() >= kMaxFiles) {
          too_many = true;
          return;
        }
        out.files.push_back(entry.path());
      }
    }
  }
};

}  // namespace

base::Result<ScannableFiles> find_scannable(const std::vector<fs::path>& paths,
                                            const std::vector<std::string>& exclude,
                                            const std::function<bool(std::string_view)>& wanted) {
  Walk walk{{}, wanted, {}, {}, false};
  for (const std::string& pattern : exclude) walk.exclude.emplace_back(pattern);
  for (const fs::path& path : paths) {
    std::error_code failure;
    const fs::file_status status = fs::status(path, failure);
    if (status.type() == fs::file_type::not_found) {
      return Error{ErrorCode::NotFound, path.string() + " does not exist", ""};
    }
    if (status.type() != fs::file_type::directory) {
      walk.out.files.push_back(path);
      continue;
    }
    walk.ignored.clear();
    for (const fs::path& ignored : ignored_by_git(path)) {
      walk.ignored.insert((path / ignored).lexically_normal());
    }
    walk.folder(path.lexically_normal(), 0);
  }
  if (walk.too_many) {
    return Error{ErrorCode::TooLarge, "there are more than 200 000 files", "name a smaller folder"};
  }
  // One file named twice is scanned once.
  std::unordered_set<std::string> seen;
  std::erase_if(walk.out.files, [&](const fs::path& file) {
    return !seen.insert(file.lexically_normal().native()).second;
  });
  if (walk.out.files.empty()) {
    return Error{ErrorCode::NothingToDo, "no source files were found",
                 "hidden, ignored, installed and excluded files are left out"};
  }
  return std::move(walk.out);
}

}  // namespace testgen::source
