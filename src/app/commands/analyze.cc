// testgen analyze: judges the tests that a project has.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

#include "app/application.h"
#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/interrupt.h"
#include "app/progress_view.h"
#include "app/run.h"
#include "app/telemetry_options.h"
#include "app/terminal.h"
#include "app/version.h"
#include "base/file_system.h"
#include "emit/analysis_report.h"
#include "emit/run_totals.h"
#include "pipeline/analyze.h"
#include "source/discovery.h"

namespace testgen::app {
namespace {

using Files = std::vector<std::filesystem::path>;

struct Judging {
  Application& app;
  const config::Settings& settings;
  const pipeline::TestIndex& tests;
  ProgressView& progress;
  std::stop_token stop;
  telemetry::SpanContext parent;

  model::TestAnalysis judge(const std::filesystem::path& file) const {
    model::TestAnalysis failed;
    failed.report.source_path = file.string();
    // A bug in the work on one module must not take the others' results with it.
    try {
      const pipeline::AnalyzeOptions options{settings.budget, settings.seed, settings.python};
      auto result = pipeline::analyze_tests({app.sandbox(), app.telemetry(), app.clock()}, file,
                                            tests, options, progress, parent, stop);
      if (result) return *std::move(result);
      failed.report.error = std::move(result).error();
    } catch (const std::exception& bug) {
      failed.report.error =
          base::Error{base::ErrorCode::Internal, bug.what(), "please report this bug"};
    }
    return failed;
  }

  // In the order of the files; those that an interruption left untouched have nothing.
  std::vector<std::optional<model::TestAnalysis>> judge_all(const Files& files) const {
    std::vector<std::optional<model::TestAnalysis>> out(files.size());
    std::atomic<std::size_t> next{0};
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t wanted =
        settings.jobs != 0 ? settings.jobs : std::max<std::size_t>(1, cores / 2);
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < std::min(wanted, files.size()); ++i) {
      workers.emplace_back([&] {
        while (!stop.stop_requested()) {
          const std::size_t index = next++;
          if (index >= files.size()) return;
          out[index] = judge(files[index]);
          progress.finish();
        }
      });
    }
    workers.clear();  // joins
    return out;
  }
};

// Modules without a test are a finding and no failure.
int exit_code_of(const emit::RunReport& run) {
  if (run.interrupted) return kInterrupted;
  int failure = kSuccess;
  bool any_done = false;
  for (const emit::ModuleOutcome& module : run.modules) {
    if (!module.report.error) {
      any_done = true;
      continue;
    }
    const ExitCode code = exit_code_for(module.report.error->code);
    if (code == kInternal) return kInternal;
    if (code != kNothing && failure == kSuccess) failure = code;
  }
  if (failure != kSuccess) return any_done ? static_cast<int>(kIncomplete) : failure;
  if (!any_done) return kNothing;
  const bool met = std::all_of(run.targets.begin(), run.targets.end(),
                               [](const emit::Target& target) { return target.met(); });
  return met ? kSuccess : kTargetMissed;
}

base::Status write_report(const emit::AnalysisReport& report, const config::Settings& settings) {
  if (!settings.json.empty() && settings.json != "-") {
    TG_TRY(base::write_file_atomic(settings.json, emit::analysis_json(report)));
  }
  std::string text;
  if (settings.json == "-") {
    text = emit::analysis_json(report);
  } else if (!settings.quiet) {
    text = emit::analysis_text(
        report, {.width = terminal_width(STDOUT_FILENO), .everything = settings.verbose});
  }
  if (!write_out(STDOUT_FILENO, text)) return base::system_error("cannot write the report", errno);
  return {};
}

}  // namespace

int analyze(const Analyze& action) {
  const config::Settings& settings = action.settings;
  Interrupt interrupt(settings.quiet ? "" : "\nstopping; once more to stop at once\n");
  const base::SystemClock clock;
  const base::SteadyTime start = clock.steady_now();
  const auto files =
      source::find_sources({action.paths.begin(), action.paths.end()}, settings.exclude);
  if (!files) return report_error(files.error());
  const auto tests = pipeline::TestIndex::read(settings.tests, clock);
  if (!tests) return report_error(tests.error());
  telemetry::TelemetryOptions observed = telemetry_options(settings);
  observed.logging.destination =
      settings.verbose ? telemetry::LogDestination::Stderr : telemetry::LogDestination::None;
  auto application = Application::create(settings, observed);
  if (!application) return report_error(application.error());
  Application& app = **application;

  ProgressOptions style = progress_options(settings.quiet);
  if (settings.verbose) style.style = ProgressStyle::None;
  ProgressView progress(style, files->size(), app.clock(),
                        [](std::string_view text) { write_out(STDERR_FILENO, text); });
  telemetry::Span root = app.telemetry().tracer().start("analyze");
  const Judging judging{app, settings, *tests, progress, interrupt.token(), root.context()};
  auto judged = judging.judge_all(*files);
  root.end();
  progress.clear();

  emit::AnalysisReport report;
  report.tests = settings.tests;
  report.run.tool_version = version();
  report.run.seed = settings.seed;
  report.run.sandbox = app.sandbox().name();
  report.run.interrupted = interrupt.token().stop_requested();
  for (auto& one : judged) {
    if (!one) continue;
    report.run.modules.push_back({.report = std::move(one->report)});
    report.remarks.push_back(std::move(one->remarks));
  }
  report.run.elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(clock.steady_now() - start);
  report.run.targets = emit::check_targets(report.run, {.coverage = settings.coverage_target,
                                                        .mutation = settings.mutation_target,
                                                        .quality = settings.quality_target});
  int code = exit_code_of(report.run);
  if (auto written = write_report(report, settings); !written) {
    report_error(written.error());
    if (code == kSuccess) code = kEnvironment;
  }
  return code;
}

}  // namespace testgen::app
