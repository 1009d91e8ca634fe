#include "verify/mutation_score.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/file_system.h"
#include "base/random.h"
#include "base/strings.h"
#include "verify/mutation_run_source.h"

namespace testgen::verify {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uint64_t kMaxReport = 32U << 20U;
constexpr std::size_t kMaxSurvivors = 200;
// After its deadline the run may finish the mutant it is at.
constexpr std::chrono::milliseconds kGrace{1'500};

// One line, at most 60 bytes.
std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  out = std::string(base::trim(out));
  if (out.size() > 60) {
    out.resize(57);
    while (!out.empty() && base::find_invalid_utf8(out) != std::string::npos) out.pop_back();
    out += "...";
  }
  return out;
}

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
  json arguments = {"-q", "-p", "no:cacheprovider", "--assert=plain", "--rootdir", root};
  if (!request.project) {
    arguments.push_back("-c");
    arguments.push_back("/dev/null");
  }
  json files = json::array();
  for (const fs::path& file : request.test_files) files.push_back(file.string());
  return {{"files", files},
          {"arguments", arguments},
          {"source", request.source.string()},
          {"module", request.module_name},
          {"own_project", request.project.has_value()},
          {"units", units},
          {"mutants", mutant_list(mutation, drawn)},
          {"proof", mutant_list(mutation, for_proof(request, drawn))},
          {"seconds", std::chrono::duration<double>(request.deadline).count()}};
}

// Reads one line of the report at a time and believes what can be true.
class ReportReader {
 public:
  ReportReader(const MutationRequest& request, const std::vector<std::size_t>& drawn)
      : request_(request), drawn_(drawn), seen_(drawn.size(), false) {}

  void read(const std::string& line) {
    const json document = json::parse(line, nullptr, false);
    if (!document.is_object()) return;
    if (const auto tests = document.find("tests"); tests != document.end() && tests->is_object()) {
      for (const auto& [name, outcome] : tests->items()) {
        if (outcome.is_string()) out_.outcomes[name] = outcome.get<std::string>();
      }
    }
    if (const auto why = document.find("problem"); why != document.end() && why->is_string()) {
      out_.problem = why->get<std::string>().substr(0, 500);
    }
    if (const auto idle = document.find("idle"); idle != document.end() && idle->is_array()) {
      out_.idle_tests.emplace();
      for (const json& item : *idle) {
        if (const std::string name = known_test(item); !name.empty()) {
          out_.idle_tests->push_back(name);
        }
      }
    }
    if (document.contains("done")) done_ = true;
    read_mutant(document);
  }

  MutationResult finish() {
    model::MutationScore& score = out_.score;
    score.mutants_total = static_cast<std::uint32_t>(request_.mutation->mutants.size());
    score.mutants_run = static_cast<std::uint32_t>(out_.mutants.size());
    std::sort(out_.mutants.begin(), out_.mutants.end(),
              [](const auto& a, const auto& b) { return a.mutant < b.mutant; });
    for (const MutantOutcome& outcome : out_.mutants) {
      if (outcome.killed) {
        ++score.killed;
      } else if (score.survivors.size() < kMaxSurvivors) {
        score.survivors.push_back(describe(request_.mutation->mutants[outcome.mutant]));
      }
    }
    return std::move(out_);
  }

  [[nodiscard]] bool done() const { return done_; }

 private:
  // The name when it is a test's, else nothing.
  [[nodiscard]] std::string known_test(const json& name) const {
    if (!name.is_string()) return {};
    const auto text = name.get<std::string>();
    return out_.outcomes.count(text) > 0 ? text : std::string();
  }

  void read_mutant(const json& document) {
    const auto number = document.find("mutant");
    const auto killed = document.find("killed");
    if (number == document.end() || !number->is_number_unsigned() || killed == document.end() ||
        !killed->is_boolean()) {
      return;
    }
    const auto position = number->get<std::uint64_t>();
    if (position >= drawn_.size() || seen_[position]) return;
    seen_[position] = true;
    MutantOutcome outcome;
    outcome.mutant = drawn_[position];
    outcome.killed = killed->get<bool>();
    outcome.reached = document.value("how", json()) != "not reached";
    outcome.killer = known_test(document.value("by", json()));
    out_.mutants.push_back(std::move(outcome));
  }

  const MutationRequest& request_;
  const std::vector<std::size_t>& drawn_;
  std::vector<bool> seen_;
  MutationResult out_;
  bool done_ = false;
};

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

std::string describe(const model::Mutant& mutant) {
  const std::string before = shown(mutant.original);
  const std::string after = shown(mutant.replacement);
  std::string out = "line " + std::to_string(mutant.line) + ": ";
  if (before.empty()) return out + "added " + after;
  if (after.empty() || (mutant.operation == "deletion" && after == "pass")) {
    return out + "deleted " + before;
  }
  return out + before + " became " + after;
}

std::string test_name(std::string_view id) {
  id = id.substr(0, id.find('['));
  const std::size_t colons = id.rfind("::");
  return std::string(colons == std::string_view::npos ? id : id.substr(colons + 2));
}

base::Result<MutationResult> score_mutants(sandbox::Sandbox& sandbox,
                                           const MutationRequest& request,
                                           const std::stop_token& stop) {
  const std::vector<std::size_t> drawn =
      draw(request.mutation->mutants.size(), request.sample, request.seed);
  ReportReader reader(request, drawn);
  if (drawn.empty() || request.test_files.empty()) return reader.finish();
  const fs::path task = request.folder / "mutation_task.json";
  const fs::path results = request.folder / "mutation_results.jsonl";
  TG_TRY(base::write_file_atomic(
      task, task_document(request, drawn).dump(-1, ' ', false, json::error_handler_t::replace)));
  std::error_code ignored;
  fs::remove(results, ignored);
  TG_ASSIGN(const model::RunResult run, sandbox.run(make_run(request, task, results), stop));
  if (const auto text = base::read_file(results, kMaxReport)) {
    for (const std::string& line : base::split(*text, '\n')) reader.read(line);
  }
  const bool done = reader.done();
  MutationResult out = reader.finish();
  if (!done && out.problem.empty() && out.mutants.empty()) {
    const std::string& said = run.standard_error;
    out.problem = std::string(model::to_string(run.outcome)) + ": " +
                  (said.size() > 600 ? said.substr(said.size() - 600) : said);
  }
  return out;
}

}  // namespace testgen::verify
