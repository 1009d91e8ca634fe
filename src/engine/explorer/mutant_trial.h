// Tries tests on mutants and keeps the book: which mutant was tried, and which test noticed.
// One thread at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "engine/explorer/budget.h"
#include "engine/explorer/harness.h"
#include "engine/explorer/test_pool.h"
#include "model/module_model.h"

namespace testgen::engine {

// The test as the harness tries it on mutants.
[[nodiscard]] MutantTest mutant_test(const PoolTest& test, const Universe& universe);

class MutantTrial {
 public:
  // Borrows all.
  MutantTrial(Harness& harness, const model::ModuleModel& module, const Universe& universe,
              Budget& budget);

  // Tries the tests of the pool that reach them on these mutants; at most `tests` on each. Kills
  // are written into the pool. Ends early when that part of the budget is used.
  [[nodiscard]] base::Status try_mutants(std::vector<PoolTest>& pool,
                                         std::span<const std::size_t> mutants, std::size_t tests,
                                         double until);

  // Tries exactly these pool tests on each mutant; with `first` only until one notices.
  [[nodiscard]] base::Status try_tests(std::vector<PoolTest>& pool,
                                       const std::vector<std::size_t>& tests,
                                       std::span<const std::size_t> mutants, bool first,
                                       double until);

  [[nodiscard]] bool tried(std::size_t mutant) const { return tried_[mutant]; }
  [[nodiscard]] bool killed(std::size_t mutant) const { return killed_[mutant]; }
  [[nodiscard]] std::size_t killed_count() const {
    return static_cast<std::size_t>(std::count(killed_.begin(), killed_.end(), true));
  }
  [[nodiscard]] const model::Mutation& mutation() const { return mutation_; }

  // Does the mutant change what runs while the module is imported? Then any test may notice, and
  // each trial runs the whole file.
  [[nodiscard]] bool at_import(std::size_t mutant) const { return at_import_[mutant]; }
  // The mutants that live, in the order they deserve attention: functions take turns, so that a
  // short budget still says something about each. Those whose goal is not `covered` are left out.
  // Of what runs at import most come `later`: each trial runs the whole file.
  struct Order {
    std::vector<std::size_t> first;
    std::vector<std::size_t> later;
  };
  [[nodiscard]] Order order(const std::vector<bool>& covered, base::Random& random) const;
  // Text of the line that the mutant changes.
  [[nodiscard]] std::string_view line_of(std::size_t mutant) const;

  // Can the test make a difference to the mutant?
  [[nodiscard]] bool reaches(const PoolTest& test, std::size_t mutant) const {
    return reaches(test.member.goals, mutant);
  }
  // The same for the goals that a test covers, ascending.
  [[nodiscard]] bool reaches(const std::vector<std::uint32_t>& goals, std::size_t mutant) const;

 private:
  base::Status run(std::vector<PoolTest>& pool, std::span<const std::size_t> mutants,
                   const std::vector<std::vector<std::size_t>>& tests, bool first, double until);

  [[nodiscard]] MutantTask task_for(std::size_t mutant) const;

  Harness& harness_;
  const model::Mutation& mutation_;
  const Universe& universe_;
  Budget& budget_;
  std::vector<bool> tried_;
  std::vector<bool> killed_;
  std::vector<bool> at_import_;
  // Of each mutant: goals of which one is covered when the mutant is reached; none: unknown.
  std::vector<std::vector<std::uint32_t>> gates_;
  std::size_t whole_module_ = kNone;       // the unit that is the whole file
  std::vector<std::size_t> module_lines_;  // where its lines begin
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
};

}  // namespace testgen::engine
