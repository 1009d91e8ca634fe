#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "scan/report/report.h"

namespace testgen::scan {
namespace {

using Json = nlohmann::ordered_json;

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::Critical:
      return "Critical";
    case Severity::High:
      return "High";
    case Severity::Medium:
      return "Medium";
    case Severity::Low:
      return "Low";
    case Severity::Info:
      return "Info";
  }
  return "Unknown";
}

}  // namespace

std::string report_gitlab(const Report& report, const ReportOptions& options) {
  Json found = Json::array();
  for (const FileReport& file : report.files) {
    for (const Finding& finding : file.findings) {
      if (!finding.suppressed.empty() || finding.severity < options.min_severity) continue;
      found.push_back(
          {{"id", finding.fingerprint},
           {"category", "sast"},
           {"name", finding.title},
           {"description", finding.message},
           {"severity", severity_name(finding.severity)},
           {"solution", finding.fix},
           {"scanner", {{"id", "testgen"}, {"name", "testgen"}}},
           {"location",
            {{"file", finding.file},
             {"start_line", finding.place.line},
             {"end_line", finding.place.end_line}}},
           {"identifiers",
            Json::array(
                {{{"type", "testgen_rule"}, {"name", finding.rule}, {"value", finding.rule}},
                 {{"type", "cwe"},
                  {"name", fmt::format("CWE-{}", finding.cwe)},
                  {"value", std::to_string(finding.cwe)},
                  {"url", fmt::format("https://cwe.mitre.org/data/definitions/{}.html",
                                      finding.cwe)}}})}});
    }
  }
  const Json vendor = {{"id", "testgen"},
                       {"name", "testgen"},
                       {"version", options.tool_version},
                       {"vendor", {{"name", "TestGen-Copilot"}}}};
  const Json out = {{"version", "15.0.7"},
                    {"scan",
                     {{"type", "sast"},
                      {"status", report.interrupted ? "failure" : "success"},
                      {"scanner", vendor},
                      {"analyzer", vendor}}},
                    {"vulnerabilities", found}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace testgen::scan
