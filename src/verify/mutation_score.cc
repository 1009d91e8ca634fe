#include "verify/mutation_score.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/file_system.h"
#include "base/random.h"
#include "base/strings.h"
#include "verify/conftests_document.h"
#include "verify/mutation_run_source.h"

namespace testgen::verify {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uint64_t kMaxReport = 32U << 20U;
// The run ends by itself soon after its deadline; this is for one that does not.
constexpr std::chrono::milliseconds kGrace{1'000};

std::vector<std::size_t> draw(std::size_t total, std::size_t sample, std::uint64_t seed) {
  std::vector<std::size_t> order(total);
  std::iota(order.begin(), order.end(), std::size_t{0});
  base::Random random(seed);
  const std::size_t count = std::min(sample, total);
  for (std::size_t k = 0; k < count; ++k) {
    std::swap(order[k], order[k + random.below(total - k)]);
  }
  order.resize(count);
  return order;
}

json mutant_list(const model::Mutation& mutation, const std::vector<std::size_t>& drawn) {
  json out = json::array();
  for (const std::size_t index : drawn) {
    const model::Mutant& mutant = mutation.mutants[index];
    out.push_back({{"unit", mutant.unit},
                   {"begin", mutant.begin},
                   {"end", mutant.end},
                   {"text", mutant.replacement},
                   {"line", mutant.line}});
  }
  return out;
}

// All of the functions' mutants, those outside the sample first.
std::vector<std::size_t> for_proof(const MutationRequest& request,
                                   const std::vector<std::size_t>& drawn) {
  if (!request.find_idle_tests) return {};
  const model::Mutation& mutation = *request.mutation;
  std::vector<bool> taken(mutation.mutants.size(), false);
  for (const std::size_t index : drawn) taken[index] = true;
  std::vector<std::size_t> out =
      draw(mutation.mutants.size(), mutation.mutants.size(), request.seed + 1);
  // The sampled ones too: a mutant is done with its first killer, and others may kill it.
  std::stable_partition(out.begin(), out.end(), [&](std::size_t index) { return !taken[index]; });
  std::erase_if(out, [&](std::size_t index) {
    return mutation.units[mutation.mutants[index].unit].scope.empty();
  });
  return out;
}

json task_document(const MutationRequest& request, const std::vector<std::size_t>& drawn) {
  const model::Mutation& mutation = *request.mutation;
  json units = json::array();
  for (const model::MutationUnit& unit : mutation.units) {
    units.push_back({{"text", unit.text},
                     {"scope", unit.scope},
                     {"first_line", unit.first_line},
                     {"decorated_line", unit.decorated_line}});
  }
  const std::string root =
      request.project ? request.project->root.string() : request.folder.string();
  // Our runner looks at what was collected; pytest's own would stop at a file that cannot be.
  json arguments = {"-q", "-p", "no:cacheprovider", "--assert=plain", "--rootdir", root};
  if (!request.project) {
    arguments.push_back("-c");
    arguments.push_back("/dev/null");
  }
  json files = json::array();
  for (const fs::path& file : request.test_files) files.push_back(file.string());
  return {{"files", files},
          {"conftests", conftests_document(request.conftests)},
          {"arguments", arguments},
          {"source", request.source.string()},
          {"module", request.module_name},
          {"own_project", request.project.has_value()},
          {"units", units},
          {"mutants", mutant_list(mutation, drawn)},
          {"proof", mutant_list(mutation, for_proof(request, drawn))},
          {"seconds", std::chrono::duration<double>(request.deadline).count()}};
}

sandbox::Request make_run(const MutationRequest& request, const fs::path& task,
                          const fs::path& results) {
  sandbox::Request run;
  run.argv = {request.interpreter, "-s", "-c", std::string(kMutationRunSource), task.string(),
              results.string()};
  run.environment =
      project_environment(request.project.value_or(ProjectPlace{request.folder, request.folder}));
  if (!request.project) run.environment.emplace_back("PYTEST_DISABLE_PLUGIN_AUTOLOAD=1");
  run.read_only = request.read_only;
  run.writable = {request.folder};
  run.working_directory =
      request.project ? request.project->root.string() : request.folder.string();
  run.limits.wall = request.deadline + kGrace;
  return run;
}

}  // namespace

base::Result<MutationResult> score_mutants(sandbox::Sandbox& sandbox,
                                           const MutationRequest& request,
                                           const std::stop_token& stop) {
  const std::vector<std::size_t> drawn =
      draw(request.mutation->mutants.size(), request.sample, request.seed);
  if (drawn.empty() || request.test_files.empty()) {
    return read_mutation_report("", *request.mutation, drawn);
  }
  const fs::path task = request.folder / "mutation_task.json";
  const fs::path results = request.folder / "mutation_results.jsonl";
  TG_TRY(base::write_file_atomic(
      task, task_document(request, drawn).dump(-1, ' ', false, json::error_handler_t::replace)));
  std::error_code ignored;
  fs::remove(results, ignored);
  TG_ASSIGN(const model::RunResult run, sandbox.run(make_run(request, task, results), stop));
  const std::string text = base::read_file(results, kMaxReport).value_or("");
  MutationResult out = read_mutation_report(text, *request.mutation, drawn);
  if (out.problem.empty() && out.mutants.empty() && !out.outcomes.empty()) {
    out.problem = "there was no time to try a mutant";
  } else if (out.problem.empty() && out.mutants.empty()) {
    const std::string& said = run.standard_error;
    out.problem = std::string(model::to_string(run.outcome)) + ": " +
                  (said.size() > 600 ? said.substr(said.size() - 600) : said);
  }
  return out;
}

}  // namespace testgen::verify
