// Looks for tests that notice the mutants which all others let live: changes programs that reach
// a survivor, runs them on the module and on the mutant, and keeps those that tell the two apart.
// One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "engine/explorer/archive.h"
#include "engine/explorer/mutant_trial.h"
#include "engine/explorer/program_factory.h"
#include "engine/explorer/test_pool.h"

namespace testgen::engine {

class MutantHunt {
 public:
  // Borrows all. New tests are added to the pool, observed in one environment only.
  MutantHunt(Harness& harness, const Universe& universe, const model::ModuleModel& module,
             Archive& archive, ProgramFactory& programs, MutantTrial& trial,
             std::vector<PoolTest>& pool, base::Random& random, Budget& budget);

  // Hunts until that part of the budget is used, nothing survives, or a lap over all survivors
  // finds nothing more. Each call goes on from the one before.
  [[nodiscard]] base::Status run(double until, const std::stop_token& stop);

 private:
  std::vector<std::size_t> next_targets();
  void gather_parents(const std::vector<std::size_t>& targets, std::vector<TestProgram>& out) const;
  void add_suggested(const std::vector<std::size_t>& targets,
                     const std::vector<TestProgram>& parents, std::vector<TestProgram>& out);
  base::Status follow_operands(const std::vector<std::size_t>& targets,
                               const std::vector<TestProgram>& parents,
                               std::vector<TestProgram>& out);
  base::Result<bool> try_programs(const std::vector<std::size_t>& targets,
                                  std::vector<TestProgram> programs, double until);

  Harness& harness_;
  const Universe& universe_;
  const model::ModuleModel& module_;
  Archive& archive_;
  ProgramFactory& programs_;
  MutantTrial& trial_;
  std::vector<PoolTest>& pool_;
  base::Random& random_;
  Budget& budget_;
  std::map<std::size_t, std::uint32_t> attempts_;  // of a mutant
  std::map<std::size_t, std::uint32_t> unit_attempts_;
  std::uint32_t lap_ = 1;
  bool noticed_ = false;        // something in this lap
  std::set<std::string> seen_;  // programs that were tried, as text
};

}  // namespace testgen::engine
