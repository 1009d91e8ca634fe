// How many mutants does a test file kill? A sample of them is tried under pytest, in one
// sandboxed run that forks for each (languages/python/mutation_run.py). What the run reports is
// read as untrusted: only mutants and tests that it was given count.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/mutant.h"
#include "model/report.h"
#include "sandbox/sandbox.h"

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
  // True: every test is tried on every mutant, to know which tests kill any. False: a mutant is
  // done with its first killer.
  bool every_test = false;
  std::chrono::milliseconds deadline{10'000};  // no mutant is begun after it
  // Of tests that a person wrote: pytest finds its configuration and conftest files from here
  // and loads its plugins. Empty: the folder, without either.
  std::filesystem::path project;
};

struct MutantOutcome {
  std::size_t mutant = 0;  // index into the mutation's mutants
  bool killed = false;
  bool reached = true;               // some test runs the changed code
  std::vector<std::string> killers;  // pytest's ids; all of them when every test was tried
};

struct MutationResult {
  model::MutationScore score;
  std::vector<MutantOutcome> mutants;           // those that were tried
  std::map<std::string, std::string> outcomes;  // on the unchanged module: id → "passed", …
  std::string problem;                          // why there is no result, or not all of it
};

// "line 12: < became <="
[[nodiscard]] std::string describe(const model::Mutant& mutant);

// The name of a test function in pytest's id: "test_a" of "tests/test_x.py::TestX::test_a[1]".
[[nodiscard]] std::string test_name(std::string_view id);

[[nodiscard]] base::Result<MutationResult> score_mutants(sandbox::Sandbox& sandbox,
                                                         const MutationRequest& request,
                                                         const std::stop_token& stop);

}  // namespace testgen::verify
