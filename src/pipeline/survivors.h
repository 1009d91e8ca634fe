// Which mutants of a module its tests leave alive, kept up to date while tests are added. What
// could not be tried is told apart from what is killed: a test that kills such a mutant adds
// something only if the tests that stay do not kill it too, which is then looked at.
// Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/mutant.h"
#include "model/rendered_suite.h"
#include "model/test_case.h"
#include "verify/mutation_report.h"

namespace testgen::pipeline {

// More mutants than this are not tried at a time, of functions and of code that runs at import:
// for each of the latter the module is imported anew.
inline constexpr std::size_t kMostMutantsAtATime = 600;
inline constexpr std::size_t kMostMutantsAtImport = 60;

class Survivors {
 public:
  using Tests = std::vector<model::TestCase>;
  using Kills = std::function<base::Result<verify::MutationResult>(
      const Tests&, model::SuiteLayout, const model::Mutation&, std::size_t sample,
      std::chrono::milliseconds limit)>;

  // All are borrowed. Nothing is killed yet.
  Survivors(const model::Mutation& all, Kills kills);

  // What tests that stay kill: of all mutants, evenly spread where there are too many to try.
  // What they did not reach in the time stays unknown.
  [[nodiscard]] base::Status learn(const Tests& suite, std::chrono::milliseconds limit);

  // More tests stay. `lines` is what they run of the module.
  [[nodiscard]] base::Status add(const Tests& tests, const std::set<std::uint32_t>& lines,
                                 std::chrono::milliseconds limit);

  // Of these tests, the names of those that kill what neither `suite`, the tests that stay, nor
  // another of them does. They are taken to stay from now on.
  [[nodiscard]] base::Result<std::set<std::string>> add_killers(
      const Tests& tests, const std::set<std::uint32_t>& lines, const Tests& suite,
      std::chrono::milliseconds limit);

  // Those that are known to live, as indices into the module's.
  [[nodiscard]] const std::set<std::size_t>& alive() const { return alive_; }

 private:
  [[nodiscard]] std::vector<std::size_t> reached(const std::set<std::uint32_t>& lines) const;
  base::Result<std::vector<verify::MutantOutcome>> tried(const std::vector<std::size_t>& mutants,
                                                         const Tests& tests,
                                                         model::SuiteLayout layout,
                                                         std::chrono::milliseconds limit) const;
  void kill(std::size_t mutant);

  const model::Mutation& all_;
  Kills kills_;
  std::set<std::size_t> alive_;
  std::set<std::size_t> unknown_;
};

}  // namespace testgen::pipeline
