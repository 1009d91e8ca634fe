// How many mutants does a test file kill? A sample of them is tried under pytest, or
// under unittest where there is no pytest, in one sandboxed run that forks for each
// (languages/python/mutation/run.py). What the run reports is read as untrusted: only mutants and
// tests that it was given count.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/mutant.h"
#include "model/project_fixture.h"
#include "sandbox/sandbox.h"
#include "verify/mutation_report.h"
#include "verify/suite_run.h"

namespace testgen::verify {

struct MutationRequest {
  std::string interpreter;
  std::vector<std::filesystem::path> read_only;
  std::filesystem::path folder;                   // scratch, writable inside
  std::vector<std::filesystem::path> test_files;  // in the folder, or readable inside
  model::Conftests conftests;
  std::filesystem::path source;
  std::string module_name;
  const model::Mutation* mutation = nullptr;  // borrowed; all there are
  std::size_t sample = 150;                   // how many of them are tried at most
  std::uint64_t seed = 0;                     // which
  // Find the tests that kill nothing: after the sample, tests without a kill are tried on the
  // other mutants of functions that they reach, until they have killed one.
  bool find_idle_tests = false;
  std::chrono::milliseconds deadline{10'000};  // none is begun after it; the last gets 0.1 s more
  // Of tests that a person wrote: pytest uses the project's configuration and its plugins.
  // None: neither, and it starts in the folder.
  std::optional<ProjectPlace> project;
};

[[nodiscard]] base::Result<MutationResult> score_mutants(sandbox::Sandbox& sandbox,
                                                         const MutationRequest& request,
                                                         const std::stop_token& stop);

}  // namespace testgen::verify
