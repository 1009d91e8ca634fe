#include "emit/analysis_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "emit/report_json.h"
#include "emit/report_layout.h"
#include "emit/run_totals.h"

namespace testgen::emit {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kFirstFew = 10;
constexpr int kAnalysisSchemaVersion = 1;

std::string name_of(const model::ModuleReport& report) {
  return printable(report.module_name.empty() ? report.source_path : report.module_name);
}

std::string share(std::optional<std::pair<std::uint32_t, std::uint32_t>> part) {
  return part ? percent(part->first, part->second) : "-";
}

std::vector<std::string> row(std::string name, const std::optional<model::Coverage>& coverage,
                             const std::optional<model::MutationScore>& mutation,
                             std::string functions, std::uint64_t tests,
                             std::optional<double> quality, std::chrono::milliseconds time) {
  using Part = std::optional<std::pair<std::uint32_t, std::uint32_t>>;
  const auto lines =
      coverage ? Part({coverage->lines_covered, coverage->lines_total}) : std::nullopt;
  const auto branches =
      coverage ? Part({coverage->branches_covered, coverage->branches_total}) : std::nullopt;
  const auto killed = mutation ? Part({mutation->killed, mutation->mutants_run}) : std::nullopt;
  return {std::move(name),
          std::move(functions),
          std::to_string(tests),
          share(lines),
          share(branches),
          share(killed),
          quality ? fmt::format("{:.2f}", *quality) : "-",
          short_time(time)};
}

void add_section(std::string& out, std::string_view title, const std::vector<std::string>& lines,
                 const TextOptions& options) {
  if (lines.empty()) return;
  out += fmt::format("\n{}:\n", title);
  const std::size_t shown = options.everything ? lines.size() : std::min(lines.size(), kFirstFew);
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string line = "  " + printable(lines[i]);
    out += (options.everything ? line : shorten(line, options.width, Cut::End)) + "\n";
  }
  if (shown < lines.size()) {
    out += fmt::format("  … and {} more (--verbose shows all)\n", lines.size() - shown);
  }
}

// Each once, in the order they come first.
class Names {
 public:
  void add(std::string name) {
    if (seen_.insert(name).second) names_.push_back(std::move(name));
  }
  void add(const std::vector<std::string>& names) {
    for (const std::string& name : names) add(name);
  }
  [[nodiscard]] const std::vector<std::string>& all() const { return names_; }

 private:
  std::set<std::string> seen_;
  std::vector<std::string> names_;
};

std::uint64_t distinct_tests(const AnalysisReport& report) {
  Names names;
  for (const model::TestRemarks& remarks : report.remarks) names.add(remarks.passing);
  return names.all().size();
}

bool is_empty(const model::ModuleReport& report) {
  return report.error && report.error->code == base::ErrorCode::NothingToDo;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::string module_table(const AnalysisReport& report, std::size_t width) {
  std::vector<std::vector<std::string>> rows = {
      {"module", "functions", "tests", "lines", "branches", "mutation", "quality", "time"}};
  for (const ModuleOutcome& module : report.run.modules) {
    const model::ModuleReport& one = module.report;
    if (is_empty(one)) continue;
    if (one.error) {
      rows.push_back({name_of(one), "-", "-", "-", "-", "-", "-", short_time(one.elapsed)});
      continue;
    }
    rows.push_back(row(name_of(one), one.coverage, one.mutation,
                       fmt::format("{}/{}", one.functions_tested, one.functions_total),
                       one.tests_kept, one.quality, one.elapsed));
  }
  if (rows.size() > 2) {
    const RunTotals sums = totals(report.run);
    rows.push_back(row("total", sums.coverage, sums.mutation,
                       fmt::format("{}/{}", sums.functions_tested, sums.functions_total),
                       distinct_tests(report), sums.quality, report.run.elapsed));
  }
  return table(rows, width);
}

Json test_list(const std::vector<std::string>& tests) {
  Json out = Json::array();
  for (const std::string& test : tests) out.push_back(test);
  return out;
}

// The module as `generate` reports it, less what only generating has.
Json module_of(const model::ModuleReport& report, const model::TestRemarks& remarks) {
  Json whole = Json::parse(module_json(report));
  Json out;
  for (const char* member : {"source_path", "module_name", "interpreter", "functions_total",
                             "functions_tested", "coverage", "mutation", "quality"}) {
    out[member] = std::move(whole[member]);
  }
  out["tests_passing"] = report.tests_kept;
  out["test_files"] = test_list(remarks.test_files);
  out["failing"] = Json::array();
  for (const model::FailingTest& test : remarks.failing) {
    out["failing"].push_back({{"test", test.test}, {"reason", test.reason}});
  }
  out["without_assertions"] = test_list(remarks.without_assertions);
  out["killing_nothing"] = remarks.killing_nothing ? test_list(*remarks.killing_nothing) : Json();
  out["problems"] = std::move(whole["omissions"]);
  out["error"] = std::move(whole["error"]);
  out["elapsed_seconds"] = std::move(whole["elapsed_seconds"]);
  return out;
}

}  // namespace

