#include "app/reproduce_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <string_view>

#include "app/application.h"
#include "app/terminal.h"
#include "app/version.h"
#include "base/strings.h"
#include "emit/writer.h"
#include "pipeline/observed_sandbox.h"
#include "reproduce/reproduce.h"

namespace testgen::app {
namespace {

constexpr std::string_view kStage = "reproduce";

reproduce::Span span_of(const scan::Place& place) {
  return {place.line, place.column, place.end_line, place.end_column};
}

reproduce::Suspect suspect_of(const scan::Finding& finding) {
  reproduce::Suspect out;
  out.rule = finding.rule;
  out.cwe = finding.cwe;
  out.sink = span_of(finding.place);
  if (!finding.flow.empty()) {
    out.source = span_of(finding.flow.front().place);
    out.input = finding.flow.front().what;
  }
  return out;
}

struct Tried {
  scan::FileReport* file = nullptr;
  std::vector<scan::Finding*> findings;
  std::vector<reproduce::Suspect> suspects;  // the same
};

// Files with findings that can be tried.
std::vector<Tried> to_be_tried(scan::Report& report, scan::Severity least) {
  std::vector<Tried> out;
  for (scan::FileReport& file : report.files) {
    if (file.error || file.language != "python") continue;
    Tried one{&file, {}, {}};
    for (scan::Finding& finding : file.findings) {
      if (!can_be_reproduced(finding, least)) continue;
      one.findings.push_back(&finding);
      one.suspects.push_back(suspect_of(finding));
    }
    if (!one.findings.empty()) out.push_back(std::move(one));
  }
  return out;
}

// What came of one file: its test file is written, and its findings say where their tests are.
void note(const std::vector<scan::Finding*>& findings, base::Result<reproduce::FileTests> made,
          emit::Writer& writer, ReproduceOutcome& outcome) {
  outcome.tried += findings.size();
  const auto not_tried = [&](const base::Error& error) {
    for (scan::Finding* finding : findings) {
      finding->test.clear();
      finding->not_reproduced = base::describe(error);
    }
  };
  if (!made) return not_tried(made.error());
  std::string written_to;
  if (!made->text.empty()) {
    auto written = writer.write({made->file_name, std::move(made->text)}, made->file_kind);
    if (!written) {
      base::Error error = std::move(written).error();
      error.hint = "choose another folder with --reproduce-output";
      not_tried(error);
      outcome.errors.push_back(std::move(error));
      return;
    }
    written_to = written->path.string();
    outcome.files.push_back(written_to);
    if (!written->note.empty()) outcome.notes.push_back(written->note);
  }
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const reproduce::Reproduction& one = made->of[i];
    if (one.test.empty()) {
      findings[i]->not_reproduced = one.why_not;
    } else {
      findings[i]->test = written_to + "::" + one.test;
      ++outcome.reproduced;
    }
  }
}

}  // namespace

base::Result<std::unique_ptr<ReproduceRun>> ReproduceRun::create(const config::Settings& settings) {
  auto sandbox = make_sandbox(settings);
  if (auto usable = sandbox->check(); !usable) {
    base::Error error = std::move(usable).error();
    error.hint += error.hint.empty() ? "" : "; ";
    error.hint += "without --reproduce nothing of the code is run";
    return error.with_context("--reproduce: the sandbox does not work here");
  }
  return std::unique_ptr<ReproduceRun>(new ReproduceRun(settings, std::move(sandbox)));
}

bool can_be_reproduced(const scan::Finding& finding, scan::Severity least) {
  return finding.suppressed.empty() && finding.severity >= least &&
         reproduce::Reproducer::is_about_text(finding.cwe);
}

ReproduceOutcome ReproduceRun::run(scan::Report& report, telemetry::Telemetry& telemetry,
                                   const telemetry::SpanContext& parent,
                                   const ProgressOptions& shown,
                                   const std::stop_token& stop) const {
  pipeline::ObservedSandbox observed(*sandbox_, telemetry, parent);
  const reproduce::Reproducer reproducer(observed, telemetry.clock());
  const auto least = scan::severity_from(settings_.min_severity).value_or(scan::Severity::Low);
  emit::Writer writer(settings_.reproduce_output, std::string(version()));
  std::vector<Tried> files = to_be_tried(report, least);
  ProgressView progress(shown, files.size(), telemetry.clock(),
                        [](std::string_view text) { write_out(STDERR_FILENO, text); });
  ReproduceOutcome outcome;
  for (Tried& one : files) {
    if (stop.stop_requested()) break;
    const std::string& name = one.file->file;
    progress.begin(name, kStage, 1);
    const reproduce::Options options{settings_.reproduce_output, settings_.python,
                                     [&](double part) { progress.update(name, kStage, part); }};
    note(one.findings, reproducer.reproduce(name, one.suspects, options, stop), writer, outcome);
    progress.finish();
  }
  if (stop.stop_requested()) report.interrupted = true;
  return outcome;
}

std::string describe(const ReproduceOutcome& outcome) {
  std::string out = fmt::format("reproduced {} of {} finding{}", outcome.reproduced, outcome.tried,
                                outcome.tried == 1 ? "" : "s");
  if (!outcome.files.empty()) out += "; tests in " + base::join(outcome.files, ", ");
  for (const std::string& note : outcome.notes) out += "; " + note;
  return out;
}

}  // namespace testgen::app
