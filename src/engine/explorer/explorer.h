// The engine that needs no model and no network: coverage-guided search over real executions
// in the sandbox. One call explores one module; calls are independent of each other.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/explorer/harness.h"
#include "model/import_plan.h"
#include "model/module_model.h"
#include "model/report.h"
#include "model/test_case.h"
#include "sandbox/sandbox.h"

namespace testgen::engine {

struct ExplorerRequest {
  const model::ModuleModel* module = nullptr;  // borrowed
  model::ImportPlan plan;
  std::string interpreter;
  std::vector<std::filesystem::path> read_only;  // what the interpreter and the project need
  std::chrono::milliseconds search_budget{4'000};
  std::chrono::milliseconds minimise_budget{800};
  std::uint64_t seed = 0;
};

struct Exploration {
  std::vector<model::TestCase> tests;
  std::vector<model::Omission> omissions;
  std::vector<model::Suspicion> suspicions;
  std::vector<std::string> blocked;  // accelerators that tests must import without
  std::uint64_t executions = 0;
  std::uint32_t goals_covered = 0;
  std::uint32_t functions_total = 0;
};

// `progress` gets the step's name and 0 to 1 of it.
using ExplorerProgress = std::function<void(std::string_view step, double fraction)>;

// An Error when the module cannot be imported or the sandbox cannot be used. A stop request
// ends the search early and still returns what was found.
[[nodiscard]] base::Result<Exploration> explore(const ExplorerRequest& request,
                                                sandbox::Sandbox& sandbox, const base::Clock& clock,
                                                const ExplorerProgress& progress,
                                                const std::stop_token& stop);

}  // namespace testgen::engine
