#include <fmt/format.h>

#include "emit/xml.h"
#include "scan/report/report.h"

namespace testgen::scan {

std::string report_junit(const Report& report, const ReportOptions& options) {
  std::string cases;
  std::size_t failures = 0;
  std::size_t errors = 0;
  for (const FileReport& file : report.files) {
    std::string body;
    for (const Finding& finding : file.findings) {
      if (!finding.suppressed.empty() || finding.severity < options.min_severity) continue;
      ++failures;
      body += "      " +
              emit::xml_tag(
                  "failure",
                  {{"type", finding.rule},
                   {"message", fmt::format("{}: {}", to_string(finding.severity), finding.title)}},
                  ">") +
              emit::xml_escape(fmt::format("{}:{}: {}\n{}\n{}", finding.file, finding.place.line,
                                           finding.message, finding.code, finding.fix)) +
              "</failure>\n";
    }
    if (file.error) {
      ++errors;
      body += "      " + emit::xml_tag("error", {{"message", file.error->message}}, "/>") + "\n";
    }
    const std::vector<std::pair<std::string_view, std::string>> attributes{
        {"classname", "testgen.scan"}, {"name", file.file}};
    cases += "    " + emit::xml_tag("testcase", attributes, body.empty() ? "/>" : ">") + "\n";
    if (!body.empty()) cases += body + "    </testcase>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  " +
         emit::xml_tag("testsuite",
                       {{"name", "testgen scan"},
                        {"tests", std::to_string(report.files.size())},
                        {"failures", std::to_string(failures)},
                        {"errors", std::to_string(errors)}},
                       ">") +
         "\n" + cases + "  </testsuite>\n</testsuites>\n";
}

}  // namespace testgen::scan
