#include "app/generate_run.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

#include "app/keep_together.h"
#include "app/version.h"
#include "emit/writer.h"
#include "telemetry/tracing/trace_context.h"

namespace testgen::app {
namespace {

using emit::ModuleOutcome;

std::size_t worker_count(const config::Settings& settings, std::size_t modules) {
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t wanted =
      settings.jobs != 0 ? settings.jobs : std::max<std::size_t>(1, cores / 2);
  return std::min(wanted, modules);
}

model::ModuleReport generate_one(const GenerateRun& run, const WorkItem& item,
                                 const telemetry::SpanContext& parent) {
  model::ModuleReport report;
  report.source_path = item.file.string();
  const base::SteadyTime start = run.telemetry.clock().steady_now();
  // A bug in the work on one module must not take the others' results with it.
  try {
    // The pipeline makes the texts; the writer knows which names this run has already taken.
    pipeline::GenerateOptions options;
    options.budget = run.settings.budget;
    options.seed = run.settings.seed;
    options.max_executions = run.settings.max_executions;
    options.symbols = item.symbols;
    options.framework = run.settings.framework == "unittest" ? model::Framework::Unittest
                                                             : model::Framework::Pytest;
    options.output = run.settings.output;
    options.interpreter = run.settings.python;
    options.tool_version = std::string(version());
    options.model = run.model;
    auto result = run.remote != nullptr
                      ? run.remote->generate(item, run.progress,
                                             telemetry::format_traceparent(parent), run.stop)
                      : run.pipeline.generate(item.file, options, run.progress, parent, run.stop);
    if (result) return *std::move(result);
    report.error = std::move(result).error();
  } catch (const std::exception& bug) {
    report.error = base::Error{base::ErrorCode::Internal, bug.what(), "please report this bug"};
  }
  report.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      run.telemetry.clock().steady_now() - start);
  return report;
}

ModuleOutcome write_files(model::ModuleReport report, emit::Writer& writer) {
  ModuleOutcome outcome;
  outcome.report = std::move(report);
  for (const model::GeneratedFile& file : outcome.report.files) {
    auto written = writer.write(file);
    if (written) {
      outcome.files.push_back(*std::move(written));
    } else {
      outcome.write_errors.push_back(std::move(written).error());
    }
  }
  return outcome;
}

// Both frameworks' files run under either runner where pytest is installed; unittest needs only
// Python.
std::string test_command(const std::string& interpreter, const config::Settings& settings) {
  const std::string folder = shell_word(settings.output);
  return shell_word(interpreter) + (settings.framework == "unittest"
                                        ? " -m unittest discover -s " + folder + " -t " + folder
                                        : " -m pytest " + folder);
}

void try_together(const GenerateRun& run, const std::string& interpreter, emit::Writer& writer,
                  emit::RunReport& report) {
  pipeline::TogetherRequest request;
  request.interpreter = interpreter;
  request.output = std::filesystem::absolute(run.settings.output);
  for (const ModuleOutcome& module : report.modules) {
    if (!module.files.empty()) request.sources.emplace_back(module.report.source_path);
  }
  keep_together(
      run.settings.output,
      [&](const std::vector<std::filesystem::path>& files) {
        request.files = files;
        return run.pipeline.run_together(request, run.stop);
      },
      writer, report.modules);
}

}  // namespace

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+=:@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(text);
  }
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

emit::RunReport GenerateRun::run(const std::vector<WorkItem>& work,
                                 const telemetry::SpanContext& parent) const {
  const base::SteadyTime start = telemetry.clock().steady_now();
  emit::Writer writer(settings.output, std::string(version()));
  std::vector<std::optional<ModuleOutcome>> outcomes(work.size());
  std::atomic<std::size_t> next{0};
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < worker_count(settings, work.size()); ++i) {
      workers.emplace_back([&] {
        while (!stop.stop_requested()) {
          const std::size_t index = next++;
          if (index >= work.size()) return;
          outcomes[index] = write_files(generate_one(*this, work[index], parent), writer);
          progress.finish();
        }
      });
    }
  }

  emit::RunReport report;
  report.tool_version = version();
  report.seed = settings.seed;
  report.budget = settings.budget;
  report.interrupted = stop.stop_requested();
  report.output = settings.output;
  std::string interpreter;  // of the first module that got tests
  for (auto& outcome : outcomes) {
    if (!outcome) continue;
    if (interpreter.empty() && !outcome->files.empty()) {
      // The path of a service's interpreter means nothing here.
      interpreter = remote != nullptr ? "python3" : outcome->report.interpreter;
    }
    report.modules.push_back(*std::move(outcome));
  }
  if (!interpreter.empty() && remote == nullptr && !stop.stop_requested()) {
    try_together(*this, interpreter, writer, report);
  }
  if (!interpreter.empty()) {
    report.test_command = test_command(interpreter, settings);
  }
  report.elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(telemetry.clock().steady_now() - start);
  return report;
}

}  // namespace testgen::app
