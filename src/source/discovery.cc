#include "source/discovery.h"

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "source/git.h"
#include "source/glob.h"
#include "source/language_id.h"

namespace testgen::source {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

constexpr std::size_t kMaxFiles = 20'000;

// What a folder is searched with.
struct Filter {
  std::vector<Glob> exclude;
  std::set<fs::path> ignored;  // by git; as the search spells them

  [[nodiscard]] bool leaves_out(const fs::path& path) const {
    if (ignored.contains(path.lexically_normal())) return true;
    return std::any_of(exclude.begin(), exclude.end(),
                       [&](const Glob& glob) { return glob.matches(path); });
  }
};

bool is_skipped_folder(const fs::path& folder) {
  static const std::set<std::string> names{"__pycache__", "node_modules",  "tests",
                                           "test",        "site-packages", "venv",
                                           "env",         "dist-packages"};
  // What a build leaves behind; with __init__.py in it, it is a package of that name.
  static const std::set<std::string> built{"build", "dist"};
  const std::string name = folder.filename().string();
  if (name.empty() || name[0] == '.' || names.contains(name) || name.ends_with(".egg-info")) {
    return true;
  }
  std::error_code ignored;
  if (built.contains(name) && !fs::exists(folder / "__init__.py", ignored)) return true;
  return fs::exists(folder / "pyvenv.cfg", ignored);
}

// To import one of these is to run it.
bool is_script(const fs::path& file) {
  const std::string name = file.filename().string();
  return name == "setup.py" || name == "__main__.py";
}

base::Status add_folder(const fs::path& root, Filter filter, std::vector<fs::path>& out) {
  for (const fs::path& path : ignored_by_git(root)) {
    filter.ignored.insert((root / path).lexically_normal());
  }
  std::error_code failure;
  fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied, failure);
  if (failure) return base::system_error("cannot read " + root.string(), failure.value());
  std::vector<fs::path> found;
  for (const fs::recursive_directory_iterator end; it != end; it.increment(failure)) {
    if (failure) return base::system_error("cannot read " + root.string(), failure.value());
    std::error_code ignored;
    if (it->is_directory(ignored)) {
      if (it->is_symlink(ignored) || is_skipped_folder(it->path()) ||
          filter.leaves_out(it->path())) {
        it.disable_recursion_pending();
      }
      continue;
    }
    const std::string name = it->path().filename().string();
    if (name[0] == '.' || !it->is_regular_file(ignored)) continue;
    if (!detect_language(it->path()) || is_test_file(it->path()) || is_script(it->path())) continue;
    if (filter.leaves_out(it->path())) continue;
    found.push_back(it->path());
    if (found.size() > kMaxFiles) {
      return Error{ErrorCode::TooLarge,
                   root.string() + " holds more than " + std::to_string(kMaxFiles) + " files",
                   "name a smaller folder"};
    }
  }
  std::sort(found.begin(), found.end());
  out.insert(out.end(), found.begin(), found.end());
  return {};
}

}  // namespace

bool is_test_file(const fs::path& file) {
  const std::string stem = file.stem().string();
  return stem == "conftest" || stem == "test" || stem == "tests" || stem.starts_with("test_") ||
         stem.ends_with("_test");
}

base::Result<std::vector<fs::path>> find_sources(const std::vector<fs::path>& paths,
                                                 const std::vector<std::string>& exclude) {
  Filter filter;
  for (const std::string& pattern : exclude) filter.exclude.emplace_back(pattern);
  std::vector<fs::path> all;
  for (const fs::path& path : paths) {
    std::error_code failure;
    const fs::file_status status = fs::status(path, failure);
    if (status.type() == fs::file_type::not_found) {
      return Error{ErrorCode::NotFound, path.string() + " does not exist", ""};
    }
    if (status.type() != fs::file_type::directory) {
      all.push_back(path);
      continue;
    }
    TG_TRY(add_folder(path, filter, all));
  }
  std::vector<fs::path> out;
  std::set<fs::path> seen;
  for (fs::path& path : all) {
    std::error_code ignored;
    if (seen.insert(fs::weakly_canonical(path, ignored)).second) out.push_back(std::move(path));
  }
  if (out.empty()) {
    return Error{ErrorCode::NothingToDo, "no source files were found",
                 "files with these endings are looked for: " + supported_endings() +
                     "; tests and hidden, ignored or excluded files are left out"};
  }
  return out;
}

}  // namespace testgen::source
