#include "operations/logs/log_files.h"

#include <algorithm>
#include <filesystem>
#include <map>

namespace testgen::operations {
namespace {

namespace fs = std::filesystem;

// What follows the log's name: "", ".2", "-20261122".
std::string rotation(const std::string& file_name) {
  std::string rest = file_name.substr(log_name(file_name).size());
  if (rest.ends_with(".gz")) rest.erase(rest.size() - 3);
  return rest;
}

// Older files first: .10 before .2, dates ascending, the file in use last.
bool older(const std::string& a, const std::string& b) {
  const std::string left = rotation(a);
  const std::string right = rotation(b);
  if (left.empty() || right.empty()) return !left.empty();
  const bool numbers = left.front() == '.' && right.front() == '.';
  if (!numbers) return left < right;
  return left.size() != right.size() ? left.size() > right.size() : left > right;
}

base::Result<std::vector<std::string>> in_folder(const fs::path& folder, const std::string& only) {
  std::error_code failed;
  std::map<std::string, std::vector<std::string>> logs;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    const std::string log = log_name(name);
    std::error_code ignored;
    if (log.empty() || (!only.empty() && log != only)) continue;
    if (entry->is_regular_file(ignored)) logs[log].push_back(name);
  }
  if (failed) return base::system_error("cannot list " + folder.string(), failed.value());
  std::vector<std::string> out;
  for (auto& [log, names] : logs) {
    std::sort(names.begin(), names.end(), older);
    for (const std::string& name : names) out.push_back((folder / name).string());
  }
  return out;
}

}  // namespace

std::string log_name(const std::string& file_name) {
  const std::size_t at = file_name.rfind(".log");
  if (at == std::string::npos || at == 0) return "";
  const std::size_t end = at + 4;
  std::string rest = file_name.substr(end);
  if (rest.ends_with(".gz")) rest.erase(rest.size() - 3);
  const bool digits =
      rest.size() > 1 && (rest.front() == '.' || rest.front() == '-') &&
      std::all_of(rest.begin() + 1, rest.end(), [](char c) { return c >= '0' && c <= '9'; });
  return rest.empty() || digits ? file_name.substr(0, end) : "";
}

base::Result<std::vector<std::string>> log_files(const std::vector<std::string>& paths,
                                                 bool rotated) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (path != "-" && fs::is_directory(path, ignored)) {
      TG_ASSIGN(std::vector<std::string> found, in_folder(path, ""));
      if (found.empty()) {
        return base::Error{base::ErrorCode::NotFound, "there is no log in " + path,
                           "the names of logs end in .log, .log.1, .log.2.gz and the like"};
      }
      out.insert(out.end(), found.begin(), found.end());
      continue;
    }
    const fs::path file(path);
    const std::string log = log_name(file.filename().string());
    if (rotated && path != "-" && !log.empty()) {
      const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
      TG_ASSIGN(std::vector<std::string> found, in_folder(folder, log));
      out.insert(out.end(), found.begin(), found.end());
      continue;
    }
    out.push_back(path);
  }
  return out;
}

}  // namespace testgen::operations
