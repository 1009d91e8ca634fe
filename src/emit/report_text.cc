#include "emit/report_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "emit/report_layout.h"
#include "emit/run_totals.h"

namespace testgen::emit {
namespace {

constexpr std::size_t kFirstFew = 5;

std::string plural(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// Statements of a reproducer, as a person would type them on one line.
std::string one_line(const std::string& statements) {
  return base::join(base::split(base::trim(statements), '\n'), "; ");
}

std::string name_of(const model::ModuleReport& report) {
  return printable(report.module_name.empty() ? report.source_path : report.module_name);
}

// A module without anything to test: an empty __init__.py is no failure.
bool is_empty(const model::ModuleReport& report) {
  return report.error && report.error->code == base::ErrorCode::NothingToDo;
}

std::string coverage_cell(const std::optional<model::Coverage>& coverage, bool branches) {
  if (!coverage) return "-";
  return branches ? percent(coverage->branches_covered, coverage->branches_total)
                  : percent(coverage->lines_covered, coverage->lines_total);
}

std::string mutation_cell(const std::optional<model::MutationScore>& mutation) {
  return mutation ? percent(mutation->killed, mutation->mutants_run) : "-";
}

std::string module_table(const RunReport& run, std::size_t width) {
  std::vector<std::vector<std::string>> rows = {
      {"module", "functions", "tests", "lines", "branches", "mutation", "time"}};
  for (const ModuleOutcome& module : run.modules) {
    const model::ModuleReport& report = module.report;
    if (is_empty(report)) continue;
    if (report.error) {
      rows.push_back({name_of(report), "-", "-", "-", "-", "-", short_time(report.elapsed)});
      continue;
    }
    rows.push_back({name_of(report),
                    fmt::format("{}/{}", report.functions_tested, report.functions_total),
                    std::to_string(report.tests_kept), coverage_cell(report.coverage, false),
                    coverage_cell(report.coverage, true), mutation_cell(report.mutation),
                    short_time(report.elapsed)});
  }
  if (rows.size() > 2) {
    const RunTotals sums = totals(run);
    rows.push_back({"total", fmt::format("{}/{}", sums.functions_tested, sums.functions_total),
                    std::to_string(sums.tests), coverage_cell(sums.coverage, false),
                    coverage_cell(sums.coverage, true), mutation_cell(sums.mutation),
                    short_time(run.elapsed)});
  }
  return table(rows, width);
}

// Where the files are, and those that could not take their usual name.
std::string files_section(const RunReport& run) {
  std::string notes;
  for (const ModuleOutcome& module : run.modules) {
    for (const WrittenFile& file : module.files) {
      if (file.outcome != WriteOutcome::Beside) continue;
      notes += fmt::format("  {}: written here because {}\n", printable(file.path.string()),
                           printable(file.note));
    }
  }
  const RunTotals sums = totals(run);
  if (sums.files == 0) return nothing_kept(run) ? "no test could be kept\n" : "";
  std::string out = fmt::format("{} in {} under {}\n", plural(sums.tests, "test"),
                                plural(sums.files, "file"), printable(run.output.string()));
  if (!run.test_command.empty()) out += fmt::format("run them: {}\n", printable(run.test_command));
  return out + notes;
}

struct Line {
  std::string subject;
  std::string text;
  bool whole = false;  // of many tests, and says what to do: not cut to the terminal's width
};

std::string section(std::string_view title, const std::vector<Line>& lines,
                    const TextOptions& options) {
  if (lines.empty()) return "";
  std::string out = fmt::format("\n{}:\n", title);
  const std::size_t shown = options.everything ? lines.size() : std::min(lines.size(), kFirstFew);
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string line = fmt::format("  {}: {}", lines[i].subject, lines[i].text);
    out += (options.everything || lines[i].whole ? line : shorten(line, options.width, Cut::End)) +
           "\n";
  }
  if (shown < lines.size()) {
    out += fmt::format("  … and {} more (--verbose shows all)\n", lines.size() - shown);
  }
  return out;
}

// Lines with one reason become one, the reason first, so that a cut takes names: "took too long:
// a.f, a.g and 14 more". What follows a colon in a reason is about one subject and goes, unless it
// is the same for all.
std::vector<Line> by_reason(const std::vector<Line>& lines) {
  constexpr std::size_t kNamed = 3;
  std::vector<std::pair<std::string, std::vector<const Line*>>> groups;
  for (const Line& line : lines) {
    const std::string reason = line.text.substr(0, line.text.find(": "));
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& known) { return known.first == reason; });
    if (group == groups.end()) group = groups.insert(groups.end(), {reason, {}});
    group->second.push_back(&line);
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  std::vector<Line> out;
  for (const auto& [reason, members] : groups) {
    if (members.size() == 1) {
      out.push_back(*members.front());
      continue;
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(members.size(), kNamed); ++i) {
      names.push_back(members[i]->subject);
    }
    std::string subjects = base::join(names, ", ");
    if (members.size() > kNamed) subjects += fmt::format(" and {} more", members.size() - kNamed);
    const std::string& text = members.front()->text;
    const bool same = std::all_of(members.begin(), members.end(),
                                  [&](const Line* line) { return line->text == text; });
    out.push_back({same ? text : reason, subjects, same && text != reason});
  }
  return out;
}

// What became of the tests of an earlier run; nothing where there was none.
std::string earlier_section(const RunReport& run, const TextOptions& options) {
  std::uint64_t standing = 0;
  std::vector<std::string> lines;
  for (const ModuleOutcome& module : run.modules) {
    standing += module.report.tests_standing;
    for (const model::RetiredTests& tests : module.report.retired) {
      const bool anew = tests.reason == model::RetiredTests::Reason::Changed;
      lines.push_back(fmt::format(
          "{}: {} of {}.{}, {}", anew ? "written anew" : "removed", plural(tests.tests, "test"),
          name_of(module.report), printable(tests.function),
          anew                                                ? "which has changed"
          : tests.reason == model::RetiredTests::Reason::Gone ? "which is gone"
                                                              : "as they do not pass any more"));
    }
  }
  std::string out;
  if (standing > 0) out += fmt::format("kept from before: {}\n", plural(standing, "test"));
  const std::size_t shown = options.everything ? lines.size() : std::min(lines.size(), kFirstFew);
  for (std::size_t i = 0; i < shown; ++i) {
    out += (options.everything ? lines[i] : shorten(lines[i], options.width, Cut::End)) + "\n";
  }
  if (shown < lines.size()) {
    out += fmt::format("… and {} more (--verbose shows all)\n", lines.size() - shown);
  }
  return out;
}

// What models were asked for and gave; nothing where none was asked.
std::string model_section(const RunReport& run) {
  std::string out;
  for (const ModuleOutcome& module : run.modules) {
    if (!module.report.model_use || module.report.model_use->provider.empty()) continue;
    const model::ModelUse& use = *module.report.model_use;
    out += fmt::format("{}: {}:{} proposed {}, of which {} stay; {} tokens, {}\n",
                       name_of(module.report), printable(use.provider), printable(use.model),
                       plural(use.proposed, "test"), use.kept, use.tokens,
                       use.dollars ? fmt::format("${:.4f}", *use.dollars) : "price unknown");
  }
  return out;
}

std::string target_section(const RunReport& run) {
  std::string out;
  for (const Target& target : run.targets) {
    if (!target.met()) out += fmt::format("  {}\n", describe(target));
  }
  return out.empty() ? out : "\ntargets missed:\n" + out;
}

}  // namespace

