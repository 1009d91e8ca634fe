// The program in one sentence: load → analyze → learn → propose → verify → ask → score → emit →
// record. Only a model is asked, and only when one is wanted.
// One Pipeline serves any number of threads; each generate() call is independent of others.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "lang/runtime_cache.h"
#include "model/report.h"
#include "model/test_case.h"
#include "pipeline/model_options.h"
#include "pipeline/own_tests.h"
#include "pipeline/together.h"
#include "sandbox/sandbox.h"
#include "telemetry/telemetry.h"

namespace testgen::pipeline {

struct GenerateOptions {
  std::chrono::milliseconds budget{10'000};  // for the whole module, search to verified file
  std::uint64_t seed = 0;
  // Of candidate tests; 0: the budget's time decides. With a limit, fuel decides and never the
  // clock, so that a seed gives the same files on every machine with the same Python.
  std::uint64_t max_executions = 0;
  std::vector<std::string> symbols;  // qualified names, "Cart" or "Cart.total"; empty: all
  model::Framework framework = model::Framework::Pytest;
  // Where the test files will lie; paths in them start there. Empty: tests/ beside the module.
  std::filesystem::path output;
  std::string interpreter;   // path of the Python to use; empty: resolved for each project
  std::string tool_version;  // for the header of the files
  ModelOptions model;        // who proposes tests
};

// Told how far a module is. Called from the thread that runs generate().
class Progress {
 public:
  virtual ~Progress() = default;
  // `fraction` is 0 to 1 of this module's whole work; `stage` is a word such as "search".
  virtual void update(std::string_view module, std::string_view stage, double fraction) = 0;
};

class Pipeline {
 public:
  // All are borrowed and must outlive the pipeline.
  Pipeline(sandbox::Sandbox& sandbox, telemetry::Telemetry& telemetry, const base::Clock& clock);

  // Generates tests for one source file; the files are in the report, none is written.
  // An Error means that this file cannot be worked on, and says why; a module whose code
  // misbehaves is reported inside the ModuleReport. A stop request keeps what has been
  // verified so far.
  [[nodiscard]] base::Result<model::ModuleReport> generate(const std::filesystem::path& file,
                                                           const GenerateOptions& options,
                                                           Progress& progress,
                                                           const telemetry::SpanContext& parent,
                                                           std::stop_token stop) const;

  // See run_together().
  [[nodiscard]] base::Result<Together> run_together(const TogetherRequest& request,
                                                    std::stop_token stop) const;

 private:
  sandbox::Sandbox& sandbox_;
  telemetry::Telemetry& telemetry_;
  const base::Clock& clock_;
  mutable lang::RuntimeCache runtimes_;  // thread-safe
  mutable OwnTests own_tests_;           // thread-safe
};

}  // namespace testgen::pipeline
