#include "scan/fix/apply.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/strings.h"
#include "scan/fix/splice.h"

namespace testgen::scan {
namespace {

constexpr std::size_t kMaxCode = 300;
// Of fixes that cannot all be done together, so many are tried: each costs a scan of the file.
constexpr std::size_t kMaxTried = 64;

std::map<std::string_view, std::size_t> count_by_rule(const FileReport& report, Severity least) {
  std::map<std::string_view, std::size_t> out;
  for (const Finding& finding : report.findings) {
    if (finding.severity >= least) ++out[finding.rule];
  }
  return out;
}

// Whether the text after the edits is as it should be.
bool holds(const FileReport& before, const FileReport& after,
           const std::vector<std::size_t>& done) {
  if (after.error || after.faults > before.faults || after.broken_bytes > before.broken_bytes) {
    return false;
  }
  std::map<std::string_view, std::size_t> mended;
  Severity worst = Severity::Info;
  for (const std::size_t index : done) {
    ++mended[before.findings[index].rule];
    worst = std::max(worst, before.findings[index].severity);
  }
  const auto all_before = count_by_rule(before, Severity::Info);
  const auto all_after = count_by_rule(after, Severity::Info);
  const auto at = [](const auto& counts, std::string_view rule) {
    const auto found = counts.find(rule);
    return found == counts.end() ? 0 : found->second;
  };
  for (const auto& [rule, count] : mended) {
    if (at(all_after, rule) + count > at(all_before, rule)) return false;
  }
  for (const auto& [rule, count] : count_by_rule(after, worst)) {
    if (count > at(all_before, rule)) return false;
  }
  return true;
}

std::optional<FixedText> tried(std::string_view text, const FileReport& report,
                               const std::vector<std::size_t>& chosen, const Rescan& rescan) {
  const LineTable lines(text);
  const auto splices = splices_of(lines, report.findings, chosen);
  if (!splices) return std::nullopt;
  FixedText out{spliced(text, 0, text.size(), *splices), chosen, {}};
  out.report = rescan(out.text);
  if (!holds(report, out.report, chosen)) return std::nullopt;
  return out;
}

std::string fixed_code(std::string_view text, const LineTable& lines, const FileReport& report,
                       std::size_t index) {
  const auto splices = splices_of(lines, report.findings, {index});
  if (!splices || splices->empty()) return "";
  const Edit& first = report.findings[index].edits.front();
  const std::size_t begin = lines.offset(first.place.line, 1);
  const std::size_t line_end = text.find('\n', splices->front().end);
  return base::one_line(
      spliced(text, begin, line_end == std::string_view::npos ? text.size() : line_end, *splices),
      kMaxCode);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

// Lines of the old text, from `first` (from 0) to before `last`, that become others.
struct Change {
  std::size_t first = 0;
  std::size_t last = 0;
  std::string text;
};

std::vector<Change> changes_of(std::string_view text, const std::vector<Splice>& splices,
                               const LineTable& lines) {
  std::vector<Change> out;
  for (const Splice& splice : splices) {
    const std::size_t first = lines.line_of(static_cast<std::uint32_t>(splice.start)) - 1;
    const std::size_t last = lines.line_of(static_cast<std::uint32_t>(splice.end));
    if (!out.empty() && first < out.back().last) {
      out.back().last = std::max(out.back().last, last);
    } else {
      out.push_back({first, last, ""});
    }
  }
  for (Change& change : out) {
    const std::size_t begin = lines.offset(static_cast<std::uint32_t>(change.first + 1), 1);
    const std::size_t after = lines.offset(static_cast<std::uint32_t>(change.last + 1), 1);
    change.text = spliced(text, begin, std::min(after, text.size()), splices);
  }
  return out;
}

std::string diff_line(char mark, std::string_view line) {
  std::string out(1, mark);
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
  return out;
}

std::string range(std::size_t first, std::size_t count) {
  return std::to_string(count == 0 ? first : first + 1) + "," + std::to_string(count);
}

}  // namespace

FixedText apply_fixes(std::string_view text, const FileReport& report,
                      const std::vector<std::size_t>& wanted, const Rescan& rescan) {
  FixedText none{std::string(text), {}, {}};
  if (wanted.empty()) return none;
  if (auto all = tried(text, report, wanted, rescan)) return *std::move(all);
  if (wanted.size() == 1) return none;
  FixedText best = std::move(none);
  for (std::size_t i = 0; i < std::min(wanted.size(), kMaxTried); ++i) {
    std::vector<std::size_t> more = best.done;
    more.push_back(wanted[i]);
    if (auto better = tried(text, report, more, rescan)) best = *std::move(better);
  }
  return best;
}

void keep_fixes_that_hold(std::string_view text, FileReport& report, const Rescan& rescan) {
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    Finding& finding = report.findings[i];
    if (!finding.suppressed.empty()) finding.edits.clear();
    if (!finding.edits.empty()) wanted.push_back(i);
  }
  if (wanted.empty()) return;
  std::vector<std::size_t> good = apply_fixes(text, report, wanted, rescan).done;
  std::size_t tries = 0;
  for (const std::size_t index : wanted) {
    if (std::find(good.begin(), good.end(), index) != good.end()) continue;
    if (tries++ < kMaxTried && tried(text, report, {index}, rescan)) {
      good.push_back(index);
    } else {
      report.findings[index].edits.clear();
    }
  }
  const LineTable lines(text);
  for (const std::size_t index : good) {
    report.findings[index].fixed_code = fixed_code(text, lines, report, index);
  }
}

std::string unified_diff(std::string_view name, std::string_view text, const FileReport& report,
                         const std::vector<std::size_t>& done) {
  constexpr std::size_t kContext = 3;
  const LineTable table(text);
  const auto splices = splices_of(table, report.findings, done);
  if (!splices || splices->empty()) return "";
  const std::vector<std::string_view> lines = lines_of(text);
  const std::vector<Change> changes = changes_of(text, *splices, table);
  while (name.starts_with("./")) name.remove_prefix(2);
  const std::string a = (name.starts_with('/') ? "a" : "a/") + std::string(name);
  const std::string b = (name.starts_with('/') ? "b" : "b/") + std::string(name);
  std::string out = "--- " + a + "\n+++ " + b + "\n";
  std::ptrdiff_t moved = 0;  // lines that hunks before have added
  for (std::size_t i = 0; i < changes.size();) {
    std::size_t end = i + 1;
    while (end < changes.size() && changes[end].first <= changes[end - 1].last + 2 * kContext) {
      ++end;
    }
    const std::size_t first = changes[i].first - std::min(changes[i].first, kContext);
    const std::size_t last = std::min(changes[end - 1].last + kContext, lines.size());
    std::string body;
    std::size_t old_count = 0;
    std::size_t new_count = 0;
    std::size_t at = first;
    const auto same = [&](std::size_t until) {
      for (; at < until; ++at, ++old_count, ++new_count) body += diff_line(' ', lines[at]);
    };
    for (; i < end; ++i) {
      same(changes[i].first);
      for (; at < std::min(changes[i].last, lines.size()); ++at, ++old_count) {
        body += diff_line('-', lines[at]);
      }
      for (const std::string_view line : lines_of(changes[i].text)) {
        body += diff_line('+', line);
        ++new_count;
      }
    }
    same(last);
    const auto new_first = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(first) + moved);
    out += "@@ -" + range(first, old_count) + " +" + range(new_first, new_count) + " @@\n" + body;
    moved += static_cast<std::ptrdiff_t>(new_count) - static_cast<std::ptrdiff_t>(old_count);
  }
  return out;
}

}  // namespace testgen::scan
