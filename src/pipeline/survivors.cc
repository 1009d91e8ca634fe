#include "pipeline/survivors.h"

#include <algorithm>

namespace testgen::pipeline {
namespace {

using std::chrono::milliseconds;

// At most `most` of them, evenly spread over the file.
std::vector<std::size_t> spread(const std::vector<std::size_t>& mutants, std::size_t most) {
  if (mutants.size() <= most) return mutants;
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < most; ++k) out.push_back(mutants[k * mutants.size() / most]);
  return out;
}

bool at_import(const model::Mutation& all, std::size_t mutant) {
  return all.units[all.mutants[mutant].unit].scope.empty();
}

// Whether a line of the unit's body ran; what runs at import always has, and a body on the line of
// its head may have.
bool ran(const model::MutationUnit& unit, const std::set<std::uint32_t>& lines) {
  if (unit.scope.empty()) return true;
  const auto height =
      static_cast<std::uint32_t>(std::count(unit.text.begin(), unit.text.end(), '\n'));
  const std::uint32_t last = unit.first_line + height - 1;  // the text ends with its last line
  if (last <= unit.def_line) return true;
  const auto first = lines.upper_bound(unit.def_line);
  return first != lines.end() && *first <= last;
}

}  // namespace

Survivors::Survivors(const model::Mutation& all, Kills kills)
    : all_(all), kills_(std::move(kills)) {
  std::vector<std::size_t> import;
  for (std::size_t i = 0; i < all_.mutants.size(); ++i) {
    if (at_import(all_, i)) {
      import.push_back(i);
    } else {
      alive_.insert(i);
    }
  }
  const auto some = spread(import, kMostMutantsAtImport);
  alive_.insert(some.begin(), some.end());
}

base::Status Survivors::learn(const Tests& suite, milliseconds limit) {
  if (suite.empty() || alive_.empty()) return {};
  std::vector<std::size_t> functions;
  std::vector<std::size_t> import;
  for (const std::size_t mutant : alive_) {
    (at_import(all_, mutant) ? import : functions).push_back(mutant);
  }
  std::vector<std::size_t> some = spread(functions, kMostMutantsAtATime);
  some.insert(some.end(), import.begin(), import.end());
  unknown_.swap(alive_);
  TG_ASSIGN(const auto outcomes, tried(some, suite, model::SuiteLayout::AsEmitted, limit));
  for (const verify::MutantOutcome& outcome : outcomes) {
    unknown_.erase(outcome.mutant);
    if (!outcome.killed) alive_.insert(outcome.mutant);
  }
  return {};
}

base::Status Survivors::add(const Tests& tests, const std::set<std::uint32_t>& lines,
                            milliseconds limit) {
  if (tests.empty()) return {};
  TG_ASSIGN(const auto outcomes,
            tried(reached(lines), tests, model::SuiteLayout::AsEmitted, limit));
  for (const verify::MutantOutcome& outcome : outcomes) {
    if (outcome.killed) kill(outcome.mutant);
  }
  return {};
}

base::Result<std::set<std::string>> Survivors::add_killers(const Tests& tests,
                                                           const std::set<std::uint32_t>& lines,
                                                           const Tests& suite, milliseconds limit) {
  std::set<std::string> out;
  if (tests.empty()) return out;
  TG_ASSIGN(auto outcomes, tried(reached(lines), tests, model::SuiteLayout::OneItemACase, limit));
  // Without a name it died before any test ran: any suite kills it.
  std::erase_if(outcomes, [&](const verify::MutantOutcome& outcome) {
    if (outcome.killed && outcome.killer.empty()) kill(outcome.mutant);
    return !outcome.killed || outcome.killer.empty();
  });
  std::vector<std::size_t> doubtful;
  for (const verify::MutantOutcome& outcome : outcomes) {
    if (unknown_.contains(outcome.mutant)) doubtful.push_back(outcome.mutant);
  }
  TG_ASSIGN(const auto known, tried(doubtful, suite, model::SuiteLayout::AsEmitted, limit));
  for (const verify::MutantOutcome& outcome : known) {
    unknown_.erase(outcome.mutant);
    if (!outcome.killed) alive_.insert(outcome.mutant);
  }
  for (const verify::MutantOutcome& outcome : outcomes) {
    if (!alive_.contains(outcome.mutant)) continue;
    kill(outcome.mutant);
    out.insert(verify::test_name(outcome.killer));
  }
  return out;
}

// Of the mutants that are not known to be killed, those that the lines can have run; known
// survivors first, where there are too many.
std::vector<std::size_t> Survivors::reached(const std::set<std::uint32_t>& lines) const {
  std::vector<bool> ran_at_all;
  for (const model::MutationUnit& unit : all_.units) ran_at_all.push_back(ran(unit, lines));
  std::vector<std::size_t> out;
  for (const auto* some : {&alive_, &unknown_}) {
    std::vector<std::size_t> reachable;
    for (const std::size_t mutant : *some) {
      if (ran_at_all[all_.mutants[mutant].unit]) reachable.push_back(mutant);
    }
    const auto taken = spread(reachable, kMostMutantsAtATime - out.size());
    out.insert(out.end(), taken.begin(), taken.end());
  }
  return out;
}

base::Result<std::vector<verify::MutantOutcome>> Survivors::tried(
    const std::vector<std::size_t>& mutants, const Tests& tests, model::SuiteLayout layout,
    milliseconds limit) const {
  std::vector<verify::MutantOutcome> out;
  if (mutants.empty()) return out;
  model::Mutation some{all_.units, {}};
  for (const std::size_t mutant : mutants) some.mutants.push_back(all_.mutants[mutant]);
  TG_ASSIGN(const verify::MutationResult result,
            kills_(tests, layout, some, mutants.size(), limit));
  for (verify::MutantOutcome outcome : result.mutants) {
    if (outcome.mutant >= mutants.size()) continue;
    outcome.mutant = mutants[outcome.mutant];
    out.push_back(std::move(outcome));
  }
  return out;
}

void Survivors::kill(std::size_t mutant) {
  alive_.erase(mutant);
  unknown_.erase(mutant);
}

}  // namespace testgen::pipeline
