// The part of the protocol that is about mutants; see languages/python/harness/mutation.py.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/explorer/harness.h"
#include "engine/explorer/harness_connection.h"
#include "engine/explorer/harness_replies.h"

namespace testgen::engine {
namespace {

using base::ErrorCode;
using nlohmann::json;

constexpr std::uint32_t kFuel = 60'000;  // three times what a test may take on the module itself

json encode(const MutantTest& test) {
  json out{{"source", test.candidate.source},
           {"watch", test.candidate.watch},
           {"checks", test.checks},
           {"exception", nullptr}};
  if (!test.candidate.definitions.empty()) out["definitions"] = test.candidate.definitions;
  if (!test.candidate.fixtures.empty()) out["fixtures"] = test.candidate.fixtures;
  if (test.expected) {
    out["exception"] = {{"type", test.expected->type},
                        {"module", test.expected->module},
                        {"message", test.expected->message}};
  }
  return out;
}

json encode(const MutantTask& task) {
  return {{"text", task.text},
          {"scope", task.unit->scope},
          {"first_line", task.unit->first_line},
          {"decorated_line", task.unit->decorated_line},
          {"def_line", task.unit->def_line},
          {"tests", task.tests}};
}

}  // namespace

std::string mutated_text(const model::Mutation& mutation, const model::Mutant& mutant) {
  std::string text = mutation.units[mutant.unit].text;
  text.replace(mutant.begin, mutant.end - mutant.begin, mutant.replacement);
  return text;
}

base::Result<std::vector<std::vector<Kill>>> Harness::run_mutants(
    const std::vector<MutantTest>& tests, const std::vector<MutantTask>& tasks, bool first,
    std::chrono::milliseconds patience) {
  json encoded_tests = json::array();
  for (const MutantTest& test : tests) encoded_tests.push_back(encode(test));
  json encoded_tasks = json::array();
  for (const MutantTask& task : tasks) {
    encoded_tasks.push_back(encode(task));
    executions_ += task.tests.size();
  }
  const json request{{"op", "mutants"},
                     {"tests", std::move(encoded_tests)},
                     {"mutants", std::move(encoded_tasks)},
                     {"first", first},
                     {"fuel", kFuel},
                     {"milliseconds", setup_.test_deadline.count()},
                     {"patience", patience.count()}};
  // The last mutant may begin just before the patience ends, and every test of it be slow.
  std::size_t most = 1;
  for (const MutantTask& task : tasks) most = std::max(most, task.tests.size());
  const auto deadline = std::chrono::steady_clock::now() + patience + std::chrono::seconds(2) +
                        setup_.test_deadline * (2 + static_cast<long>(most));
  auto answer = connection_->exchange(request, deadline, stop_);
  std::vector<std::vector<Kill>> out;
  if (!answer) {
    if (answer.error().code == ErrorCode::Cancelled) return answer.error();
    TG_TRY(restart());
    return out;
  }
  const auto results = answer->find("results");
  if (results == answer->end() || !results->is_array()) return out;
  for (std::size_t i = 0; i < results->size() && i < tasks.size(); ++i) {
    out.push_back(read_kills((*results)[i], tasks[i].tests));
  }
  return out;
}

}  // namespace testgen::engine
