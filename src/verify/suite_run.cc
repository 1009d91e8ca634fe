#include "verify/suite_run.h"

#include <nlohmann/json.hpp>

#include "base/file_system.h"
#include "verify/coverage_report.h"
#include "verify/suite_run_source.h"

namespace testgen::verify {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uint64_t kMaxReport = 32U << 20U;
constexpr std::size_t kMostTests = 100'000;

std::string tail(const std::string& text, std::size_t size) {
  return text.size() > size ? text.substr(text.size() - size) : text;
}

void read_outcomes(const json& document, SuiteResult& out) {
  if (const auto found = document.find("outcomes"); found != document.end() && found->is_object()) {
    for (const auto& [name, outcome] : found->items()) {
      if (outcome.is_string() && out.outcomes.size() < kMostTests) {
        out.outcomes[name] = outcome.get<std::string>();
      }
    }
  }
  const auto problems = document.find("problems");
  if (problems == document.end() || !problems->is_array()) return;
  for (const json& item : *problems) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_string() || !item[1].is_string()) {
      continue;
    }
    const auto name = item[0].get<std::string>();
    const std::string text = tail(item[1].get<std::string>(), 600);
    if (name.empty()) {
      if (out.problem.empty()) out.problem = text;
    } else if (out.outcomes.contains(name)) {
      out.failures.emplace(name, text);
    }
  }
}

}  // namespace

std::vector<std::string> project_environment(const ProjectPlace& project) {
  return {"PATH=/usr/bin:/bin",
          "HOME=/tmp",
          "LANG=C.UTF-8",
          "LC_ALL=C.UTF-8",
          "TZ=UTC",
          "PYTHONHASHSEED=1",
          "PYTHONDONTWRITEBYTECODE=1",
          "PYTHONPATH=" + project.import_root.string() + ":" + project.root.string()};
}

base::Result<SuiteResult> run_suite(sandbox::Sandbox& sandbox, const SuiteRequest& request,
                                    const std::stop_token& stop) {
  const fs::path results = request.folder / "suite_results.json";
  const fs::path coverage = request.folder / "suite_coverage.json";
  std::error_code ignored;
  fs::remove(results, ignored);
  fs::remove(coverage, ignored);
  sandbox::Request run;
  run.argv = {request.interpreter,
              "-s",
              "-c",
              std::string(kSuiteRunSource),
              request.project.root.string(),
              request.source.string(),
              results.string(),
              coverage.string()};
  for (const fs::path& file : request.test_files) run.argv.push_back(file.string());
  run.environment = project_environment(request.project);
  run.read_only = request.read_only;
  run.writable = {request.folder};
  run.working_directory = request.project.root.string();
  run.limits.wall = request.deadline;
  TG_ASSIGN(const model::RunResult ended, sandbox.run(run, stop));

  SuiteResult out;
  const auto text = base::read_file(results, kMaxReport);
  const json document = text ? json::parse(*text, nullptr, false) : json();
  if (!document.is_object()) {
    out.problem =
        "the tests did not run to the end: " + std::string(model::to_string(ended.outcome)) + " " +
        tail(ended.standard_error, 600);
    return out;
  }
  read_outcomes(document, out);
  if (const auto report = base::read_file(coverage, kMaxReport)) {
    out.coverage = read_coverage(*report);
  }
  return out;
}

}  // namespace testgen::verify
