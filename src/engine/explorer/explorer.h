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
#include "model/traced_calls.h"
#include "sandbox/sandbox.h"

namespace testgen::engine {

struct ExplorerRequest {
  const model::ModuleModel* module = nullptr;  // borrowed
  model::ImportPlan plan;
  std::string interpreter;
  std::vector<std::filesystem::path> read_only;  // what the interpreter and the project need
  std::chrono::milliseconds budget{8'000};
  std::uint64_t max_executions = 0;  // above 0 it decides, and never the clock
  std::vector<std::string> symbols;  // qualified names to test; empty: all
  std::uint64_t seed = 0;
  const model::TracedTests* traced = nullptr;  // how the project's own tests call it; borrowed
  // conftest.py files that the new tests will see, the outermost first. None: no fixtures of the
  // project are used.
  std::vector<std::filesystem::path> conftests;
};

struct Exploration {
  std::vector<model::TestCase> tests;
  std::vector<model::Omission> omissions;
  std::vector<model::Suspicion> suspicions;
  std::vector<std::string> blocked;  // accelerators that tests must import without
  std::uint64_t executions = 0;
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
