// How many mutants does a test file kill? A sample of them is tried under pytest, in one
// sandboxed run that forks for each (languages/python/mutation_run.py). What the run reports is
// read as untrusted: only mutants and tests that it was given count.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/mutant.h"
#include "model/report.h"
#include "sandbox/sandbox.h"
#include "verify/suite_run.h"

namespace testgen::verify {

struct MutationRequest {
  std::string interpreter;
  std::vector<std::filesystem::path> read_only;
  std::filesystem::path folder;                   // scratch, writable inside
  std::vector<std::filesystem::path> test_files;  // in the folder, or readable inside
  std::filesystem::path source;
  std::string module_name;
  const model::Mutation* mutation = nullptr;  // borrowed; all there are
  std::size_t sample = 150;                   // how many of them are tried at most
  std::uint64_t seed = 0;                     // which
  // Find the tests that kill nothing: after the sample, tests without a kill are tried on the
  // other mutants of functions that they reach, until they have killed one.
  bool find_idle_tests = false;
  std::chrono::milliseconds deadline{10'000};  // no mutant is begun after it
  // Of tests that a person wrote: pytest uses the project's configuration and its plugins.
  // None: neither, and it starts in the folder.
  std::optional<ProjectPlace> project;
};

struct MutantOutcome {
  std::size_t mutant = 0;  // index into the mutation's mutants
  bool killed = false;
  bool reached = true;  // some test runs the changed code
  std::string killer;   // pytest's id of the first test that failed; empty: before any ran
};

struct MutationResult {
  model::MutationScore score;
  std::vector<MutantOutcome> mutants;           // those that were tried
  std::map<std::string, std::string> outcomes;  // on the unchanged module: id → "passed", …
  // Ids of the tests that kill nothing, when they were looked for and the time was enough.
  std::optional<std::vector<std::string>> idle_tests;
  std::string problem;  // why there is no result, or not all of it
};

// "line 12: < became <="
[[nodiscard]] std::string describe(const model::Mutant& mutant);

// The name of a test function in pytest's id: "test_a" of "tests/test_x.py::TestX::test_a[1]".
[[nodiscard]] std::string test_name(std::string_view id);

[[nodiscard]] base::Result<MutationResult> score_mutants(sandbox::Sandbox& sandbox,
                                                         const MutationRequest& request,
                                                         const std::stop_token& stop);

}  // namespace testgen::verify
