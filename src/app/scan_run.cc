#include "app/scan_run.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "app/terminal.h"
#include "app/version.h"
#include "base/clock.h"
#include "base/file_system.h"
#include "base/strings.h"
#include "scan/cache/cache.h"
#include "scan/syntax/grammar.h"
#include "source/git_diff.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;

// Files without a grammar that may still hold credentials.
constexpr std::array<std::string_view, 12> kTextEndings{".json", ".yaml", ".yml",        ".toml",
                                                        ".ini",  ".cfg",  ".conf",       ".xml",
                                                        ".sh",   ".tf",   ".properties", ".env"};

bool is_wanted(std::string_view name) {
  if (scan::language_of(name)) return true;
  const std::string lower = base::to_lower(name);
  return std::any_of(kTextEndings.begin(), kTextEndings.end(),
                     [&](std::string_view ending) { return lower.ends_with(ending); });
}

void drop_where_nothing_changed(scan::FileReport& file, const source::FileChanges& changed) {
  std::erase_if(file.findings, [&](const scan::Finding& finding) {
    if (changed.touch(finding.place.line, finding.place.end_line)) return false;
    // A flow that a change has opened counts as well.
    return std::none_of(finding.flow.begin(), finding.flow.end(), [&](const auto& step) {
      return changed.touch(step.place.line, step.place.line);
    });
  });
}

// With --diff, files that did not change need not be read.
base::Status drop_unchanged(std::vector<fs::path>& files, const std::string& revision) {
  source::GitChanges changes(revision);
  std::vector<fs::path> out;
  for (const fs::path& file : files) {
    TG_ASSIGN(const source::FileChanges changed, changes.of(file));
    if (!changed.none()) out.push_back(file);
  }
  if (out.empty()) {
    return base::Error{base::ErrorCode::NothingToDo, "nothing changed since " + revision, ""};
  }
  files = std::move(out);
  return {};
}

// What a kept result depends on beside the file: rules, options, this very program, and what the
// names are relative to.
std::string cache_key(const scan::Rules& rules, const scan::ScanOptions& options,
                      const std::vector<std::string>& paths) {
  std::error_code failure;
  std::string key = std::string(version()) + '\n' + rules.version() + '\n';
  if (const auto program = scan::stamp_of("/proc/self/exe")) {
    key += std::to_string(program->size) + ' ' + std::to_string(program->modified);
  }
  key += '\n' + std::to_string(options.limits.max_bytes) + (options.prefilter ? "p\n" : "\n");
  key += fs::current_path(failure).string();
  for (const std::string& path : paths) key += '\n' + path;
  return key;
}

scan::FileReport scan_one(const scan::Rules& rules, const fs::path& file,
                          const scan::ScanOptions& options, scan::ScanCache* cache) {
  const std::string name = file.string();
  const auto stamp = cache == nullptr ? std::nullopt : scan::stamp_of(file);
  if (stamp) {
    if (auto kept = cache->find(name, *stamp)) return *std::move(kept);
  }
  auto text = base::read_file(file, options.limits.max_bytes);
  if (!text) {
    scan::FileReport unread;
    unread.file = name;
    unread.error = std::move(text).error();
    return unread;
  }
  if (stamp) {
    if (auto kept = cache->find(name, *stamp, *text)) return *std::move(kept);
  }
  scan::FileReport report = scan::scan_file(rules, name, *text, options);
  if (stamp) cache->keep(report, *stamp, *text);
  return report;
}

}  // namespace

base::Result<source::ScannableFiles> find_scan_files(const config::Settings& settings,
                                                     const std::vector<std::string>& paths) {
  return source::find_scannable({paths.begin(), paths.end()}, settings.exclude, is_wanted);
}

scan::Report ScanRun::scan_here(const std::vector<fs::path>& files,
                                const std::vector<std::string>& paths) const {
  const scan::ScanOptions options = scan_options(settings);
  std::unique_ptr<scan::ScanCache> kept;
  if (!cache.empty()) {
    const auto now = base::SystemClock().wall_now().time_since_epoch();
    kept = std::make_unique<scan::ScanCache>(
        cache, cache_key(rules, options, paths),
        static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()));
  }
  std::vector<std::optional<scan::FileReport>> reports(files.size());
  std::atomic<std::size_t> next{0};
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t wanted =
      settings.jobs != 0 ? settings.jobs : std::max<std::size_t>(1, cores / 2);
  const auto work = [&] {
    while (!stop.stop_requested()) {
      const std::size_t index = next++;
      if (index >= files.size()) return;
      reports[index] = scan_one(rules, files[index], options, kept.get());
    }
  };
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 1; i < std::min(wanted, files.size()); ++i) workers.emplace_back(work);
    work();
  }
  // With --diff, only some of the files were looked at.
  if (kept && !stop.stop_requested() && settings.diff.empty()) kept->save();
  scan::Report report;
  report.rules = rules.all().size();
  report.rules_version = rules.version();
  report.interrupted = stop.stop_requested();
  for (auto& one : reports) {
    if (one) report.files.push_back(*std::move(one));
  }
  return report;
}

base::Result<scan::Report> ScanRun::run(source::ScannableFiles found,
                                        const std::vector<std::string>& paths) const {
  if (!settings.diff.empty()) TG_TRY(drop_unchanged(found.files, settings.diff));
  scan::Report report;
  if (remote != nullptr) {
    ProgressView progress(shown, found.files.size(), telemetry.clock(),
                          [](std::string_view text) { write_out(STDERR_FILENO, text); });
    TG_ASSIGN(report, remote->scan(found.files, progress, traceparent, stop));
  } else {
    report = scan_here(found.files, paths);
  }
  for (const std::string& folder : found.unreadable) {
    scan::FileReport& unread = report.files.emplace_back();
    unread.file = folder;
    unread.error = base::Error{base::ErrorCode::PermissionDenied, "the folder cannot be read", ""};
  }
  if (!settings.diff.empty()) {
    source::GitChanges changes(settings.diff);
    for (scan::FileReport& file : report.files) {
      TG_ASSIGN(const source::FileChanges changed, changes.of(file.file));
      drop_where_nothing_changed(file, changed);
    }
  }
  return report;
}

scan::ScanOptions scan_options(const config::Settings& settings) {
  scan::ScanOptions options;
  options.limits.max_bytes = settings.max_file_size;
  options.prefilter = settings.prefilter;
  return options;
}

base::Status keep_changed(scan::FileReport& file, const std::string& revision) {
  source::GitChanges changes(revision);
  TG_ASSIGN(const source::FileChanges changed, changes.of(file.file));
  drop_where_nothing_changed(file, changed);
  return {};
}

void count_scan(telemetry::Metrics& metrics, const scan::Report& report) {
  const auto counts = report.by_severity();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    metrics.security_issues_total.with(to_string(static_cast<scan::Severity>(i)))
        .add(static_cast<double>(counts[i]));
  }
  for (const scan::Finding* finding : report.open()) {
    metrics.scan_findings_total.with(finding->rule, to_string(finding->confidence)).add();
  }
  for (const scan::FileReport& file : report.files) {
    metrics.scan_files_total.with(file.error ? "skipped" : "scanned").add();
    if (!file.error) {
      metrics.scan_lines_total.add(file.lines);
      metrics.scan_duration_seconds.observe(std::chrono::duration<double>(file.elapsed).count());
    }
  }
  metrics.scan_coverage_ratio.set(report.coverage());
}

}  // namespace testgen::app