std::vector<std::string> idle_tests(const AnalysisReport& report) {
  Names idle;
  std::set<std::string> busy;  // or not known to be idle
  for (const model::TestRemarks& remarks : report.remarks) {
    std::set<std::string> here;
    if (remarks.killing_nothing) {
      here.insert(remarks.killing_nothing->begin(), remarks.killing_nothing->end());
    }
    for (const std::string& test : remarks.passing) {
      if (here.contains(test)) {
        idle.add(test);
      } else {
        busy.insert(test);
      }
    }
  }
  std::vector<std::string> out = idle.all();
  std::erase_if(out, [&](const std::string& test) { return busy.contains(test); });
  return out;
}

std::string analysis_text(const AnalysisReport& report, const TextOptions& options) {
  Names failures;
  Names empty;
  Names untested;
  Names failing;
  Names problems;
  Names survivors;
  Names without;
  for (std::size_t i = 0; i < report.run.modules.size(); ++i) {
    const model::ModuleReport& module = report.run.modules[i].report;
    const model::TestRemarks& remarks = report.remarks[i];
    if (is_empty(module)) {
      empty.add(module.source_path);
      continue;
    }
    if (module.error) {
      failures.add(module.source_path + ": " + base::describe(*module.error));
      continue;
    }
    if (remarks.test_files.empty()) untested.add(module.source_path);
    for (const model::FailingTest& test : remarks.failing) {
      failing.add(test.test + ": " + first_line(test.reason));
    }
    for (const model::Omission& problem : module.omissions) {
      problems.add(name_of(module) + ": " + problem.subject + ": " + problem.reason);
    }
    if (module.mutation) {
      for (const std::string& survivor : module.mutation->survivors) {
        survivors.add(module.source_path + " " + survivor);
      }
    }
    without.add(remarks.without_assertions);
  }
  TextOptions all = options;
  all.everything = true;  // a failure is never hidden
  std::string out = module_table(report, options.width);
  add_section(out, "could not be judged", failures.all(), all);
  add_section(out, "nothing to test in", empty.all(), options);
  add_section(out, "no test imports", untested.all(), options);
  add_section(out, "failing, so left out of the figures", failing.all(), options);
  add_section(out, "problems", problems.all(), all);
  add_section(out, "changes that no test notices", survivors.all(), options);
  add_section(out, "tests without an assertion", without.all(), options);
  add_section(out, "tests that notice no change", idle_tests(report), options);
  std::vector<std::string> missed;
  for (const Target& target : report.run.targets) {
    if (!target.met()) missed.push_back(describe(target));
  }
  add_section(out, "targets missed", missed, all);
  if (report.run.interrupted) out += "\ninterrupted: modules that were not judged are left out\n";
  return out;
}

std::string analysis_json(const AnalysisReport& report) {
  const auto seconds = std::chrono::duration<double>(report.run.elapsed).count();
  const RunTotals sums = totals(report.run);
  Json out = {{"schema_version", kAnalysisSchemaVersion},
              {"tool", {{"name", "testgen"}, {"version", report.run.tool_version}}},
              {"tests", report.tests},
              {"seed", report.run.seed},
              {"elapsed_seconds", seconds},
              {"interrupted", report.run.interrupted},
              {"sandbox", report.run.sandbox}};
  Json summary = {{"modules", report.run.modules.size()},
                  {"tests_passing", distinct_tests(report)}};
  summary["line_ratio"] = sums.coverage ? Json(sums.coverage->line_ratio()) : Json();
  summary["branch_ratio"] = sums.coverage ? Json(sums.coverage->branch_ratio()) : Json();
  summary["mutation_ratio"] = sums.mutation ? Json(sums.mutation->ratio()) : Json();
  summary["quality"] = sums.quality ? Json(*sums.quality) : Json();
  out["summary"] = std::move(summary);
  out["idle_tests"] = test_list(idle_tests(report));
  out["targets"] = Json::array();
  for (const Target& target : report.run.targets) {
    Json one = {{"name", target.name}, {"wanted_percent", target.wanted}, {"met", target.met()}};
    one["reached_percent"] = target.reached ? Json(*target.reached) : Json();
    out["targets"].push_back(std::move(one));
  }
  out["modules"] = Json::array();
  for (std::size_t i = 0; i < report.run.modules.size(); ++i) {
    out["modules"].push_back(module_of(report.run.modules[i].report, report.remarks[i]));
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace testgen::emit
