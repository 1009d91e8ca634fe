#include <nlohmann/json.hpp>

#include "scan/report/report.h"

namespace testgen::scan {
namespace {

using Json = nlohmann::ordered_json;

Json place_json(const Place& place) {
  return {{"line", place.line},
          {"column", place.column},
          {"end_line", place.end_line},
          {"end_column", place.end_column}};
}

Json finding_json(const Finding& finding) {
  Json out = {{"id", finding.id()},
              {"rule", finding.rule},
              {"title", finding.title},
              {"message", finding.message},
              {"severity", to_string(finding.severity)},
              {"confidence", to_string(finding.confidence)},
              {"cwe", finding.cwe},
              {"related_cwes", finding.related_cwes},
              {"owasp", finding.owasp},
              {"file", finding.file},
              {"place", place_json(finding.place)},
              {"code", finding.code},
              {"symbol", finding.symbol},
              {"fix", finding.fix},
              {"fingerprint", finding.fingerprint}};
  Json flow = Json::array();
  for (const FlowStep& step : finding.flow) {
    flow.push_back({{"place", place_json(step.place)}, {"what", step.what}, {"code", step.code}});
  }
  out["flow"] = std::move(flow);
  if (!finding.edits.empty()) {
    Json edits = Json::array();
    for (const Edit& edit : finding.edits) {
      edits.push_back({{"place", place_json(edit.place)}, {"text", edit.text}});
    }
    out["edits"] = std::move(edits);
    out["fixed_code"] = finding.fixed_code;
  }
  if (!finding.suppressed.empty()) out["suppressed"] = finding.suppressed;
  if (!finding.test.empty()) out["test"] = finding.test;
  if (!finding.not_reproduced.empty()) out["not_reproduced"] = finding.not_reproduced;
  return out;
}

}  // namespace

std::string report_json(const Report& report, const ReportOptions& options) {
  Json findings = Json::array();
  Json files = Json::array();
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  for (const FileReport& file : report.files) {
    bytes += file.bytes;
    lines += file.lines;
    for (const Finding& finding : file.findings) {
      if (finding.severity >= options.min_severity) findings.push_back(finding_json(finding));
    }
    if (!file.error && file.notes.empty() && file.broken_bytes == 0) continue;
    Json entry = {{"file", file.file}, {"notes", file.notes}};
    if (file.broken_bytes > 0) entry["broken_bytes"] = file.broken_bytes;
    if (file.error) {
      entry["error"] = {{"code", base::to_string(file.error->code)},
                        {"message", file.error->message}};
    }
    files.push_back(std::move(entry));
  }
  Json counts = Json::object();
  const auto by_severity = report.by_severity();
  for (std::size_t i = by_severity.size(); i-- > 0;) {
    counts[std::string(to_string(static_cast<Severity>(i)))] = by_severity[i];
  }
  Json out = {{"schema", 1},
              {"tool", {{"name", "testgen"}, {"version", options.tool_version}}},
              {"rules", {{"count", report.rules}, {"version", report.rules_version}}},
              {"summary",
               {{"files", report.files.size()},
                {"bytes", bytes},
                {"lines", lines},
                {"coverage", report.coverage()},
                {"findings", counts}}},
              {"interrupted", report.interrupted}};
  out["findings"] = std::move(findings);
  out["files"] = std::move(files);
  return out.dump(options.compact ? -1 : 2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace testgen::scan
