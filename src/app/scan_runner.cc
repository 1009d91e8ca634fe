#include "app/scan_runner.h"

#include <algorithm>

#include "app/scan_run.h"
#include "app/version.h"
#include "base/check.h"
#include "scan/report/report.h"

namespace testgen::app {

// The rules are part of the program and are tested with it, so they load.
const scan::Rules& ScanRunner::rules(bool audit) {
  const std::lock_guard lock(mutex_);
  auto& loaded = rules_[audit ? 1 : 0];
  if (!loaded) {
    auto read = scan::Rules::load({.folder = "", .audit = audit, .only = {}});
    TG_CHECK(read.has_value());
    loaded = *std::move(read);
  }
  return *loaded;
}

service::Scanner ScanRunner::scanner() {
  return {
      .scan = [this](const auto& input, const auto& parent, base::SteadyTime deadline,
                     const std::stop_token& stop) { return scan(input, parent, deadline, stop); },
      .rules_version = [this](bool audit) { return rules(audit).version(); },
      .knows_rule =
          [this](std::string_view id) {
            const auto& all = rules(true).all();
            return std::any_of(all.begin(), all.end(),
                               [&](const scan::Rule& rule) { return rule.id == id; });
          }};
}

base::Result<service::ScanAnswer> ScanRunner::scan(const service::ScanInput& input,
                                                   const telemetry::SpanContext& parent,
                                                   base::SteadyTime deadline,
                                                   const std::stop_token& stop) {
  const base::SteadyTime begun = telemetry_.clock().steady_now();
  telemetry::Span span = telemetry_.tracer().start("scan", telemetry::SpanKind::Internal, parent);
  const scan::Rules& known = rules(input.audit);
  scan::Report report;
  report.rules = known.all().size();
  report.rules_version = known.version();
  for (const service::ScanInput::File& file : input.files) {
    report.interrupted = stop.stop_requested() || telemetry_.clock().steady_now() >= deadline;
    if (report.interrupted) break;
    report.files.push_back(kept_.scan(known, input.tenant, file.path, file.content));
  }
  const auto reused = std::count_if(report.files.begin(), report.files.end(),
                                    [](const scan::FileReport& file) { return file.cached; });
  const std::size_t findings = report.open().size();
  span.set("files.count", report.files.size());
  span.set("files.reused", reused);
  span.set("findings.count", findings);
  span.end();
  count_scan(telemetry_.metrics(), report);
  const std::chrono::duration<double, std::milli> spent = telemetry_.clock().steady_now() - begun;
  telemetry_.log().write(telemetry::LogEvent::ScanFinished, span.context(),
                         {{"files", report.files.size()},
                          {"reused", reused},
                          {"findings", findings},
                          {"coverage", report.coverage()},
                          {"whole", !report.interrupted},
                          {"duration_ms", spent.count()}});
  const scan::ReportOptions options{
      .tool_version = std::string(version()),
      .min_severity = scan::severity_from(input.min_severity).value_or(scan::Severity::Low),
      .compact = true};
  return service::ScanAnswer{scan::report_json(report, options), !report.interrupted};
}

}  // namespace testgen::app
