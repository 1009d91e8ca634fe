#include <fmt/format.h>

#include "base/strings.h"
#include "base/wrap_text.h"
#include "emit/report_layout.h"
#include "scan/report/report.h"

namespace testgen::scan {
namespace {

using emit::printable;

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  return std::string(indent, ' ') + base::wrap_text(text, indent, width) + "\n";
}

std::string code_line(std::uint32_t line, std::string_view code, std::size_t width) {
  return fmt::format("    {:>5} | {}\n", line,
                     emit::shorten(printable(code), width - 13, emit::Cut::End));
}

std::string describe(const Finding& finding, std::size_t width) {
  std::string out =
      fmt::format("\n  {}: {}  [{}, CWE-{}, {} confidence]\n", to_string(finding.severity),
                  printable(finding.title), printable(finding.rule), finding.cwe,
                  to_string(finding.confidence));
  out += code_line(finding.place.line, finding.code, width);
  out += wrapped(printable(finding.message), 4, width);
  if (finding.flow.size() > 1) {
    for (const FlowStep& step : finding.flow) {
      out += fmt::format("      {:>5}  {}\n", step.place.line,
                         emit::shorten(printable(step.what), width - 14, emit::Cut::End));
    }
  }
  if (!finding.fix.empty()) out += wrapped("Fix: " + printable(finding.fix), 4, width);
  if (!finding.test.empty()) {
    out += wrapped("Reproduced by " + printable(finding.test), 4, width);
  } else if (!finding.not_reproduced.empty()) {
    out += wrapped("Not reproduced: " + printable(finding.not_reproduced), 4, width);
  }
  if (!finding.edits.empty()) {
    out += "    With --fix:\n";
    out += code_line(finding.edits.front().place.line, finding.fixed_code, width);
  }
  return out;
}

std::string count(std::size_t number, std::string_view thing) {
  return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

}  // namespace

std::string report_text(const Report& report, const ReportOptions& options) {
  std::string out;
  std::size_t below = 0;
  std::size_t suppressed = 0;
  std::size_t fixable = 0;
  std::size_t failed = 0;
  for (const FileReport& file : report.files) {
    std::string body;
    for (const Finding& finding : file.findings) {
      if (!finding.suppressed.empty()) {
        ++suppressed;
        if (options.everything) {
          body += fmt::format("\n  ignored: {} at line {}: {}\n", printable(finding.rule),
                              finding.place.line, printable(finding.suppressed));
        }
        continue;
      }
      if (finding.severity < options.min_severity) {
        ++below;
        continue;
      }
      body += describe(finding, options.width);
      if (!finding.edits.empty()) ++fixable;
    }
    if (file.error) {
      ++failed;
      body += fmt::format("\n  not scanned: {}\n", printable(base::describe(*file.error)));
    }
    for (const std::string& note : file.notes)
      body += fmt::format("\n  note: {}\n", printable(note));
    if (body.empty()) continue;
    out += fmt::format("{}{}\n{}", out.empty() ? "" : "\n", printable(file.file), body);
  }
  if (!out.empty()) out += "\n";
  const auto counts = report.by_severity();
  std::string severities;
  for (std::size_t i = counts.size(); i-- > 0;) {
    if (counts[i] == 0) continue;
    severities += fmt::format("{}{} {}", severities.empty() ? "" : ", ", counts[i],
                              to_string(static_cast<Severity>(i)));
  }
  std::size_t lines = 0;
  for (const FileReport& file : report.files) lines += file.lines;
  out += fmt::format("{} in {}, {} ({} rules): {}\n", count(report.open().size(), "finding"),
                     count(report.files.size(), "file"), count(lines, "line"), report.rules,
                     severities.empty() ? "none" : severities);
  std::vector<std::string> more;
  if (fixable > 0) more.push_back(fmt::format("{} that --fix mends", fixable));
  if (below > 0) {
    more.push_back(fmt::format("{} below {} not shown", below, to_string(options.min_severity)));
  }
  if (suppressed > 0) more.push_back(fmt::format("{} ignored for a reason", suppressed));
  if (failed > 0) more.push_back(fmt::format("{} could not be scanned", count(failed, "file")));
  if (report.coverage() < 0.9995) {
    more.push_back(
        fmt::format("{:.1f} % of the bytes are code that could be read", 100 * report.coverage()));
  }
  if (!more.empty()) out += "  " + base::join(more, "; ") + "\n";
  if (report.interrupted) out += "  stopped before the end\n";
  return out;
}

}  // namespace testgen::scan
