// Any bytes in place of the report of a run of mutants: only mutants that were drawn count, each
// once, and only tests that the run named.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>

#include "base/check.h"
#include "verify/mutation_report.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  model::Mutation mutation;
  mutation.units.resize(1);
  mutation.mutants.resize(5);
  const std::vector<std::size_t> drawn{3, 0, 4};
  const auto result = verify::read_mutation_report(
      std::string_view(reinterpret_cast<const char*>(data), size), mutation, drawn);
  TG_CHECK(result.score.mutants_total == 5);
  TG_CHECK(result.score.mutants_run <= drawn.size());
  TG_CHECK(result.score.killed + result.score.survivors.size() == result.score.mutants_run);
  std::set<std::size_t> seen;
  for (const auto& mutant : result.mutants) {
    TG_CHECK(mutant.mutant == 0 || mutant.mutant == 3 || mutant.mutant == 4);
    TG_CHECK(seen.insert(mutant.mutant).second);
    TG_CHECK(mutant.killer.empty() || result.outcomes.contains(mutant.killer));
  }
  if (!result.idle_tests) return 0;
  for (const auto& test : *result.idle_tests) TG_CHECK(result.outcomes.contains(test));
  return 0;
}
