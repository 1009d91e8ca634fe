#include "app/reproduce_run.h"

#include <fmt/format.h>

#include <string_view>

#include "app/application.h"
#include "app/version.h"
#include "base/strings.h"
#include "emit/writer.h"
#include "pipeline/observed_sandbox.h"
#include "reproduce/reproduce.h"
#include "reproduce/test_file.h"

namespace testgen::app {
namespace {

reproduce::Span span_of(const scan::Place& place) {
  return {place.line, place.column, place.end_line, place.end_column};
}

reproduce::Suspect suspect_of(const scan::Finding& finding) {
  reproduce::Suspect out;
  out.rule = finding.rule;
  out.cwe = finding.cwe;
  out.sink = span_of(finding.place);
  if (!finding.flow.empty()) out.source = span_of(finding.flow.front().place);
  return out;
}

// `testgen generate` writes test_<module>.py into the same folder, and a module may be called
// security_…: its tests are not ours to replace, though their seal is.
std::string free_name(const std::string& folder, const std::string& wanted) {
  const auto there = emit::intact_text(folder, wanted);
  if (!there) return wanted;
  const std::string_view below_seal = std::string_view(*there).substr(there->find('\n') + 1);
  if (below_seal.starts_with(reproduce::kHeading)) return wanted;
  return base::replace_all(wanted, "test_security_", "test_security_findings_of_");
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
                                   const std::stop_token& stop) const {
  pipeline::ObservedSandbox observed(*sandbox_, telemetry, parent);
  const reproduce::Reproducer reproducer(observed, telemetry.clock());
  const auto least = scan::severity_from(settings_.min_severity).value_or(scan::Severity::Low);
  const reproduce::Options options{settings_.reproduce_output, settings_.python};
  emit::Writer writer(settings_.reproduce_output, std::string(version()));
  ReproduceOutcome outcome;
  for (scan::FileReport& file : report.files) {
    if (file.error || file.language != "python") continue;
    std::vector<scan::Finding*> findings;
    std::vector<reproduce::Suspect> suspects;
    for (scan::Finding& finding : file.findings) {
      if (!can_be_reproduced(finding, least)) continue;
      findings.push_back(&finding);
      suspects.push_back(suspect_of(finding));
    }
    if (findings.empty()) continue;
    if (stop.stop_requested()) {
      report.interrupted = true;
      break;
    }
    outcome.tried += findings.size();
    const auto not_tried = [&](const base::Error& error) {
      for (scan::Finding* finding : findings) {
        finding->test.clear();
        finding->not_reproduced = base::describe(error);
      }
    };
    auto made = reproducer.reproduce(file.file, suspects, options, stop);
    if (!made) {
      not_tried(made.error());
      continue;
    }
    std::string written_to;
    if (!made->text.empty()) {
      auto written = writer.write(
          {free_name(settings_.reproduce_output, made->file_name), std::move(made->text)});
      if (!written) {
        not_tried(written.error());
        outcome.errors.push_back(std::move(written).error());
        continue;
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
