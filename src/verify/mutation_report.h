// What a run of mutants told (languages/python/mutation/run.py), read as untrusted: it was written
// beside code under test. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/mutant.h"
#include "model/report.h"

namespace testgen::verify {

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

// Reads what the run wrote, one JSON document a line. `drawn` are the mutants it was given, by
// their index; others do not count, nor do tests that it did not name at its start.
[[nodiscard]] MutationResult read_mutation_report(std::string_view text,
                                                  const model::Mutation& mutation,
                                                  const std::vector<std::size_t>& drawn);

// The name of a test function in pytest's id: "test_a" of "tests/test_x.py::TestX::test_a[1]".
[[nodiscard]] std::string test_name(std::string_view id);

}  // namespace testgen::verify
