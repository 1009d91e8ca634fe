#include "engine/explorer/suite_builder.h"

#include <algorithm>
#include <set>
#include <span>

#include "engine/explorer/killer_shrink.h"
#include "engine/explorer/mutant_hunt.h"
#include "engine/explorer/naming.h"
#include "engine/explorer/observation.h"
#include "engine/explorer/selection.h"
#include "engine/explorer/word_sweep.h"

namespace testgen::engine {
namespace {

// Parts of the budget: where each step ends.
constexpr double kMinimiseShare = 0.08;
constexpr double kTrialUntil = 0.70;
constexpr double kSweepUntil = 0.79;
constexpr double kHuntUntil = 0.89;
// While so much is left and something is open, the search and the hunt take turns; the search
// gets this part of what is left. Turns that change nothing end it.
constexpr double kWorthATurn = 0.06;
constexpr double kTurnShare = 0.4;
constexpr int kIdleTurns = 3;
constexpr double kShrinkUntil = 0.94;
constexpr double kCompareUntil = 0.98;
constexpr double kConfirmUntil = 1.08;  // short, and without it the hunt was for nothing

constexpr std::size_t kTestsAMutant = 12;
constexpr std::size_t kMutantsForABlindTest = 72;
constexpr std::size_t kMutantsAtATime = 12;
constexpr std::size_t kMostAssertions = 5;

// Two tests that shrank to the same statements are one, with the assertions of both.
bool joins_twin(model::TestCase& twin, const model::TestCase& test) {
  if (twin.statements != test.statements ||
      twin.exception.has_value() != test.exception.has_value()) {
    return false;
  }
  for (const auto& assertion : test.assertions) {
    const bool known = std::find(twin.assertions.begin(), twin.assertions.end(), assertion) !=
                       twin.assertions.end();
    if (!known && twin.assertions.size() < kMostAssertions) twin.assertions.push_back(assertion);
  }
  return true;
}

// A documented error is worth a test even where no mutant is noticed.
bool pins_documented_error(const PoolTest& test) {
  return test.test.exception && test.test.exception->documented;
}

}  // namespace

SuiteBuilder::SuiteBuilder(Parts parts)
    : parts_(parts), trial_(parts.first, parts.module, parts.universe, parts.budget) {}

base::Status SuiteBuilder::build(
    const std::function<void(std::string_view step, double fraction)>& progress,
    const std::stop_token& stop) {
  progress("minimise", 0.0);
  TG_TRY(fill_pool(stop));
  progress("mutants", 0.0);
  std::vector<std::size_t> chosen;
  if (!stop.stop_requested()) {
    TG_TRY(try_sample());
    progress("mutants", 0.5);
    TG_TRY(hunt(stop, progress));
    progress("select", 0.0);
    chosen = select_tests(pool_, parts_.universe, limits_for(parts_.universe));
    TG_TRY(shrink_killers(pool_, chosen, parts_.first, parts_.universe, parts_.archive, trial_,
                          parts_.budget, kShrinkUntil));
    TG_TRY(confirm(chosen));
    TG_TRY(drop_blind_tests(chosen));
    TG_TRY(compare(chosen));
  } else {
    for (std::size_t i = 0; i < pool_.size(); ++i) {
      if (pool_[i].observed_twice) chosen.push_back(i);
    }
  }
  finish(chosen);
  return {};
}

// What survives is hunted; a hunt that ends early gives way to the search, whose new programs are
// new parents for the next one.
base::Status SuiteBuilder::hunt(const std::stop_token& stop,
                                const std::function<void(std::string_view, double)>& progress) {
  MutantHunt hunt(parts_.first, parts_.universe, parts_.module, parts_.archive,
                  parts_.search.programs(), trial_, pool_, parts_.random, parts_.budget);
  TG_TRY(hunt.run(kHuntUntil, stop));
  for (int idle = 0; idle < kIdleTurns && !stop.stop_requested();) {
    const double left = kHuntUntil - parts_.budget.used();
    if (left < kWorthATurn) break;
    const std::size_t covered = parts_.archive.covered();
    const std::size_t killed = trial_.killed_count();
    TG_TRY(parts_.search.run(parts_.budget.used() + left * kTurnShare, stop, [](double) {}));
    const std::size_t known = pool_.size();
    TG_TRY(fill_pool(stop));
    TG_TRY(try_new_tests(known));
    TG_TRY(hunt.run(kHuntUntil, stop));
    const bool changed = parts_.archive.covered() > covered || trial_.killed_count() > killed;
    idle = changed ? 0 : idle + 1;
    progress("mutants", std::min(1.0, 0.5 + parts_.budget.used() / kHuntUntil / 2));
  }
  return {};
}

// What the search reached and the pool does not, small and observed in both environments.
base::Status SuiteBuilder::fill_pool(const std::stop_token& stop) {
  auto suite = choose_suite(parts_.archive, parts_.universe, {});
  if (!pool_.empty()) {
    std::set<std::uint32_t> known;
    for (const PoolTest& test : pool_)
      known.insert(test.member.goals.begin(), test.member.goals.end());
    std::erase_if(suite, [&](SuiteMember& member) {
      std::erase_if(member.owned, [&](std::uint32_t goal) { return known.contains(goal); });
      return member.owned.empty();
    });
  }
  TG_TRY(minimise(suite, parts_.universe, parts_.first, parts_.archive, parts_.budget,
                  parts_.budget.used() + kMinimiseShare, stop));
  parts_.budget.spend(2 * suite.size());
  TG_ASSIGN(Observations observed,
            observe(suite, parts_.universe, {&parts_.first, &parts_.second}));
  std::move(observed.tests.begin(), observed.tests.end(), std::back_inserter(pool_));
  std::move(observed.omissions.begin(), observed.omissions.end(), std::back_inserter(omissions_));
  return {};
}

base::Status SuiteBuilder::try_sample() {
  std::vector<bool> covered(parts_.module.goals.size());
  for (const PoolTest& test : pool_) {
    for (const std::uint32_t goal : test.member.goals) covered[goal] = true;
  }
  const auto order = trial_.order(covered, parts_.random);
  TG_TRY(trial_.try_mutants(pool_, order.first, kTestsAMutant, kTrialUntil));
  // A dozen words of a table at once, before every mutant of it meets each test alone.
  TG_TRY(sweep_tables(parts_.first, parts_.universe, parts_.archive, trial_, pool_, parts_.random,
                      parts_.budget, kSweepUntil));
  std::vector<std::size_t> alive;
  for (const std::size_t mutant : order.later) {
    if (!trial_.killed(mutant)) alive.push_back(mutant);
  }
  return trial_.try_mutants(pool_, alive, kTestsAMutant, kSweepUntil);
}

// The tests from that index on, on whatever lives; mutants that nothing reached before meet all.
base::Status SuiteBuilder::try_new_tests(std::size_t from) {
  std::vector<bool> covered(parts_.module.goals.size());
  std::vector<std::size_t> fresh;
  for (std::size_t i = from; i < pool_.size(); ++i) {
    fresh.push_back(i);
    for (const std::uint32_t goal : pool_[i].member.goals) covered[goal] = true;
  }
  std::vector<std::size_t> untried;
  std::vector<std::size_t> survivors;
  const auto order = trial_.order(covered, parts_.random);
  for (const auto* list : {&order.first, &order.later}) {
    for (const std::size_t mutant : *list) {
      (trial_.tried(mutant) ? survivors : untried).push_back(mutant);
    }
  }
  TG_TRY(trial_.try_mutants(pool_, untried, kTestsAMutant, kHuntUntil));
  return trial_.try_tests(pool_, fresh, survivors, true, kHuntUntil);
}

// Tests that came out of the hunt were seen in one environment only: what the second does not
// agree with goes, and what is left must still notice something.
base::Status SuiteBuilder::confirm(std::vector<std::size_t>& chosen) {
  std::vector<std::size_t> fresh;
  std::vector<SuiteMember> members;
  for (const std::size_t i : chosen) {
    if (pool_[i].observed_twice) continue;
    fresh.push_back(i);
    members.push_back(pool_[i].member);
  }
  parts_.budget.spend(2 * members.size());
  TG_ASSIGN(Observations observed,
            observe(members, parts_.universe, {&parts_.first, &parts_.second}));
  std::set<std::size_t> unstable(fresh.begin(), fresh.end());
  for (std::size_t k = 0; k < observed.tests.size(); ++k) {
    const std::size_t index = fresh[observed.members[k]];
    unstable.erase(index);
    const auto before = std::move(pool_[index].kills);
    pool_[index] = std::move(observed.tests[k]);
    std::vector<std::size_t> mutants;
    for (const auto& [mutant, checks] : before) {
      if (mutants.size() < 8) mutants.push_back(mutant);
    }
    TG_TRY(trial_.try_tests(pool_, {index}, mutants, false, kConfirmUntil));
  }
  std::erase_if(chosen, [&](std::size_t i) { return unstable.contains(i); });
  return {};
}

// A test that notices no mutant of the sample gets a second chance on the others that it reaches;
// then it goes: it would not notice a change of the program either. One for which there was no
// second chance may still be all there is for some goal.
base::Status SuiteBuilder::drop_blind_tests(std::vector<std::size_t>& chosen) {
  if (parts_.module.mutation.mutants.empty()) return {};
  std::vector<std::size_t> seeing;
  std::vector<std::size_t> untried;
  for (const std::size_t i : chosen) {
    if (pool_[i].kills.empty() && !pins_documented_error(pool_[i])) {
      TG_ASSIGN(const bool tried, give_another_chance(i));
      if (!tried) {
        untried.push_back(i);
        continue;
      }
      if (pool_[i].kills.empty()) {
        omissions_.push_back({pool_[i].test.function,
                              "a call's result would not show it if the program were wrong"});
        continue;
      }
    }
    seeing.push_back(i);
  }
  std::set<std::uint32_t> covered;
  const auto cover = [&](std::size_t i) {
    bool fresh = false;
    for (const std::uint32_t goal : pool_[i].member.goals) fresh |= covered.insert(goal).second;
    return fresh;
  };
  for (const std::size_t i : seeing) cover(i);
  for (const std::size_t i : untried) {
    if (cover(i)) {
      seeing.push_back(i);
    } else {
      omissions_.push_back({pool_[i].test.function,
                            "no time was left to see what a test notices that reaches no branch "
                            "of its own"});
    }
  }
  std::sort(seeing.begin(), seeing.end());
  chosen = std::move(seeing);
  limit_errors(pool_, SelectionLimits().error_share, chosen);
  return {};
}

// Mutants that nobody was tried on first: those that are known were noticed by others. False when
// nothing of the budget was left for that.
base::Result<bool> SuiteBuilder::give_another_chance(std::size_t test) {
  if (parts_.budget.used() >= kConfirmUntil) return false;
  std::vector<std::size_t> mutants;
  for (const bool tried : {false, true}) {
    for (std::size_t m = 0; m < parts_.module.mutation.mutants.size(); ++m) {
      if (trial_.tried(m) != tried || trial_.at_import(m)) continue;
      if (trial_.reaches(pool_[test], m)) mutants.push_back(m);
    }
  }
  if (mutants.size() > kMutantsForABlindTest) mutants.resize(kMutantsForABlindTest);
  for (std::size_t at = 0; at < mutants.size() && pool_[test].kills.empty();
       at += kMutantsAtATime) {
    const auto some =
        std::span(mutants).subspan(at, std::min(kMutantsAtATime, mutants.size() - at));
    TG_TRY(trial_.try_tests(pool_, {test}, some, true, kConfirmUntil));
  }
  return true;
}

// The trial asked only for one test that notices a mutant. What the chosen ones notice beside
// that says which of their assertions matter.
base::Status SuiteBuilder::compare(const std::vector<std::size_t>& chosen) {
  std::vector<std::size_t> mutants;
  for (std::size_t m = 0; m < parts_.module.mutation.mutants.size(); ++m) {
    if (trial_.tried(m) && trial_.killed(m) && !trial_.at_import(m)) mutants.push_back(m);
  }
  for (std::size_t i = mutants.size(); i > 1; --i) {
    std::swap(mutants[i - 1], mutants[parts_.random.below(i)]);
  }
  return trial_.try_tests(pool_, chosen, mutants, false, kCompareUntil);
}

void SuiteBuilder::finish(const std::vector<std::size_t>& chosen) {
  std::vector<std::size_t> singles;
  for (const std::size_t i : chosen) {
    select_assertions(pool_[i], kMostAssertions);
    drop_idle_names(pool_[i], parts_.universe);
    const bool joined = std::any_of(singles.begin(), singles.end(), [&](const std::size_t earlier) {
      return joins_twin(pool_[earlier].test, pool_[i].test);
    });
    if (!joined) singles.push_back(i);
  }
  std::vector<Nameless> nameless;
  for (const std::size_t i : singles) {
    nameless.push_back({&pool_[i].member.program, &pool_[i].test});
  }
  const auto names = name_tests(nameless, parts_.universe, parts_.module);
  for (std::size_t k = 0; k < singles.size(); ++k) {
    model::TestCase test = std::move(pool_[singles[k]].test);
    test.name = names[k];
    tests_.push_back(std::move(test));
  }
}

}  // namespace testgen::engine
