// Runs a project's own tests once in the sandbox and follows how they call one module
// (languages/python/trace/). A run that is cut short gives what was seen until then.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/import_plan.h"
#include "model/module_model.h"
#include "model/traced_calls.h"
#include "sandbox/sandbox.h"

namespace testgen::engine {

struct TraceRequest {
  std::string interpreter;
  std::vector<std::filesystem::path> read_only;
  std::filesystem::path root;                     // of the project: the tests start here
  std::filesystem::path import_root;              // of the module
  std::vector<std::filesystem::path> test_files;  // run in this order
  const model::ModuleModel* module = nullptr;     // borrowed
  model::ImportPlan plan;
  std::uint64_t calls = 400'000;  // of the module and of constructors; then the run is over
  std::chrono::milliseconds deadline{1'500};
};

// An Error only when the sandbox cannot be used or after a stop request.
[[nodiscard]] base::Result<model::TracedTests> trace_tests(sandbox::Sandbox& sandbox,
                                                           const TraceRequest& request,
                                                           const std::stop_token& stop);

}  // namespace testgen::engine
