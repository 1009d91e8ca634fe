#include "engine/explorer/mutant_trial.h"

#include <algorithm>
#include <map>

#include "base/random.h"
#include "engine/explorer/assertions.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kMutantsAnExchange = 24;
constexpr std::size_t kAtImportAnExchange = 4;
constexpr std::size_t kAtImportEarly = 40;  // of them, before all functions had their turn

std::vector<std::size_t> line_starts(const std::string& text) {
  std::vector<std::size_t> out{0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') out.push_back(i + 1);
  }
  return out;
}

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

MutantTrial::MutantTrial(Harness& harness, const model::ModuleModel& module,
                         const Universe& universe, Budget& budget)
    : harness_(harness),
      mutation_(module.mutation),
      universe_(universe),
      budget_(budget),
      tried_(mutation_.mutants.size()),
      killed_(mutation_.mutants.size()) {
  std::map<std::string_view, std::vector<std::uint32_t>> goals_of;
  for (std::uint32_t goal = 0; goal < module.goals.size(); ++goal) {
    goals_of[module.goals[goal].function].push_back(goal);
  }
  for (std::size_t unit = 0; unit < mutation_.units.size(); ++unit) {
    if (mutation_.units[unit].scope.empty()) whole_module_ = unit;
  }
  if (whole_module_ != kNone) module_lines_ = line_starts(mutation_.units[whole_module_].text);
  const auto held = [&](const model::Mutant& mutant) {
    return mutation_.units[mutant.unit].scope.empty() &&
           std::any_of(module.tables.begin(), module.tables.end(), [&](const auto& table) {
             return table.first_line <= mutant.line && mutant.line <= table.last_line;
           });
  };
  for (std::size_t i = 0; i < mutation_.mutants.size(); ++i) {
    if (held(mutation_.mutants[i])) killed_[i] = true;
  }
  const auto& early = harness.symbols().import_goals;
  for (const model::Mutant& mutant : mutation_.mutants) {
    // What stands in no block of its own is reached with the function's first branches.
    gates_.push_back(mutant.goal ? std::vector<std::uint32_t>{*mutant.goal}
                                 : goals_of[mutant.function]);
    at_import_.push_back(
        mutation_.units[mutant.unit].scope.empty() ||
        std::any_of(gates_.back().begin(), gates_.back().end(), [&](std::uint32_t gate) {
          return std::binary_search(early.begin(), early.end(), gate);
        }));
  }
}

// A function that runs at import has done its work when its code could be replaced: the change
// is made in the whole file, whose lines are the function's.
MutantTask MutantTrial::task_for(std::size_t mutant) const {
  const model::Mutant& change = mutation_.mutants[mutant];
  const model::MutationUnit& unit = mutation_.units[change.unit];
  MutantTask out{&unit, mutated_text(mutation_, change), {}};
  if (unit.scope.empty() || !at_import_[mutant] || whole_module_ == kNone) return out;
  const std::string_view before = std::string_view(unit.text).substr(0, change.begin);
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) +
                    unit.first_line - 1;
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
  const model::MutationUnit& whole = mutation_.units[whole_module_];
  if (line >= module_lines_.size()) return out;
  const std::size_t begin = module_lines_[line] + (change.begin - start);
  const std::size_t length = change.end - change.begin;
  if (whole.text.compare(begin, length, unit.text, change.begin, length) != 0) return out;
  out.unit = &whole;
  out.text = whole.text;
  out.text.replace(begin, length, change.replacement);
  return out;
}

std::string_view MutantTrial::line_of(std::size_t mutant) const {
  const std::uint32_t line = mutation_.mutants[mutant].line;
  if (whole_module_ == kNone || line == 0 || line > module_lines_.size()) return {};
  const std::string_view text = mutation_.units[whole_module_].text;
  const std::size_t begin = module_lines_[line - 1];
  return text.substr(begin, text.find('\n', begin) - begin);
}

