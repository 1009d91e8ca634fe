#include "source/discovery.h"

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "source/language_id.h"

namespace testgen::source {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

constexpr std::size_t kMaxFiles = 20'000;

bool is_skipped_folder(const fs::path& folder) {
  static const std::set<std::string> names{"__pycache__", "node_modules",  "tests",
                                           "test",        "site-packages", "venv",
                                           "env",         "dist-packages"};
  const std::string name = folder.filename().string();
  if (name.empty() || name[0] == '.' || names.count(name) > 0) return true;
  std::error_code ignored;
  return fs::exists(folder / "pyvenv.cfg", ignored);
}

bool is_test_file(const fs::path& file) {
  const std::string stem = file.stem().string();
  return stem == "conftest" || stem.substr(0, 5) == "test_" ||
         (stem.size() >= 5 && stem.substr(stem.size() - 5) == "_test");
}

base::Status add_folder(const fs::path& root, std::vector<fs::path>& out) {
  std::error_code failure;
  fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied, failure);
  if (failure) return base::system_error("cannot read " + root.string(), failure.value());
  std::vector<fs::path> found;
  for (const fs::recursive_directory_iterator end; it != end; it.increment(failure)) {
    if (failure) return base::system_error("cannot read " + root.string(), failure.value());
    std::error_code ignored;
    if (it->is_directory(ignored)) {
      if (it->is_symlink(ignored) || is_skipped_folder(it->path())) it.disable_recursion_pending();
      continue;
    }
    const std::string name = it->path().filename().string();
    if (name[0] == '.' || !it->is_regular_file(ignored)) continue;
    if (!detect_language(it->path()) || is_test_file(it->path())) continue;
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

base::Result<std::vector<fs::path>> find_sources(const std::vector<fs::path>& paths) {
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
    TG_TRY(add_folder(path, all));
  }
  std::vector<fs::path> out;
  std::set<fs::path> seen;
  for (fs::path& path : all) {
    std::error_code ignored;
    if (seen.insert(fs::weakly_canonical(path, ignored)).second) out.push_back(std::move(path));
  }
  if (out.empty()) {
    return Error{ErrorCode::NothingToDo, "no source files were found",
                 "files with these endings are looked for: " + supported_endings()};
  }
  return out;
}

}  // namespace testgen::source
