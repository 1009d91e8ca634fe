#include "source/git.h"

#include <unistd.h>

#include <array>

#include "base/capture.h"
#include "base/strings.h"

namespace testgen::source {
namespace {

namespace fs = std::filesystem;

// Hooks set these, and they would lead git to another place than the folder it is asked about.
constexpr std::array<std::string_view, 4> kMisleading{
    "GIT_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE=", "GIT_PREFIX="};

std::vector<std::string> git_environment() {
  std::vector<std::string> out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    bool keep = !text.starts_with("LC_ALL=");
    for (const std::string_view name : kMisleading) keep = keep && !text.starts_with(name);
    if (keep) out.emplace_back(text);
  }
  out.emplace_back("LC_ALL=C");
  out.emplace_back("GIT_OPTIONAL_LOCKS=0");
  out.emplace_back("GIT_TERMINAL_PROMPT=0");
  return out;
}

}  // namespace

std::optional<fs::path> find_repository(const fs::path& path) {
  std::error_code failure;
  fs::path folder = fs::weakly_canonical(fs::absolute(path, failure), failure);
  if (failure) return std::nullopt;
  while (true) {
    if (fs::exists(folder / ".git", failure)) return folder;
    if (!folder.has_relative_path()) return std::nullopt;
    folder = folder.parent_path();
  }
}

base::Result<std::string> run_git(const fs::path& folder, const std::vector<std::string>& words) {
  base::CaptureRequest request;
  request.argv = {"git", "--no-pager",   "--literal-pathspecs", "-c", "core.fsmonitor=false",
                  "-C",  folder.string()};
  request.argv.insert(request.argv.end(), words.begin(), words.end());
  request.environment = git_environment();
  TG_ASSIGN(base::Captured got, base::capture(request));
  if (got.exit_code == 0) return std::move(got.output);
  const std::string said(base::trim(got.errors));
  return base::Error{base::ErrorCode::InvalidInput,
                     said.empty() ? "git " + words.front() + " failed" : said, ""};
}

std::vector<fs::path> ignored_by_git(const fs::path& folder) {
  if (!find_repository(folder)) return {};
  const auto listed = run_git(folder, {"ls-files", "--others", "--ignored", "--exclude-standard",
                                       "--directory", "-z", "--", "."});
  if (!listed) return {};
  std::vector<fs::path> out;
  for (const std::string& name : base::split(*listed, '\0')) {
    if (name.empty()) continue;
    fs::path path = fs::path(name).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();  // "build/"
    // The whole folder: whoever names it wants it all the same.
    if (path.empty() || path == ".") return {};
    out.push_back(std::move(path));
  }
  return out;
}

}  // namespace testgen::source
