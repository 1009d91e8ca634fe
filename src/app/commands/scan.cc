// testgen scan: from files and folders to security findings.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <future>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/fix_run.h"
#include "app/interrupt.h"
#include "app/log_options.h"
#include "app/reproduce_run.h"
#include "app/run.h"
#include "app/scan_run.h"
#include "app/telemetry_options.h"
#include "app/terminal.h"
#include "app/version.h"
#include "base/file_system.h"
#include "scan/baseline/baseline.h"
#include "scan/report/report.h"
#include "telemetry/tracing/trace_context.h"

namespace testgen::app {
namespace {

constexpr std::chrono::seconds kTelemetryDeadline{5};

std::string render(const scan::Report& report, const scan::Rules& rules,
                   const config::Settings& settings) {
  scan::ReportOptions options;
  options.tool_version = std::string(version());
  options.min_severity = scan::severity_from(settings.min_severity).value_or(scan::Severity::Low);
  options.everything = settings.verbose;
  options.width = std::min<std::size_t>(terminal_width(STDOUT_FILENO), 120);
  if (settings.format == "json") return scan::report_json(report, options);
  if (settings.format == "sarif") return scan::report_sarif(report, rules.all(), options);
  if (settings.format == "junit") return scan::report_junit(report, options);
  if (settings.format == "gitlab") return scan::report_gitlab(report, options);
  return scan::report_text(report, options);
}

base::Status write_report(const std::string& text, const config::Settings& settings) {
  if (!settings.report.empty()) return base::write_file_atomic(settings.report, text);
  if (settings.quiet && settings.format == "text") return {};
  if (!write_out(STDOUT_FILENO, text)) return base::system_error("cannot write the report", errno);
  return {};
}

constexpr std::uint64_t kMaxBaselineBytes = 256U << 20U;

// Before the work: a wrong file must not cost a whole scan.
base::Result<scan::Baseline> read_baseline(const config::Settings& settings) {
  if (settings.baseline.empty()) return scan::Baseline();
  TG_ASSIGN(const std::string text, base::read_file(settings.baseline, kMaxBaselineBytes));
  auto parsed = scan::Baseline::parse(text);
  if (!parsed) return std::move(parsed).error().with_context(settings.baseline);
  return parsed;
}

int exit_code_of(const scan::Report& report, const config::Settings& settings) {
  if (report.interrupted) return kInterrupted;
  if (const auto limit = scan::severity_from(settings.fail_on)) {
    const auto open = report.open();
    if (std::any_of(open.begin(), open.end(),
                    [&](const scan::Finding* finding) { return finding->severity >= *limit; })) {
      return kTargetMissed;
    }
  }
  const bool any = std::any_of(report.files.begin(), report.files.end(),
                               [](const scan::FileReport& file) { return file.error.has_value(); });
  return any ? kIncomplete : kSuccess;
}

// Gives findings their tests. False when a test file could not be written.
bool give_tests(const ReproduceRun& run, scan::Report& report, const config::Settings& settings,
                telemetry::Telemetry& telemetry, const telemetry::SpanContext& parent,
                const ProgressOptions& shown, const std::stop_token& stop) {
  telemetry::Span span =
      telemetry.tracer().start("reproduce", telemetry::SpanKind::Internal, parent);
  const ReproduceOutcome done = run.run(report, telemetry, span.context(), shown, stop);
  span.set("findings.count", done.tried);
  span.set("findings.reproduced", done.reproduced);
  span.end();
  for (const base::Error& error : done.errors) report_error(error);
  if (!settings.quiet) write_out(STDERR_FILENO, fmt::format("testgen: {}\n", describe(done)));
  return done.errors.empty();
}

// The report, behind what --fix changed; of a dry run the diff, which is for other programs to
// read. False when a file could not be mended.
base::Result<bool> fix_and_show(scan::Report& report, const scan::Rules& rules,
                                const scan::Baseline& baseline, const config::Settings& settings,
                                const std::stop_token& stop) {
  bool all_done = true;
  if (settings.fix) {
    const FixOutcome fixed = FixRun{settings, rules, baseline, stop}.run(report);
    if (settings.dry_run && !write_out(STDOUT_FILENO, fixed.diff)) {
      return base::system_error("cannot write the diff", errno);
    }
    for (const base::Error& error : fixed.errors) report_error(error);
    if (!settings.quiet) {
      write_out(STDERR_FILENO, fmt::format("testgen: {}\n", describe(fixed, settings.dry_run)));
    }
    all_done = fixed.errors.empty();
    if (settings.dry_run && settings.report.empty()) return all_done;
  }
  TG_TRY(write_report(render(report, rules, settings), settings));
  return all_done;
}

}  // namespace

int scan_code(const Scan& action) {
  const config::Settings& settings = action.settings;
  Interrupt interrupt(settings.quiet ? "" : "\nstopping; once more to stop at once\n");
  const base::SystemClock clock;
  std::unique_ptr<RemoteScanner> remote;
  if (!settings.server.empty()) {
    auto created = RemoteScanner::create(settings, clock);
    if (!created) return report_error(created.error());
    remote = *std::move(created);
  }
  // Reading the rules takes as long as finding the files.
  auto loading = std::async(std::launch::async, [&settings] {
    return scan::Rules::load(
        {.folder = settings.rules, .audit = settings.audit, .only = settings.only_rules});
  });
  auto files = find_scan_files(settings, action.paths);
  const auto rules = loading.get();
  if (!rules) return report_error(rules.error());
  telemetry::TelemetryOptions observed = telemetry_options(settings);
  observed.logging = quiet_logging_options(settings, is_terminal(STDERR_FILENO));
  auto telemetry = telemetry::Telemetry::create(observed, clock);
  if (!telemetry) return report_error(telemetry.error());

  const auto baseline = read_baseline(settings);
  if (!baseline) return report_error(baseline.error());
  if (!files) return report_error(files.error());
  std::unique_ptr<ReproduceRun> reproducer;
  if (settings.reproduce) {
    auto created = ReproduceRun::create(settings);
    if (!created) return report_error(created.error());
    reproducer = *std::move(created);
  }
  const ProgressOptions progress =
      progress_options(settings.quiet || logs_over_progress(settings, is_terminal(STDERR_FILENO)));
  telemetry::Span root = (*telemetry)->tracer().start("scan");
  auto report = ScanRun{settings,
                        **rules,
                        **telemetry,
                        interrupt.token(),
                        action.cache,
                        remote.get(),
                        telemetry::format_traceparent(root.context()),
                        progress}
                    .run(*std::move(files), action.paths);
  if (!report) {
    root.end();
    return report_error(report.error());
  }
  scan::apply_baseline(*baseline, *report);
  const bool reproduced = !reproducer || give_tests(*reproducer, *report, settings, **telemetry,
                                                    root.context(), progress, interrupt.token());
  root.set("files.count", report->files.size());
  root.set("findings.count", report->open().size());
  root.end();
  count_scan((*telemetry)->metrics(), *report);

  const auto shown = fix_and_show(*report, **rules, *baseline, settings, interrupt.token());
  int code = exit_code_of(*report, settings);
  if (!shown) report_error(shown.error());
  if (code == kSuccess && !shown) code = kEnvironment;
  if (code == kSuccess && (!reproduced || !*shown)) code = kIncomplete;
  if (!settings.write_baseline.empty()) {
    if (auto kept = base::write_file_atomic(settings.write_baseline,
                                            scan::Baseline::of(*report, *baseline).text());
        !kept) {
      report_error(kept.error().with_context("--write-baseline"));
      if (code == kSuccess) code = kEnvironment;
    }
  }
  if (auto sent = (*telemetry)->shutdown(clock.steady_now() + kTelemetryDeadline); !sent) {
    report_error(sent.error().with_context("--metrics-file"));
    if (code == kSuccess) code = kEnvironment;
  }
  return code;
}

}  // namespace testgen::app
