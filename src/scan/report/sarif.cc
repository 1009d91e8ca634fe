#include <map>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "scan/baseline/baseline.h"
#include "scan/report/report.h"

namespace testgen::scan {
namespace {

using Json = nlohmann::ordered_json;

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::Critical:
    case Severity::High:
      return "error";
    case Severity::Medium:
      return "warning";
    default:
      return "note";
  }
}

// What code hosts sort by: CVSS-like, from 0 to 10.
std::string_view security_severity(Severity severity) {
  switch (severity) {
    case Severity::Critical:
      return "9.5";
    case Severity::High:
      return "8.0";
    case Severity::Medium:
      return "5.5";
    case Severity::Low:
      return "3.0";
    case Severity::Info:
      return "1.0";
  }
  return "1.0";
}

// A relative reference: everything that is not plain is escaped.
std::string uri(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  while (path.starts_with("./")) path.remove_prefix(2);
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/-_.~+@").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return path.starts_with('/') ? "file://" + out : out;
}

Json region(const Place& place) {
  return {{"startLine", place.line},
          {"startColumn", place.column},
          {"endLine", place.end_line},
          {"endColumn", place.end_column}};
}

Json location(const std::string& file, const Place& place) {
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", uri(file)}}}, {"region", region(place)}}}};
}

Json fix_json(const Finding& finding) {
  Json replacements = Json::array();
  for (const Edit& edit : finding.edits) {
    replacements.push_back(
        {{"deletedRegion", region(edit.place)}, {"insertedContent", {{"text", edit.text}}}});
  }
  return {{"description", {{"text", finding.fix}}},
          {"artifactChanges", Json::array({{{"artifactLocation", {{"uri", uri(finding.file)}}},
                                            {"replacements", replacements}}})}};
}

Json rule_json(const Rule& rule) {
  Json tags = {"security", "external/cwe/cwe-" + std::to_string(rule.cwe)};
  if (!rule.owasp.empty()) tags.push_back("OWASP-" + rule.owasp);
  Json out = {{"id", rule.id},
              {"name", rule.id},
              {"shortDescription", {{"text", rule.title}}},
              {"fullDescription", {{"text", base::replace_all(rule.message, "{source}", "input")}}},
              {"defaultConfiguration", {{"level", level(rule.severity)}}},
              {"properties",
               {{"tags", tags},
                {"precision", rule.confidence == Confidence::High     ? "high"
                              : rule.confidence == Confidence::Medium ? "medium"
                                                                      : "low"},
                {"security-severity", security_severity(rule.severity)}}}};
  if (!rule.fix.empty()) out["help"] = {{"text", rule.fix}};
  return out;
}

// Said in the baseline, and not in the source.
bool is_external(std::string_view suppressed) {
  return suppressed == kInBaseline || suppressed.starts_with(kFalseAlarm);
}

Json result_json(const Finding& finding, std::size_t index) {
  Json out = {{"ruleId", finding.rule},
              {"ruleIndex", index},
              {"level", level(finding.severity)},
              {"message", {{"text", finding.message}}},
              {"locations", Json::array({location(finding.file, finding.place)})},
              {"partialFingerprints", {{"testgenFinding/v1", finding.fingerprint}}},
              {"properties",
               {{"confidence", to_string(finding.confidence)},
                {"security-severity", security_severity(finding.severity)}}}};
  if (finding.flow.size() > 1) {
    Json steps = Json::array();
    for (const FlowStep& step : finding.flow) {
      Json at = location(finding.file, step.place);
      at["message"] = {{"text", step.what}};
      steps.push_back({{"location", at}});
    }
    out["codeFlows"] = Json::array({{{"threadFlows", Json::array({{{"locations", steps}}})}}});
  }
  if (!finding.test.empty()) out["properties"]["reproducingTest"] = finding.test;
  if (!finding.not_reproduced.empty()) {
    out["properties"]["notReproduced"] = finding.not_reproduced;
  }
  if (!finding.edits.empty()) out["fixes"] = Json::array({fix_json(finding)});
  if (!finding.suppressed.empty()) {
    out["suppressions"] =
        Json::array({{{"kind", is_external(finding.suppressed) ? "external" : "inSource"},
                      {"justification", finding.suppressed}}});
  }
  return out;
}

}  // namespace

std::string report_sarif(const Report& report, const std::vector<Rule>& rules,
                         const ReportOptions& options) {
  std::map<std::string, std::size_t> index;
  Json used = Json::array();
  Json results = Json::array();
  for (const FileReport& file : report.files) {
    for (const Finding& finding : file.findings) {
      if (finding.severity < options.min_severity) continue;
      const auto [entry, added] = index.try_emplace(finding.rule, index.size());
      if (added) {
        for (const Rule& rule : rules) {
          if (rule.id == finding.rule) used.push_back(rule_json(rule));
        }
      }
      results.push_back(result_json(finding, entry->second));
    }
  }
  Json notes = Json::array();
  for (const FileReport& file : report.files) {
    if (file.error) {
      notes.push_back(
          {{"level", "warning"},
           {"message", {{"text", "not scanned: " + file.error->message}}},
           {"locations", Json::array({{{"physicalLocation",
                                        {{"artifactLocation", {{"uri", uri(file.file)}}}}}}})}});
    }
  }
  Json invocation = {{"executionSuccessful", !report.interrupted}};
  if (!notes.empty()) invocation["toolExecutionNotifications"] = notes;
  const Json out = {
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs",
       Json::array(
           {{{"tool",
              {{"driver",
                {{"name", "testgen"}, {"version", options.tool_version}, {"rules", used}}}}},
             {"columnKind", "unicodeCodePoints"},
             {"invocations", Json::array({invocation})},
             {"results", results}}})}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace testgen::scan
