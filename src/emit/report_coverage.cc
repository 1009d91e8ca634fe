#include "emit/report_coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "emit/run_totals.h"
#include "emit/xml.h"

namespace testgen::emit {
namespace {

using model::BranchOutcome;
using model::Coverage;

// One line of a file: whether it ran, and the ways on from it.
struct Line {
  bool covered = false;
  std::vector<BranchOutcome> branches;
};

std::map<std::uint32_t, Line> lines_of(const Coverage& coverage) {
  std::map<std::uint32_t, Line> out;
  for (const std::uint32_t line : coverage.covered_lines) out[line].covered = true;
  for (const std::uint32_t line : coverage.missed_lines) out[line].covered = false;
  for (const BranchOutcome& branch : coverage.branches) {
    // A line the tool does not count as a statement has no branches either.
    if (const auto found = out.find(branch.line); found != out.end()) {
      found->second.branches.push_back(branch);
    }
  }
  return out;
}

// Modules with lines to show, in the order of the run.
std::vector<const model::ModuleReport*> measured(const RunReport& run) {
  std::vector<const model::ModuleReport*> out;
  for (const ModuleOutcome& module : run.modules) {
    const auto& coverage = module.report.coverage;
    if (!coverage || (coverage->covered_lines.empty() && coverage->missed_lines.empty())) continue;
    out.push_back(&module.report);
  }
  return out;
}

std::string lcov_of(const model::ModuleReport& report) {
  const auto lines = lines_of(*report.coverage);
  std::string path = report.source_path;
  std::replace(path.begin(), path.end(), '\n', '?');  // a record is a line
  std::string out = fmt::format("TN:\nSF:{}\n", path);
  std::size_t covered = 0;
  std::size_t branches = 0;
  std::size_t taken = 0;
  std::string branch_records;
  for (const auto& [number, line] : lines) {
    out += fmt::format("DA:{},{}\n", number, line.covered ? 1 : 0);
    covered += line.covered ? 1 : 0;
    for (std::size_t i = 0; i < line.branches.size(); ++i) {
      // A dash: the line never ran, so there was nothing to take.
      const std::string_view hits = !line.covered ? "-" : line.branches[i].taken ? "1" : "0";
      branch_records += fmt::format("BRDA:{},0,{},{}\n", number, i, hits);
      ++branches;
      taken += line.covered && line.branches[i].taken ? 1 : 0;
    }
  }
  out += fmt::format("LF:{}\nLH:{}\n", lines.size(), covered) + branch_records;
  if (branches > 0) out += fmt::format("BRF:{}\nBRH:{}\n", branches, taken);
  return out + "end_of_record\n";
}

std::string rate(double ratio) {
  return fmt::format("{:.4f}", ratio);
}

std::string line_element(std::uint32_t number, const Line& line) {
  std::vector<std::pair<std::string_view, std::string>> attributes = {
      {"number", std::to_string(number)}, {"hits", line.covered ? "1" : "0"}};
  if (!line.branches.empty()) {
    const auto taken = std::count_if(line.branches.begin(), line.branches.end(),
                                     [](const BranchOutcome& branch) { return branch.taken; });
    const auto total = static_cast<std::ptrdiff_t>(line.branches.size());
    attributes.emplace_back("branch", "true");
    attributes.emplace_back("condition-coverage",
                            fmt::format("{}% ({}/{})", taken * 100 / total, taken, total));
  }
  return "            " + xml_tag("line", attributes, "/>") + "\n";
}

std::string class_element(const model::ModuleReport& report) {
  const Coverage& coverage = *report.coverage;
  std::string out = "        " +
                    xml_tag("class",
                            {{"name", report.module_name},
                             {"filename", report.source_path},
                             {"line-rate", rate(coverage.line_ratio())},
                             {"branch-rate", rate(coverage.branch_ratio())},
                             {"complexity", "0"}},
                            ">") +
                    "\n          <methods/>\n          <lines>\n";
  for (const auto& [number, line] : lines_of(coverage)) out += line_element(number, line);
  return out + "          </lines>\n        </class>\n";
}

// The package a module is in: "shop" for shop.cart, "." at the top.
std::string package_of(const model::ModuleReport& report) {
  const std::size_t dot = report.module_name.rfind('.');
  return dot == std::string::npos ? "." : report.module_name.substr(0, dot);
}

std::string package_element(const std::string& name,
                            const std::vector<const model::ModuleReport*>& reports) {
  RunReport part;
  for (const model::ModuleReport* report : reports) part.modules.push_back({*report, {}, {}});
  const Coverage sum = totals(part).coverage.value_or(Coverage{});
  std::string out = "    " +
                    xml_tag("package",
                            {{"name", name},
                             {"line-rate", rate(sum.line_ratio())},
                             {"branch-rate", rate(sum.branch_ratio())},
                             {"complexity", "0"}},
                            ">") +
                    "\n      <classes>\n";
  for (const model::ModuleReport* report : reports) out += class_element(*report);
  return out + "      </classes>\n    </package>\n";
}

}  // namespace

std::string report_lcov(const RunReport& run) {
  std::string out;
  for (const model::ModuleReport* report : measured(run)) out += lcov_of(*report);
  return out;
}

std::string report_cobertura(const RunReport& run, std::chrono::system_clock::time_point made) {
  std::map<std::string, std::vector<const model::ModuleReport*>> packages;
  for (const model::ModuleReport* report : measured(run)) {
    packages[package_of(*report)].push_back(report);
  }
  const Coverage sum = totals(run).coverage.value_or(Coverage{});
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(made.time_since_epoch()).count();
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
                    xml_tag("coverage",
                            {{"version", "testgen " + run.tool_version},
                             {"timestamp", std::to_string(milliseconds)},
                             {"lines-valid", std::to_string(sum.lines_total)},
                             {"lines-covered", std::to_string(sum.lines_covered)},
                             {"line-rate", rate(sum.line_ratio())},
                             {"branches-valid", std::to_string(sum.branches_total)},
                             {"branches-covered", std::to_string(sum.branches_covered)},
                             {"branch-rate", rate(sum.branch_ratio())},
                             {"complexity", "0"}},
                            ">") +
                    "\n  <sources>\n    <source>.</source>\n  </sources>\n  <packages>\n";
  for (const auto& [name, reports] : packages) out += package_element(name, reports);
  return out + "  </packages>\n</coverage>\n";
}

}  // namespace testgen::emit
