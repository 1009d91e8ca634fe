// testgen generate: from files and folders to test files and a report.
#include <fmt/format.h>
#include <unistd.h>

#include "app/application.h"
#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/generate_run.h"
#include "app/interrupt.h"
#include "app/log_options.h"
#include "app/run.h"
#include "app/selection.h"
#include "app/telemetry_options.h"
#include "app/terminal.h"
#include "base/file_system.h"
#include "base/strings.h"
#include "emit/report_coverage.h"
#include "emit/report_json.h"
#include "emit/report_junit.h"
#include "emit/report_layout.h"
#include "emit/report_text.h"
#include "emit/run_totals.h"
#include "pipeline/preview.h"
#include "source/discovery.h"
#include "telemetry/export/otlp_spans.h"

namespace testgen::app {
namespace {

// What is left to send when the work is done must not keep a person waiting for long.
constexpr std::chrono::seconds kTelemetryDeadline{5};

telemetry::TelemetryOptions quiet_telemetry(const config::Settings& settings) {
  telemetry::TelemetryOptions options = telemetry_options(settings);
  // What a person must know is in the report; the log is for those who ask.
  options.logging = quiet_logging_options(settings, is_terminal(STDERR_FILENO));
  return options;
}

bool anything_made(const emit::RunReport& report) {
  for (const emit::ModuleOutcome& module : report.modules) {
    if (!module.report.error) return true;
  }
  return false;
}

// What went wrong, on standard error; used where no table is shown.
void print_errors(const emit::RunReport& report) {
  for (const emit::ModuleOutcome& module : report.modules) {
    if (module.report.error) {
      const base::Error& error = *module.report.error;
      const std::string& path = module.report.source_path;
      const bool named = error.message.find(path) != std::string::npos;
      report_error(named ? error : error.with_context(path));
    }
    for (const base::Error& error : module.write_errors) report_error(error);
  }
  if (emit::nothing_kept(report)) {
    write_out(STDERR_FILENO,
              "testgen: no test could be kept\n  without --quiet the reasons are shown\n");
  }
  for (const emit::Target& target : report.targets) {
    if (!target.met()) {
      write_out(STDERR_FILENO, fmt::format("testgen: target missed: {}\n", describe(target)));
    }
  }
}

// The tests are made, but something about them could not be written.
int report_unwritten(const base::Error& error, int code) {
  report_error(error);
  return code == kSuccess ? static_cast<int>(kEnvironment) : code;
}

base::Status write_trace(const std::string& file, telemetry::Telemetry& telemetry,
                         const telemetry::SpanContext& root, const config::Settings& settings) {
  const auto spans = telemetry.tracer().ring().trace(root.trace_id);
  return base::write_file_atomic(
      file, telemetry::encode_spans_json(spans, {{"service.name", settings.service_name}}) + "\n");
}

// Every report that goes to a file; the first error of them, after trying all.
base::Status write_reports(const emit::RunReport& report, const config::Settings& settings,
                           const base::Clock& clock) {
  base::Status all;
  const auto write = [&all](const std::string& file, std::string_view flag, const auto& text) {
    if (file.empty()) return;
    auto written = base::write_file_atomic(file, text());
    if (!written && all) all = std::move(written).error().with_context(flag);
  };
  write(settings.json == "-" ? "" : settings.json, "--json",
        [&] { return emit::report_json(report); });
  write(settings.junit, "--junit", [&] { return emit::report_junit(report); });
  write(settings.lcov, "--lcov", [&] { return emit::report_lcov(report); });
  write(settings.cobertura, "--cobertura",
        [&] { return emit::report_cobertura(report, clock.wall_now()); });
  return all;
}

base::Status print_report(const emit::RunReport& report, const config::Settings& settings) {
  const bool json_to_stdout = settings.json == "-";
  std::string text;
  if (json_to_stdout) {
    text = emit::report_json(report);
  } else if (!settings.quiet && anything_made(report)) {
    text = emit::report_text(
        report, {.width = terminal_width(STDOUT_FILENO), .everything = settings.verbose});
  }
  if (!write_out(STDOUT_FILENO, text)) return base::system_error("cannot write the report", errno);
  if (json_to_stdout || settings.quiet || !anything_made(report)) print_errors(report);
  return {};
}

// Places that cannot be written, known before any work is done: a folder where a file should be,
// or a file where a folder should be.
base::Status check_places(const config::Settings& settings) {
  std::error_code ignored;
  for (const auto& [flag, file] :
       {std::pair{"--json", settings.json}, std::pair{"--junit", settings.junit},
        std::pair{"--lcov", settings.lcov}, std::pair{"--cobertura", settings.cobertura},
        std::pair{"--trace-file", settings.trace_file},
        std::pair{"--metrics-file", settings.metrics_file}}) {
    if (!file.empty() && std::filesystem::is_directory(file, ignored)) {
      return base::Error{base::ErrorCode::InvalidArgument,
                         fmt::format("{}: {} is a folder", flag, file), "name a file in it"};
    }
  }
  if (std::filesystem::exists(settings.output, ignored) &&
      !std::filesystem::is_directory(settings.output, ignored)) {
    return base::Error{base::ErrorCode::InvalidArgument,
                       fmt::format("--output: {} is not a folder", settings.output),
                       "name a folder; it is made when it does not exist"};
  }
  return {};
}

// With a model: the requests themselves, so that nobody has to guess what leaves the machine.
std::string describe_requests(const std::vector<WorkItem>& work, const config::Settings& settings,
                              const base::Clock& clock) {
  const pipeline::ModelOptions options = model_options(settings);
  if (options.engine == pipeline::Engine::Explorer) return "";
  std::string out = fmt::format("\nwould be sent to {}:\n", base::join(settings.llm, ", then "));
  for (const WorkItem& item : work) {
    const auto framework =
        settings.framework == "unittest" ? model::Framework::Unittest : model::Framework::Pytest;
    const auto text = pipeline::preview(item.file, item.symbols, framework, options, clock);
    out += "=== " + item.file.string() + "\n" + (text ? *text : describe(text.error()) + "\n");
  }
  return out;
}

}  // namespace

int generate(const Generate& action) {
  const config::Settings& settings = action.settings;
  Interrupt interrupt(settings.quiet ? "" : "\nstopping; once more to stop at once\n");

  const base::SystemClock clock;
  const auto files =
      source::find_sources({action.paths.begin(), action.paths.end()}, settings.exclude);
  if (!files) return report_error(files.error());
  const auto work = select_work(*files, settings, clock);
  if (!work) return report_error(work.error());
  if (settings.dry_run) {
    return print(describe_work(*work, clock) + describe_requests(*work, settings, clock));
  }
  if (auto usable = check_places(settings); !usable) return report_error(usable.error());
  std::unique_ptr<RemoteGenerator> remote;
  if (!settings.server.empty()) {
    auto created = RemoteGenerator::create(settings, clock);
    if (!created) return report_error(created.error());
    remote = *std::move(created);
  }
  auto application = Application::create(settings, quiet_telemetry(settings),
                                         remote ? RunsCode::Elsewhere : RunsCode::Here);
  if (!application) return report_error(application.error());
  Application& app = **application;

  ProgressView progress(
      progress_options(settings.quiet || logs_over_progress(settings, is_terminal(STDERR_FILENO))),
      work->size(), app.clock(), [](std::string_view text) { write_out(STDERR_FILENO, text); });

  telemetry::Span root = app.telemetry().tracer().start("generate");
  root.set("modules.count", work->size());
  emit::RunReport report =
      GenerateRun{app.pipeline(),      remote.get(), app.telemetry(),  settings,
                  app.model_options(), progress,     interrupt.token()}
          .run(*work, root.context());
  report.sandbox = remote ? "service" : app.sandbox().name();
  report.targets = emit::check_targets(report, {.coverage = settings.coverage_target,
                                                .mutation = settings.mutation_target,
                                                .quality = settings.quality_target});
  root.end();
  progress.clear();

  int code = exit_code_for(report);
  // Files first: a reader of standard output that went away must not cost them.
  if (auto written = write_reports(report, settings, app.clock()); !written) {
    code = report_unwritten(written.error(), code);
  }
  if (auto printed = print_report(report, settings); !printed) {
    code = report_unwritten(printed.error(), code);
  }
  if (!settings.trace_file.empty()) {
    auto traced = write_trace(settings.trace_file, app.telemetry(), root.context(), settings);
    if (!traced) code = report_unwritten(traced.error().with_context("--trace-file"), code);
  }
  if (auto sent = app.telemetry().shutdown(app.clock().steady_now() + kTelemetryDeadline); !sent) {
    code = report_unwritten(sent.error().with_context("--metrics-file"), code);
  }
  return code;
}

}  // namespace testgen::app
