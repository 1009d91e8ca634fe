#include "verify/pytest_run.h"

#include <nlohmann/json.hpp>

#include "base/file_system.h"
#include "base/strings.h"
#include "verify/coverage_report.h"
#include "verify/verify_run_source.h"

namespace testgen::verify {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxReport = 16U << 20U;

// The last line is the report of a run that finished; before it, a line for each test begun.
json read_report(const std::filesystem::path& path, std::string& last_started) {
  const auto text = base::read_file(path, kMaxReport);
  if (!text) return json();
  json report;
  for (const std::string& line : base::split(*text, '\n')) {
    json document = json::parse(line, nullptr, false);
    if (!document.is_object()) continue;
    if (const auto start = document.find("start"); start != document.end() && start->is_string()) {
      last_started = start->get<std::string>();
    }
    if (document.contains("outcomes")) report = std::move(document);
  }
  return report;
}

std::optional<model::Coverage> coverage_in(const std::filesystem::path& path) {
  const auto text = base::read_file(path, kMaxReport);
  return text ? read_coverage(*text) : std::nullopt;
}

}  // namespace

base::Result<PytestResult> run_pytest(sandbox::Sandbox& sandbox, const PytestRequest& request,
                                      const std::stop_token& stop) {
  const auto results = request.folder / "results.json";
  const auto coverage = request.folder / "coverage.json";
  std::error_code ignored;
  std::filesystem::remove(results, ignored);
  std::filesystem::remove(coverage, ignored);

  sandbox::Request run;
  run.argv = {request.interpreter,
              "-s",
              "-c",
              std::string(kVerifyRunSource),
              (request.folder / request.test_file).string(),
              results.string(),
              std::to_string(request.environment.order_seed)};
  if (request.coverage) {
    run.argv.push_back(request.source.string());
    run.argv.push_back(coverage.string());
  }
  run.environment = {"PATH=/usr/bin:/bin",
                     "HOME=/tmp",
                     "LANG=" + request.environment.locale,
                     "LC_ALL=" + request.environment.locale,
                     "TZ=" + request.environment.time_zone,
                     "PYTHONHASHSEED=" + request.environment.hash_seed,
                     "PYTHONDONTWRITEBYTECODE=1",
                     "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1"};
  run.read_only = request.read_only;
  run.writable = {request.folder};
  run.working_directory = request.folder.string();
  run.limits.wall = request.deadline;
  TG_ASSIGN(const model::RunResult outcome, sandbox.run(run, stop));

  PytestResult out;
  const json document = read_report(results, out.last_started);
  if (!document.is_object() || !document.contains("outcomes") ||
      !document["outcomes"].is_object()) {
    out.failure = std::string(model::to_string(outcome.outcome)) + ": " +
                  (outcome.standard_error.size() > 600
                       ? outcome.standard_error.substr(outcome.standard_error.size() - 600)
                       : outcome.standard_error);
    return out;
  }
  out.finished = true;
  for (const auto& [name, value] : document["outcomes"].items()) {
    if (value.is_string()) out.outcomes[name] = value.get<std::string>();
  }
  if (document.contains("problems") && document["problems"].is_array()) {
    for (const json& item : document["problems"]) {
      if (item.is_array() && item.size() == 2 && item[0].is_string() && item[1].is_string()) {
        out.problems.emplace(item[0].get<std::string>(), item[1].get<std::string>());
      }
    }
  }
  if (request.coverage) out.coverage = coverage_in(coverage);
  return out;
}

}  // namespace testgen::verify
