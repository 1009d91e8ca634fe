#include "engine/explorer/selection.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace testgen::engine {
namespace {

constexpr std::size_t kMostTests = 200;

// What tests are chosen for, in one dense numbering: goals, mutants, that each callable has a test
// of its own, and the words of a swept table, of which only some were tried as mutants.
using Item = std::size_t;
enum class ItemKind { Goal, Mutant, Subject, Word };

class Numbering {
 public:
  std::vector<Item> items_of(const PoolTest& test) {
    std::vector<Item> out;
    for (const std::uint32_t goal : test.member.goals) out.push_back(number(ItemKind::Goal, goal));
    for (const auto& [mutant, checks] : test.kills) out.push_back(number(ItemKind::Mutant, mutant));
    out.push_back(number(ItemKind::Subject, subject(test.member.program)));
    for (const Value& word : test.member.program.statements.back().sweep) {
      const auto index = words_.emplace(word.text, words_.size()).first->second;
      out.push_back(number(ItemKind::Word, index));
    }
    return out;
  }
  [[nodiscard]] std::size_t size() const { return numbers_.size(); }

 private:
  Item number(ItemKind kind, std::size_t index) {
    return numbers_.emplace(std::pair(kind, index), numbers_.size()).first->second;
  }
  std::map<std::pair<ItemKind, std::size_t>, Item> numbers_;
  std::map<std::string, std::size_t> words_;
};

}  // namespace

std::vector<std::size_t> select_tests(const std::vector<PoolTest>& pool, const Universe& universe,
                                      const SelectionLimits& limits) {
  Numbering numbering;
  std::vector<std::vector<Item>> items;
  std::vector<double> cost;
  for (const PoolTest& test : pool) {
    items.push_back(numbering.items_of(test));
    cost.push_back(std::sqrt(static_cast<double>(cost_of(test.member, universe)) + 10.0));
  }
  const auto most_errors =
      static_cast<std::size_t>(limits.error_share * static_cast<double>(limits.tests));
  std::vector<char> covered(numbering.size());
  std::vector<std::size_t> chosen;
  std::vector<bool> taken(pool.size());
  std::size_t errors = 0;
  while (chosen.size() < limits.tests) {
    double best_score = 0;
    std::size_t best = pool.size();
    for (std::size_t i = 0; i < pool.size(); ++i) {
      if (taken[i]) continue;
      if (pool[i].test.exception && errors >= most_errors) continue;
      std::size_t fresh = 0;
      for (const Item item : items[i]) fresh += covered[item] == 0 ? 1 : 0;
      const double score = static_cast<double>(fresh) / cost[i];
      if (score > best_score) {
        best_score = score;
        best = i;
      }
    }
    if (best == pool.size()) break;
    taken[best] = true;
    chosen.push_back(best);
    errors += pool[best].test.exception ? 1 : 0;
    for (const Item item : items[best]) covered[item] = 1;
  }
  // What came early may be covered by what came later.
  std::vector<std::size_t> holders(numbering.size());
  for (const std::size_t i : chosen) {
    for (const Item item : items[i]) ++holders[item];
  }
  std::vector<std::size_t> by_cost = chosen;
  std::stable_sort(by_cost.begin(), by_cost.end(),
                   [&](std::size_t a, std::size_t b) { return cost[a] > cost[b]; });
  for (const std::size_t i : by_cost) {
    const bool needed = std::any_of(items[i].begin(), items[i].end(),
                                    [&](const Item item) { return holders[item] == 1; });
    if (needed) continue;
    for (const Item item : items[i]) --holders[item];
    chosen.erase(std::find(chosen.begin(), chosen.end(), i));
  }
  limit_errors(pool, limits.error_share, chosen);
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

SelectionLimits limits_for(const Universe& universe) {
  const auto functions = std::count_if(universe.callables.begin(), universe.callables.end(),
                                       [](const Callable& callable) { return callable.wanted; });
  SelectionLimits out;
  out.tests =
      std::clamp<std::size_t>(5 * static_cast<std::size_t>(functions) / 2, out.tests, kMostTests);
  return out;
}

// Errors are the lesser part of a suite: those with least of their own go.
void limit_errors(const std::vector<PoolTest>& pool, double share,
                  std::vector<std::size_t>& chosen) {
  Numbering numbering;
  std::map<std::size_t, std::vector<Item>> items;
  for (const std::size_t i : chosen) items[i] = numbering.items_of(pool[i]);
  std::vector<std::size_t> holders(numbering.size());
  for (const auto& [i, held] : items) {
    for (const Item item : held) ++holders[item];
  }
  const auto own = [&](std::size_t i) {
    return std::count_if(items[i].begin(), items[i].end(),
                         [&](const Item item) { return holders[item] == 1; });
  };
  while (true) {
    std::vector<std::size_t> raising;
    for (const std::size_t i : chosen) {
      if (pool[i].test.exception) raising.push_back(i);
    }
    if (static_cast<double>(raising.size()) <=
        std::max(1.0, share * static_cast<double>(chosen.size()))) {
      break;
    }
    const std::size_t least =
        *std::min_element(raising.begin(), raising.end(),
                          [&](std::size_t x, std::size_t y) { return own(x) < own(y); });
    for (const Item item : items[least]) --holders[item];
    chosen.erase(std::find(chosen.begin(), chosen.end(), least));
  }
}

void select_assertions(PoolTest& test, std::size_t most) {
  auto& assertions = test.test.assertions;
  if (assertions.size() <= 1) return;
  std::uint64_t useful = 0;
  for (const auto& [mutant, checks] : test.kills) useful |= checks;
  std::vector<model::Assertion> kept;
  for (std::size_t i = 0; i < assertions.size() && kept.size() < most; ++i) {
    if (i < 64 && ((useful >> i) & 1U) != 0) kept.push_back(assertions[i]);
  }
  if (kept.empty()) kept.push_back(assertions.front());
  assertions = std::move(kept);
}

}  // namespace testgen::engine
