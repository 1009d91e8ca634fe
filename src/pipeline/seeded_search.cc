#include "pipeline/seeded_search.h"

#include <algorithm>

#include "base/file_system.h"
#include "engine/traced/trace_run.h"

namespace testgen::pipeline {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLeastTime{1'000};
constexpr milliseconds kMostTime{10'000};

// Indices of earlier calls in `more` count from the beginning of both.
void append(model::TracedCalls& calls, const model::TracedCalls& more) {
  const std::size_t offset = calls.size();
  for (model::TracedCall call : more) {
    for (std::size_t& earlier : call.before) earlier += offset;
    calls.push_back(std::move(call));
  }
}

}  // namespace

base::Result<engine::Exploration> search_from_seeds(
    sandbox::Sandbox& sandbox, const base::Clock& clock, engine::ExplorerRequest request,
    const std::filesystem::path& import_root, const std::string& file_name, const RenderIn& seeds,
    const std::stop_token& stop) {
  TG_ASSIGN(const base::TempDir folder, base::TempDir::create("testgen-seeds"));
  const std::filesystem::path file = folder.path() / file_name;
  TG_TRY(base::write_file_atomic(file, seeds(folder.path()).text));
  engine::TraceRequest trace;
  trace.interpreter = request.interpreter;
  trace.read_only = request.read_only;
  trace.read_only.push_back(folder.path());
  trace.root = folder.path();
  trace.import_root = import_root;
  trace.test_files = {file};
  trace.module = request.module;
  trace.plan = request.plan;
  trace.deadline = request.max_executions > 0
                       ? kMostTime
                       : std::clamp<milliseconds>(request.budget / 2, kLeastTime, kMostTime);
  TG_ASSIGN(model::TracedTests traced, engine::trace_tests(sandbox, trace, stop));
  if (traced.calls.empty()) return engine::Exploration{};
  // What the model tried comes first: programs of each function are few.
  traced.fixtures.clear();
  if (request.traced != nullptr) {
    append(traced.calls, request.traced->calls);
    traced.fixtures = request.traced->fixtures;
  }
  request.traced = &traced;
  auto explored = engine::explore(
      request, sandbox, clock, [](std::string_view, double) {}, stop);
  if (explored) return explored;
  return engine::Exploration{};
}

}  // namespace testgen::pipeline
