#include "source/git_diff.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/strings.h"
#include "source/git.h"

namespace testgen::source {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

constexpr std::uint32_t kMostLines = 1U << 24U;

// "+12,3" or "+12" at the start of `text`, which is cut off; the sign as given.
std::optional<LineRange> take_range(std::string_view& text, char sign) {
  if (text.empty() || text.front() != sign) return std::nullopt;
  text.remove_prefix(1);
  const auto number = [&text]() -> std::optional<std::uint32_t> {
    std::uint32_t value = 0;
    const auto got = std::from_chars(text.data(), text.data() + text.size(), value);
    if (got.ec != std::errc{} || value > kMostLines) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(got.ptr - text.data()));
    return value;
  };
  const auto first = number();
  if (!first) return std::nullopt;
  if (text.empty() || text.front() != ',') return LineRange{*first, 1};
  text.remove_prefix(1);
  const auto count = number();
  if (!count) return std::nullopt;
  return LineRange{*first, *count};
}

std::optional<LineRange> new_lines_of(std::string_view head) {
  head.remove_prefix(3);
  if (!take_range(head, '-') || head.empty() || head.front() != ' ') return std::nullopt;
  head.remove_prefix(1);
  const auto range = take_range(head, '+');
  return range && head.starts_with(" @@") ? range : std::nullopt;
}

Error bad_revision(const std::string& revision, const fs::path& root) {
  return Error{ErrorCode::InvalidArgument,
               "--diff: there is no revision \"" + revision + "\" in " + root.string(),
               "`git branch --all` and `git log` list what there is; in CI, fetch it first"};
}

}  // namespace

bool FileChanges::touch(std::uint32_t first, std::uint32_t last) const {
  if (whole) return true;
  return std::any_of(lines.begin(), lines.end(), [&](const LineRange& range) {
    // What was taken out before the first or after the last line may have been part of it; only
    // what was inside is sure to have been. Its end counts: a body that lost its last line.
    if (range.count == 0) return range.first >= first && range.first <= last;
    return range.first <= last && range.first + (range.count - 1) >= first;
  });
}

base::Result<std::vector<LineRange>> parse_hunks(std::string_view diff) {
  std::vector<LineRange> out;
  while (!diff.empty()) {
    const std::size_t end = diff.find('\n');
    const std::string_view line = diff.substr(0, end);
    diff.remove_prefix(end == std::string_view::npos ? diff.size() : end + 1);
    // Lines of the files begin with +, - or \, so nothing in them can pass for a head.
    if (!line.starts_with("@@ ")) continue;
    const auto range = new_lines_of(line);
    if (!range) {
      return Error{ErrorCode::InvalidInput,
                   "git wrote a diff that cannot be read: " + std::string(line.substr(0, 80)), ""};
    }
    out.push_back(*range);
  }
  return out;
}

base::Result<const GitChanges::Repository*> GitChanges::repository(const fs::path& root) {
  if (const auto known = repositories_.find(root); known != repositories_.end()) {
    return &known->second;
  }
  const auto commit = run_git(
      root, {"rev-parse", "--verify", "--quiet", "--end-of-options", revision_ + "^{commit}"});
  if (!commit) {
    if (commit.error().code == ErrorCode::NotFound) return commit.error().with_context("--diff");
    return bad_revision(revision_, root);
  }
  Repository out;
  out.base = std::string(base::trim(*commit));
  if (const auto left = run_git(root, {"merge-base", out.base, "HEAD"})) {
    out.base = std::string(base::trim(*left));
  }
  TG_ASSIGN(const std::string changed,
            run_git(root, {"diff", "--name-status", "-z", "--no-renames", "--no-ext-diff",
                           "--no-textconv", "--diff-filter=d", out.base, "--"}));
  const std::vector<std::string> words = base::split(changed, '\0');
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) out.names[words[i + 1]] = words[i] == "A";
  TG_ASSIGN(const std::string untracked,
            run_git(root, {"ls-files", "--others", "--exclude-standard", "-z"}));
  for (const std::string& name : base::split(untracked, '\0')) {
    if (!name.empty()) out.names[name] = true;
  }
  return &repositories_.emplace(root, std::move(out)).first->second;
}

base::Result<FileChanges> GitChanges::of(const fs::path& file) {
  std::error_code failure;
  const fs::path folder = fs::weakly_canonical(fs::absolute(file, failure).parent_path(), failure);
  const auto root = find_repository(folder);
  if (!root) {
    return Error{ErrorCode::InvalidArgument,
                 "--diff: " + file.string() + " is not in a git repository", ""};
  }
  TG_ASSIGN(const Repository* known, repository(*root));
  const std::string name = (folder / file.filename()).lexically_relative(*root).string();
  const auto changed = known->names.find(name);
  if (changed == known->names.end()) return FileChanges{};
  if (changed->second) return FileChanges{.whole = true};
  TG_ASSIGN(const std::string diff,
            run_git(*root, {"diff", "--unified=0", "--text", "--no-color", "--no-renames",
                            "--no-ext-diff", "--no-textconv", known->base, "--", name}));
  FileChanges out;
  TG_ASSIGN(out.lines, parse_hunks(diff));
  return out;
}

}  // namespace testgen::source
