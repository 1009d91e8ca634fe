#include "config/settings_file.h"

#include <yaml-cpp/yaml.h>

#include <set>

#include "base/file_system.h"

namespace testgen::config {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::uint64_t kMaxFileBytes = 64 * 1024;

Error at_line(std::string_view file, int line, std::string message, std::string hint) {
  return Error{ErrorCode::InvalidArgument,
               std::string(file) + ":" + std::to_string(line) + ": " + std::move(message),
               std::move(hint)};
}

FileEntry entry_of(const YAML::Node& name, const YAML::Node& value, std::string_view file) {
  const int line = name.Mark().line + 1;
  FileEntry entry;
  entry.line = line;
  if (!name.IsScalar()) {
    entry.fault = at_line(file, line, "a name must be plain text", "");
    return entry;
  }
  entry.name = name.Scalar();
  entry.is_list = value.IsSequence();
  for (std::size_t i = 0; entry.is_list && i < value.size(); ++i) {
    if (value[i].IsScalar()) {
      entry.items.push_back(value[i].Scalar());
    } else {
      entry.fault = at_line(file, line, "the values of " + entry.name + " must be plain text", "");
    }
  }
  if (value.IsScalar()) {
    entry.text = value.Scalar();
  } else if (!entry.is_list) {
    entry.fault = at_line(file, line, "the value of " + entry.name + " must be a single value",
                          "settings have one level: " + entry.name + ": VALUE");
  }
  return entry;
}

base::Result<std::vector<FileEntry>> entries_of(const YAML::Node& root, std::string_view file) {
  std::vector<FileEntry> entries;
  if (root.IsNull()) return entries;  // an empty file, or comments only
  if (!root.IsMap()) {
    return at_line(file, root.Mark().line + 1, "the file is not a list of settings",
                   "write one setting a line, such as: budget: 10s");
  }
  std::set<std::string> seen;
  for (const auto& pair : root) {
    FileEntry entry = entry_of(pair.first, pair.second, file);
    if (!entry.fault && !seen.insert(entry.name).second) {
      entry.fault =
          at_line(file, entry.line, entry.name + " is set twice", "keep one of the lines");
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

base::Result<std::vector<FileEntry>> parse_settings(std::string_view text,
                                                    std::string_view file_name) {
  try {
    return entries_of(YAML::Load(std::string(text)), file_name);
  } catch (const YAML::Exception& problem) {
    return at_line(file_name, problem.mark.is_null() ? 1 : problem.mark.line + 1,
                   "this is not valid YAML: " + problem.msg, "");
  }
}

base::Result<std::vector<FileEntry>> read_settings(const std::filesystem::path& file) {
  auto text = base::read_file(file, kMaxFileBytes);
  if (!text) {
    Error error = std::move(text).error();
    error.code = ErrorCode::InvalidArgument;  // the caller named the file, or put it there
    return error.with_context("settings file");
  }
  return parse_settings(*text, file.string());
}

std::filesystem::path find_project_file(const std::filesystem::path& start,
                                        const std::filesystem::path& here) {
  namespace fs = std::filesystem;
  std::error_code failure;
  const fs::path base = fs::weakly_canonical(fs::absolute(here, failure), failure);
  if (failure) return {};
  fs::path folder = fs::weakly_canonical(base / start, failure);
  if (failure) return {};
  if (!fs::is_directory(folder, failure)) folder = folder.parent_path();
  while (true) {
    const fs::path file = folder / kProjectFile;
    if (fs::exists(file, failure)) return file.lexically_relative(base);
    if (fs::exists(folder / ".git", failure) || !folder.has_relative_path()) return {};
    folder = folder.parent_path();
  }
}

}  // namespace testgen::config
