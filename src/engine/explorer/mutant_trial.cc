#include "engine/explorer/mutant_trial.h"

#include <algorithm>
#include <map>

#include "base/random.h"
#include "engine/explorer/assertions.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kMutantsAnExchange = 24;

}  // namespace

MutantTest mutant_test(const PoolTest& test, const Universe& universe) {
  MutantTest out;
  out.candidate = render_program(test.member.program, universe).candidate();
  if (test.test.exception) {
    const model::ExpectedException& expected = *test.test.exception;
    out.expected = RaisedException{expected.type, expected.module, expected.message};
  }
  for (const model::Assertion& assertion : test.test.assertions) {
    out.checks.push_back(check_of(assertion));
  }
  return out;
}

bool MutantTrial::reaches(const PoolTest& test, std::size_t mutant) const {
  const auto& goal = mutation_.mutants[mutant].goal;
  return !goal || std::binary_search(test.member.goals.begin(), test.member.goals.end(), *goal);
}

base::Status MutantTrial::try_mutants(std::vector<PoolTest>& pool,
                                      std::span<const std::size_t> mutants, std::size_t tests,
                                      double until) {
  // Tests that reach little are about what they reach.
  std::vector<std::size_t> order(pool.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return pool[a].member.goals.size() < pool[b].member.goals.size();
  });
  std::vector<std::vector<std::size_t>> chosen;
  for (const std::size_t mutant : mutants) {
    std::vector<std::size_t> reaching;
    for (const std::size_t i : order) {
      if (reaches(pool[i], mutant)) reaching.push_back(i);
    }
    if (reaching.size() > tests) {
      // The most specific half, and the rest spread over the others.
      std::vector<std::size_t> fewer(reaching.begin(),
                                     reaching.begin() + static_cast<std::ptrdiff_t>(tests / 2));
      const std::size_t rest = reaching.size() - tests / 2;
      const std::size_t wanted = tests - tests / 2;
      for (std::size_t k = 0; k < wanted; ++k) {
        fewer.push_back(reaching[tests / 2 + k * rest / wanted]);
      }
      reaching = std::move(fewer);
    }
    chosen.push_back(std::move(reaching));
  }
  return run(pool, mutants, chosen, false, until);
}

base::Status MutantTrial::try_tests(std::vector<PoolTest>& pool,
                                    const std::vector<std::size_t>& tests,
                                    std::span<const std::size_t> mutants, bool first,
                                    double until) {
  std::vector<std::vector<std::size_t>> chosen;
  for (const std::size_t mutant : mutants) {
    std::vector<std::size_t> reaching;
    for (const std::size_t i : tests) {
      if (reaches(pool[i], mutant)) reaching.push_back(i);
    }
    chosen.push_back(std::move(reaching));
  }
  return run(pool, mutants, chosen, first, until);
}

base::Status MutantTrial::run(std::vector<PoolTest>& pool, std::span<const std::size_t> mutants,
                              const std::vector<std::vector<std::size_t>>& tests, bool first,
                              double until) {
  for (std::size_t begin = 0; begin < mutants.size(); begin += kMutantsAnExchange) {
    if (budget_.used() >= until) break;
    const std::size_t end = std::min(mutants.size(), begin + kMutantsAnExchange);
    // Only the tests of this exchange travel.
    std::map<std::size_t, std::uint32_t> slots;
    std::vector<std::size_t> pool_index;
    std::vector<MutantTest> encoded;
    std::vector<MutantTask> tasks;
    for (std::size_t m = begin; m < end; ++m) {
      const model::Mutant& mutant = mutation_.mutants[mutants[m]];
      MutantTask task{&mutation_.units[mutant.unit], mutated_text(mutation_, mutant), {}};
      for (const std::size_t i : tests[m]) {
        const auto [slot, fresh] = slots.emplace(i, encoded.size());
        if (fresh) {
          encoded.push_back(mutant_test(pool[i], universe_));
          pool_index.push_back(i);
        }
        task.tests.push_back(slot->second);
      }
      budget_.spend(task.tests.size() + 1);
      tasks.push_back(std::move(task));
    }
    TG_ASSIGN(const auto kills,
              harness_.run_mutants(encoded, tasks, first, budget_.time_until(until)));
    for (std::size_t k = 0; k < kills.size(); ++k) {
      const std::size_t mutant = mutants[begin + k];
      tried_[mutant] = true;
      for (const Kill& kill : kills[k]) {
        killed_[mutant] = true;
        pool[pool_index[kill.test]].kills[mutant] = kill.checks;
      }
    }
  }
  return {};
}

std::vector<std::size_t> trial_order(const model::Mutation& mutation,
                                     const std::vector<bool>& covered, base::Random& random) {
  std::map<std::size_t, std::vector<std::size_t>> by_unit;
  for (std::size_t i = 0; i < mutation.mutants.size(); ++i) {
    const auto& goal = mutation.mutants[i].goal;
    if (!goal || (*goal < covered.size() && covered[*goal])) {
      by_unit[mutation.mutants[i].unit].push_back(i);
    }
  }
  for (auto& [unit, mutants] : by_unit) {
    for (std::size_t i = mutants.size(); i > 1; --i) {
      std::swap(mutants[i - 1], mutants[random.below(i)]);
    }
  }
  // Longer functions come more often: their mutants are dealt out evenly over the whole.
  std::vector<std::pair<double, std::size_t>> places;
  for (const auto& [unit, mutants] : by_unit) {
    for (std::size_t i = 0; i < mutants.size(); ++i) {
      places.emplace_back((static_cast<double>(i) + 0.5) / static_cast<double>(mutants.size()),
                          mutants[i]);
    }
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::size_t> out;
  out.reserve(places.size());
  for (const auto& [place, mutant] : places) out.push_back(mutant);
  return out;
}

}  // namespace testgen::engine
