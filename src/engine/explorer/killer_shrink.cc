#include "engine/explorer/killer_shrink.h"

#include <algorithm>
#include <map>

#include "engine/explorer/observation.h"

namespace testgen::engine {
namespace {

constexpr int kRounds = 4;
constexpr std::size_t kVariants = 24;
constexpr std::size_t kMutantsToKeep = 6;

struct Duty {
  std::vector<std::uint32_t> goals;
  std::vector<std::size_t> mutants;
};

// What only this test of the chosen holds; of mutants at least one, where it has any.
Duty duty_of(std::size_t index, const std::vector<PoolTest>& pool,
             const std::map<std::uint32_t, std::size_t>& goal_holders,
             const std::map<std::size_t, std::size_t>& mutant_holders) {
  Duty out;
  for (const std::uint32_t goal : pool[index].member.goals) {
    if (goal_holders.at(goal) == 1) out.goals.push_back(goal);
  }
  for (const auto& [mutant, checks] : pool[index].kills) {
    if (mutant_holders.at(mutant) == 1) out.mutants.push_back(mutant);
  }
  if (out.mutants.empty() && !pool[index].kills.empty()) {
    out.mutants.push_back(pool[index].kills.begin()->first);
  }
  if (out.mutants.size() > kMutantsToKeep) out.mutants.resize(kMutantsToKeep);
  return out;
}

class Shrinker {
 public:
  Shrinker(Harness& harness, const Universe& universe, const Archive& archive, MutantTrial& trial,
           Budget& budget, double until)
      : harness_(harness),
        universe_(universe),
        archive_(archive),
        trial_(trial),
        budget_(budget),
        until_(until) {}

  // True when the test got smaller.
  base::Result<bool> once(PoolTest& test, const Duty& duty) {
    std::vector<TestProgram> variants = plainer_variants(test.member.program, universe_);
    for (TestProgram& variant : smaller_variants(test.member.program, universe_)) {
      variants.push_back(std::move(variant));
    }
    if (variants.size() > kVariants) variants.resize(kVariants);
    std::vector<RenderedProgram> rendered;
    std::vector<Candidate> candidates;
    for (TestProgram& variant : variants) {
      variant = with_named_arguments(std::move(variant));
      rendered.push_back(render_program(variant, universe_));
      candidates.push_back(rendered.back().candidate());
    }
    if (candidates.empty()) return false;
    budget_.spend(candidates.size());
    TG_ASSIGN(const auto results, harness_.run(candidates, {.observe = true, .shared = true}));
    std::vector<PoolTest> able;
    for (std::size_t i = 0; i < variants.size(); ++i) {
      const CandidateResult& result = results[i];
      if (!ended_in_act(result, rendered[i].lines.size())) continue;
      if (archive_.standing_of(result) != test.member.standing) continue;
      if (!std::includes(result.goals.begin(), result.goals.end(), duty.goals.begin(),
                         duty.goals.end())) {
        continue;
      }
      SuiteMember member{variants[i], test.member.standing, signature_of(result), {}, result.goals};
      auto made = test_of(member, rendered[i], result, universe_);
      if (made) able.push_back({std::move(member), *std::move(made), {}, false});
    }
    if (able.empty()) return false;
    std::stable_sort(able.begin(), able.end(), [&](const PoolTest& a, const PoolTest& b) {
      return cost_of(a.member, universe_) < cost_of(b.member, universe_);
    });
    std::vector<std::size_t> all(able.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    TG_TRY(trial_.try_tests(able, all, duty.mutants, false, until_));
    for (PoolTest& candidate : able) {
      if (candidate.kills.size() != duty.mutants.size()) continue;
      test = std::move(candidate);
      return true;
    }
    return false;
  }

 private:
  Harness& harness_;
  const Universe& universe_;
  const Archive& archive_;
  MutantTrial& trial_;
  Budget& budget_;
  double until_;
};

}  // namespace

base::Status shrink_killers(std::vector<PoolTest>& pool, const std::vector<std::size_t>& chosen,
                            Harness& harness, const Universe& universe, const Archive& archive,
                            MutantTrial& trial, Budget& budget, double until) {
  std::map<std::uint32_t, std::size_t> goal_holders;
  std::map<std::size_t, std::size_t> mutant_holders;
  for (const std::size_t i : chosen) {
    for (const std::uint32_t goal : pool[i].member.goals) ++goal_holders[goal];
    for (const auto& [mutant, checks] : pool[i].kills) ++mutant_holders[mutant];
  }
  // What the hunt found comes first. What the search found was shrunk before its mutants were
  // known, and is taken up again where plainer values are left to try.
  std::map<std::size_t, Duty> hunted;
  std::map<std::size_t, Duty> searched;
  for (const std::size_t i : chosen) {
    const SuiteMember& member = pool[i].member;
    // The words of a table stay together: each is there for mutants of its own.
    if (!member.program.statements.back().sweep.empty()) continue;
    if (pool[i].observed_twice && plainer_variants(member.program, universe).empty()) continue;
    (pool[i].observed_twice ? searched : hunted)[i] =
        duty_of(i, pool, goal_holders, mutant_holders);
  }
  Shrinker shrinker(harness, universe, archive, trial, budget, until);
  for (auto* duties : {&hunted, &searched}) {
    for (int round = 0; round < kRounds && !duties->empty(); ++round) {
      for (auto item = duties->begin(); item != duties->end();) {
        if (budget.used() >= until) return {};
        TG_ASSIGN(const bool smaller, shrinker.once(pool[item->first], item->second));
        item = smaller ? std::next(item) : duties->erase(item);
      }
    }
  }
  return {};
}

}  // namespace testgen::engine