bool MutantTrial::reaches(const std::vector<std::uint32_t>& goals, std::size_t mutant) const {
  const auto& gates = gates_[mutant];
  return gates.empty() || at_import_[mutant] ||
         std::any_of(gates.begin(), gates.end(), [&](std::uint32_t gate) {
           return std::binary_search(goals.begin(), goals.end(), gate);
         });
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
  for (std::size_t begin = 0; begin < mutants.size(); begin += kMutantsAnExchange) {
    if (budget_.used() >= until) break;
    const auto some = mutants.subspan(begin, std::min(kMutantsAnExchange, mutants.size() - begin));
    std::vector<std::vector<std::size_t>> chosen;
    for (const std::size_t mutant : some) {
      std::vector<std::size_t> reaching;
      for (const std::size_t i : order) {
        if (reaches(pool[i], mutant)) reaching.push_back(i);
      }
      const std::size_t most = at_import_[mutant] ? 5 * tests : tests;
      if (reaching.size() > most) {
        // The most specific half, and the rest spread over the others.
        std::vector<std::size_t> fewer(reaching.begin(),
                                       reaching.begin() + static_cast<std::ptrdiff_t>(most / 2));
        const std::size_t rest = reaching.size() - most / 2;
        const std::size_t wanted = most - most / 2;
        for (std::size_t k = 0; k < wanted; ++k) {
          fewer.push_back(reaching[most / 2 + k * rest / wanted]);
        }
        reaching = std::move(fewer);
      }
      // One that notices is enough: those that noticed much already come first, so that few
      // tests notice all, and those that only expect an error last.
      std::stable_sort(reaching.begin(), reaching.end(), [&](std::size_t a, std::size_t b) {
        const bool error_a = pool[a].test.exception.has_value();
        const bool error_b = pool[b].test.exception.has_value();
        if (error_a != error_b) return error_b;
        return pool[a].kills.size() > pool[b].kills.size();
      });
      chosen.push_back(std::move(reaching));
    }
    TG_TRY(run(pool, some, chosen, true, until));
  }
  return {};
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
  for (std::size_t begin = 0, end = 0; begin < mutants.size(); begin = end) {
    if (budget_.used() >= until) break;
    // Few whole files at a time, so that the budget is asked often enough.
    std::size_t dear = 0;
    while (end < mutants.size() && end - begin < kMutantsAnExchange) {
      if (at_import_[mutants[end]] && ++dear > kAtImportAnExchange) break;
      ++end;
    }
    // Only the tests of this exchange travel.
    std::map<std::size_t, std::uint32_t> slots;
    std::vector<std::size_t> pool_index;
    std::vector<MutantTest> encoded;
    std::vector<MutantTask> tasks;
    for (std::size_t m = begin; m < end; ++m) {
      MutantTask task = task_for(mutants[m]);
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
        if (kill.checks == kFailsAtImport) continue;
        pool[pool_index[kill.test]].kills[mutant] = kill.checks;
      }
    }
  }
  return {};
}

MutantTrial::Order MutantTrial::order(const std::vector<bool>& covered,
                                      base::Random& random) const {
  Order out;
  std::map<std::size_t, std::vector<std::size_t>> by_unit;
  for (std::size_t i = 0; i < mutation_.mutants.size(); ++i) {
    const model::Mutant& mutant = mutation_.mutants[i];
    if (killed_[i]) continue;
    if (at_import_[i]) {
      by_unit[whole_module_].push_back(i);
    } else if (std::any_of(gates_[i].begin(), gates_[i].end(),
                           [&](std::uint32_t gate) { return covered[gate]; }) ||
               gates_[i].empty()) {
      by_unit[mutant.unit].push_back(i);
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
      if (unit == whole_module_ && i >= kAtImportEarly) {
        out.later.push_back(mutants[i]);
        continue;
      }
      places.emplace_back((static_cast<double>(i) + 0.5) / static_cast<double>(mutants.size()),
                          mutants[i]);
    }
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  out.first.reserve(places.size());
  for (const auto& [place, mutant] : places) out.first.push_back(mutant);
  return out;
}

}  // namespace testgen::engine
