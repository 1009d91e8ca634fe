// The coverage-guided search: makes programs, runs them in batches in the harness, keeps what
// reaches something new, and learns argument types and operands from what it sees.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "engine/explorer/archive.h"
#include "engine/explorer/budget.h"
#include "engine/explorer/environment_plan.h"
#include "engine/explorer/frontier.h"
#include "engine/explorer/harness.h"
#include "engine/explorer/program_factory.h"
#include "engine/explorer/universe.h"
#include "engine/explorer/value_factory.h"

namespace testgen::engine {

class Search {
 public:
  // Borrows all; the universe is changed as types are learnt.
  Search(Harness& harness, Universe& universe, const model::ModuleModel& module, Archive& archive,
         base::Random& random, Budget& budget);

  // Runs until that part of the budget is used (and a little more while it still finds something),
  // all is covered, two plateaus, or a stop request.
  // `progress` gets 0 to 1.
  [[nodiscard]] base::Status run(double until, const std::stop_token& stop,
                                 const std::function<void(double)>& progress);

  // Makes programs with all that the search has learnt.
  [[nodiscard]] ProgramFactory& programs() { return programs_; }

  // Programs to be run before all others; to be called before run().
  void begin_with(std::vector<TestProgram> programs);

 private:
  struct Effort {
    std::uint64_t tries = 0;       // programs run for this callable
    std::uint64_t since_gain = 0;  // of them, since the last new goal
    std::uint64_t hangs = 0;
    std::uint64_t crashes = 0;
    int fuel_losses = 0;             // consumed forever
    std::uint64_t results = 0;       // seen as they are
    std::uint64_t lazy_results = 0;  // of them, those that have to be run to their end
    std::uint64_t uses = 0;          // results that were to be run to their end
    std::uint64_t refusals = 0;      // of them, those that have none
    std::vector<std::size_t> reach;  // callables whose goals it may reach
  };

  void seed_queue();
  [[nodiscard]] std::optional<TestProgram> next_program();
  [[nodiscard]] std::optional<TestProgram> at_frontier();
  [[nodiscard]] const ArchiveEntry* entry_for(const std::vector<std::size_t>& callables);
  [[nodiscard]] std::optional<TestProgram> on_known_object(std::size_t callable);
  [[nodiscard]] std::vector<TestProgram> next_batch();
  [[nodiscard]] std::size_t draw_callable();
  // So that code that hangs costs little of the budget.
  [[nodiscard]] RunOptions bounded(RunOptions options) const;
  base::Status execute(const std::vector<TestProgram>& batch);
  base::Status follow_operands();
  void learn(const TestProgram& program, const CandidateResult& result, bool gained);
  void take_hint(const TestProgram& program, const CandidateResult& result);
  void keep_object(const TestProgram& program, const CandidateResult& result);
  [[nodiscard]] static bool refuses_consumption(Effort& effort, const CandidateResult& result);
  void note_outcome(const TestProgram& program, const CandidateResult& result);
  void compute_reach();
  [[nodiscard]] bool all_reached() const;
  [[nodiscard]] bool on_plateau(double now, double begin) const;
  void insist();
  [[nodiscard]] double urgency(std::size_t callable) const;

  Harness& harness_;
  Universe& universe_;
  const model::ModuleModel& module_;
  Archive& archive_;
  base::Random& random_;
  Budget& budget_;
  ValueFactory values_;
  ProgramFactory programs_;
  EnvironmentPlanner environment_;
  std::vector<Effort> efforts_;
  Frontiers frontiers_;
  // Of each callable's parameters, before anything was learnt.
  std::vector<std::vector<decltype(ParameterInfo::weights)>> first_weights_;
  std::map<std::pair<std::size_t, std::string>, int> hints_;  // callable and message → taken
  std::deque<TestProgram> queue_;                             // run before anything random
  std::vector<TestProgram> interesting_;  // to be run again with operand capture
  std::uint64_t tries_since_gain_ = 0;
  double last_gain_ = 0;    // budget used then
  double until_ = 1;        // of the budget, in this run
  bool insisting_ = false;  // after the first plateau
  std::uint64_t rounds_ = 0;
};

}  // namespace testgen::engine
