#include "verify/pytest_run.h"

#include <nlohmann/json.hpp>

#include "base/file_system.h"
#include "base/strings.h"
#include "verify/verify_run_source.h"

namespace testgen::verify {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxReport = 16U << 20U;

json read_json(const std::filesystem::path& path) {
  const auto text = base::read_file(path, kMaxReport);
  if (!text) return json();
  return json::parse(*text, nullptr, false);
}

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

std::uint32_t count_at(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned()) return 0;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(found->get<std::uint64_t>(), 1U << 30U));
}

std::optional<model::Coverage> read_coverage(const std::filesystem::path& path) {
  const json document = read_json(path);
  if (!document.is_object() || !document.contains("totals") || !document["totals"].is_object()) {
    return std::nullopt;
  }
  const json& totals = document["totals"];
  model::Coverage out;
  out.tool = "coverage.py";
  if (document.contains("meta") && document["meta"].is_object()) {
    const json version = document["meta"].value("version", json(""));
    if (version.is_string()) out.tool += " " + version.get<std::string>().substr(0, 20);
  }
  out.lines_total = count_at(totals, "num_statements");
  out.lines_covered = std::min(count_at(totals, "covered_lines"), out.lines_total);
  out.branches_total = count_at(totals, "num_branches");
  out.branches_covered = std::min(count_at(totals, "covered_branches"), out.branches_total);
  return out;
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
  if (request.coverage) out.coverage = read_coverage(coverage);
  return out;
}

}  // namespace testgen::verify
