#include "scan/suppress/comments.h"

#include <algorithm>

#include "base/strings.h"

namespace testgen::scan {
namespace {

constexpr std::string_view kMark = "testgen: ignore";
constexpr std::size_t kMaxReason = 300;

// Where the comment begins in the line, or npos.
std::size_t comment_start(std::string_view line, std::size_t mark) {
  std::size_t at = mark;
  while (at > 0 && line[at - 1] == ' ') --at;
  for (const std::string_view opener : {"#", "//", "/*", "<!--", "--"}) {
    if (at >= opener.size() && line.substr(at - opener.size(), opener.size()) == opener) {
      return at - opener.size();
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::vector<Suppression> read_suppressions(std::string_view text,
                                           std::vector<std::uint32_t>* unreasoned) {
  std::vector<Suppression> out;
  // Most files have none.
  if (text.find(kMark) == std::string_view::npos) return out;
  std::uint32_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    ++number;
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t mark = line.find(kMark);
    if (mark == std::string_view::npos) continue;
    const std::size_t comment = comment_start(line, mark);
    if (comment == std::string_view::npos) continue;
    Suppression made;
    // Alone on its line, it is about the next one.
    made.line = number + (base::trim(line.substr(0, comment)).empty() ? 1 : 0);
    std::string_view rest = line.substr(mark + kMark.size());
    if (rest.starts_with('[')) {
      const std::size_t close = rest.find(']');
      if (close == std::string_view::npos) continue;
      for (const std::string& id : base::split(rest.substr(1, close - 1), ',')) {
        const std::string_view trimmed = base::trim(id);
        if (!trimmed.empty()) made.rules.emplace_back(trimmed);
      }
      rest.remove_prefix(close + 1);
    }
    for (const std::string_view closer : {"*/", "-->"}) {
      if (const std::size_t at = rest.find(closer); at != std::string_view::npos) {
        rest = rest.substr(0, at);
      }
    }
    const std::size_t word = rest.find_first_not_of(" \t:-");
    made.reason = word == std::string_view::npos
                      ? ""
                      : base::one_line(base::trim(rest.substr(word)), kMaxReason);
    if (made.reason.empty()) {
      if (unreasoned != nullptr) unreasoned->push_back(number);
      continue;
    }
    out.push_back(std::move(made));
  }
  return out;
}

void apply_suppressions(const std::vector<Suppression>& suppressions,
                        std::vector<Finding>& findings) {
  for (const Suppression& one : suppressions) {
    for (Finding& finding : findings) {
      if (one.line < finding.place.line || one.line > finding.place.end_line) continue;
      const bool about =
          one.rules.empty() ||
          std::any_of(one.rules.begin(), one.rules.end(), [&](const std::string& id) {
            return finding.rule.starts_with(id) || finding.rule.ends_with("/" + id);
          });
      if (about) finding.suppressed = one.reason;
    }
  }
}

}  // namespace testgen::scan
