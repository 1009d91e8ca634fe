#include "app/fix_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "app/scan_run.h"
#include "base/file_system.h"
#include "base/replace_file.h"
#include "scan/cache/cache.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;

Error changed_since() {
  return {ErrorCode::Conflict, "changed since it was scanned; nothing in it was fixed",
          "scan it again"};
}

// The findings of `now` that `file` says are to be mended; nothing when the file has become
// another.
std::optional<std::vector<std::size_t>> wanted_in(const scan::FileReport& now,
                                                  const scan::FileReport& file,
                                                  scan::Severity least) {
  std::vector<std::size_t> out;
  for (const scan::Finding& finding : file.findings) {
    if (!finding.suppressed.empty() || finding.edits.empty() || finding.severity < least) continue;
    const auto same =
        std::find_if(now.findings.begin(), now.findings.end(), [&](const scan::Finding& one) {
          return one.fingerprint == finding.fingerprint && one.place == finding.place &&
                 one.edits == finding.edits;
        });
    if (same == now.findings.end()) return std::nullopt;
    out.push_back(static_cast<std::size_t>(same - now.findings.begin()));
  }
  return out;
}

}  // namespace

base::Status FixRun::fix(scan::FileReport& file, FixOutcome& outcome) const {
  const auto least = scan::severity_from(settings.min_severity).value_or(scan::Severity::Low);
  const bool any =
      std::any_of(file.findings.begin(), file.findings.end(), [&](const scan::Finding& one) {
        return one.suppressed.empty() && !one.edits.empty() && one.severity >= least;
      });
  if (!any) return {};
  const auto stamp = scan::stamp_of(file.file);
  TG_ASSIGN(const std::string text, base::read_file(file.file, settings.max_file_size));
  const scan::ScanOptions options = scan_options(settings);
  // Edits are places in a text: they are taken from the scan of just the bytes that they change.
  const scan::FileReport now = scan::scan_file(rules, file.file, text, options);
  const auto wanted = wanted_in(now, file, least);
  if (!wanted) return changed_since();
  scan::FixedText fixed = scan::fix_file(rules, text, now, *wanted, options);
  outcome.left += wanted->size() - fixed.done.size();
  if (fixed.done.empty()) return {};
  if (settings.dry_run) {
    outcome.diff += scan::unified_diff(file.file, text, now, fixed.done);
  } else {
    if (!stamp || scan::stamp_of(file.file) != stamp) return changed_since();
    TG_TRY(base::replace_file(file.file, fixed.text));
    // Once more, for the edits of what is left.
    file = scan::scan_file(rules, file.file, fixed.text, options);
    if (!settings.diff.empty()) TG_TRY(keep_changed(file, settings.diff));
  }
  outcome.findings += fixed.done.size();
  ++outcome.files;
  return {};
}

FixOutcome FixRun::run(scan::Report& report) const {
  FixOutcome outcome;
  for (scan::FileReport& file : report.files) {
    if (stop.stop_requested()) {
      report.interrupted = true;
      break;
    }
    if (file.error) continue;
    if (auto done = fix(file, outcome); !done) {
      outcome.errors.push_back(std::move(done).error().with_context(file.file));
    }
  }
  scan::apply_baseline(baseline, report);
  return outcome;
}

std::string describe(const FixOutcome& outcome, bool dry_run) {
  const auto count = [](std::size_t number, std::string_view thing) {
    return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
  };
  std::string out = fmt::format("{} {} in {}", dry_run ? "would fix" : "fixed",
                                count(outcome.findings, "finding"), count(outcome.files, "file"));
  if (outcome.left > 0) {
    out += fmt::format("; {} more can be fixed by running it again", outcome.left);
  }
  return out;
}

}  // namespace testgen::app
