#include "pipeline/reserve.h"

#include <algorithm>

#include "pipeline/earlier_tests.h"
#include "pipeline/killing_tests.h"

namespace testgen::pipeline {
namespace {

namespace fs = std::filesystem;
using model::TestCase;
using std::chrono::milliseconds;

constexpr std::size_t kSample = 100;  // of mutants

// Tests of the reserve that kill what the suite lets live. These are mutants that the search
// aims at; the score is drawn from others and stays honest.
base::Result<std::set<std::size_t>> killing_survivors(const ReserveParts& parts,
                                                      const std::vector<TestCase>& reserve,
                                                      const std::vector<TestCase>& kept,
                                                      milliseconds limit) {
  std::set<std::string> functions;
  for (const auto& test : reserve) functions.insert(test.function);
  model::Mutation tried{parts.module.mutation.units, {}};
  for (const model::Mutant& mutant : parts.module.mutation.mutants) {
    if (functions.contains(mutant.function)) tried.mutants.push_back(mutant);
  }
  const auto as_emitted = [&](const fs::path& folder) {
    return parts.render(kept, folder, model::SuiteLayout::AsEmitted);
  };
  TG_ASSIGN(const verify::MutationResult before, parts.kills(as_emitted, tried, kSample, limit));
  model::Mutation alive{parts.module.mutation.units, {}};
  for (const verify::MutantOutcome& outcome : before.mutants) {
    if (!outcome.killed) alive.mutants.push_back(tried.mutants[outcome.mutant]);
  }
  if (alive.mutants.empty()) return std::set<std::size_t>{};
  const auto each_alone = [&](const fs::path& folder) {
    return parts.render(reserve, folder, model::SuiteLayout::OneItemACase);
  };
  TG_ASSIGN(const verify::MutationResult after, parts.kills(each_alone, alive, kSample, limit));
  return killing_tests(after, each_alone("/tmp"));
}

bool same(const TestCase& a, const TestCase& b) {
  if (a.verbatim.has_value() != b.verbatim.has_value() || a.function != b.function) return false;
  if (a.verbatim) return a.name == b.name && a.verbatim->text == b.verbatim->text;
  return a.statements == b.statements;
}

bool holds_all(const std::vector<TestCase>& tests, const std::vector<TestCase>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const TestCase& test) {
    return std::any_of(tests.begin(), tests.end(),
                       [&](const TestCase& other) { return same(test, other); });
  });
}

}  // namespace

base::Status take_from_reserve(const ReserveParts& parts, const std::vector<TestCase>& reserve,
                               const std::set<std::string>& wanted_functions,
                               std::optional<milliseconds> mutants_for,
                               verify::Verification& verification) {
  std::set<std::size_t> wanted;
  for (std::size_t i = 0; i < reserve.size(); ++i) {
    if (wanted_functions.contains(reserve[i].function)) wanted.insert(i);
  }
  if (verification.coverage) {
    const auto more = reaching_missed(reserve, parts.module.goals, *verification.coverage);
    wanted.insert(more.begin(), more.end());
  }
  if (!verification.kept.empty() && !parts.stop.stop_requested() && mutants_for) {
    TG_ASSIGN(const std::set<std::size_t> killing,
              killing_survivors(parts, reserve, verification.kept, *mutants_for));
    wanted.insert(killing.begin(), killing.end());
  }
  if (wanted.empty() || parts.stop.stop_requested()) return {};
  std::vector<TestCase> tests = verification.kept;
  for (const std::size_t index : wanted) tests.push_back(reserve[index]);
  TG_ASSIGN(verify::Verification more, parts.verify(std::move(tests)));
  if (more.kept.size() <= verification.kept.size() || !holds_all(more.kept, verification.kept)) {
    return {};
  }
  more.dropped.insert(more.dropped.begin(), verification.dropped.begin(),
                      verification.dropped.end());
  verification = std::move(more);
  return {};
}

}  // namespace testgen::pipeline