std::string percent(std::uint32_t covered, std::uint32_t total) {
  if (total == 0) return "-";
  return fmt::format("{}%", std::uint64_t{covered} * 100 / total);
}

std::string short_time(std::chrono::milliseconds time) {
  const double seconds = static_cast<double>(time.count()) / 1000.0;
  if (seconds < 9.95) return fmt::format("{:.1f}s", seconds);
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 60) return fmt::format("{}s", whole);
  return fmt::format("{}m{:02}s", whole / 60, whole % 60);
}

std::string report_text(const RunReport& run, const TextOptions& options) {
  std::vector<Line> failures;
  std::vector<Line> empty;
  std::vector<Line> omissions;
  std::vector<Line> suspicions;
  for (const ModuleOutcome& module : run.modules) {
    const std::string name = name_of(module.report);
    if (is_empty(module.report)) {
      empty.push_back({printable(module.report.source_path), "nothing to test in it"});
    } else if (module.report.error) {
      failures.push_back(
          {printable(module.report.source_path), printable(base::describe(*module.report.error))});
    }
    for (const base::Error& error : module.write_errors) {
      failures.push_back({name, printable(base::describe(error))});
    }
    for (const model::Omission& omission : module.report.omissions) {
      omissions.push_back({name + "." + printable(omission.subject), printable(omission.reason)});
    }
    for (const model::Suspicion& suspicion : module.report.suspicions) {
      suspicions.push_back({name + "." + printable(suspicion.function),
                            fmt::format("{} from {}", printable(suspicion.exception),
                                        printable(one_line(suspicion.reproducer)))});
    }
  }
  TextOptions all = options;
  all.everything = true;  // a failure is never hidden
  std::string out = module_table(run, options.width);
  if (const std::string files = files_section(run); !files.empty()) out += "\n" + files;
  out += earlier_section(run, options);
  out += model_section(run);
  out += section("could not be done", failures, all);
  out += section("skipped", empty, options);
  out += section("left out", options.everything ? omissions : by_reason(omissions), options);
  out += section("suspicious, so not made into tests", suspicions, options);
  out += target_section(run);
  if (run.interrupted) out += "\ninterrupted: what was verified until then was kept\n";
  return out;
}

}  // namespace testgen::emit
