#include "engine/explorer/frontier.h"

#include <algorithm>
#include <map>

namespace testgen::engine {
namespace {

constexpr std::uint32_t kLinesBefore = 2;
constexpr double kSettledSites = 0.3;  // comparisons that decide nothing open, followed anyway

}  // namespace

Frontiers::Frontiers(const model::ModuleModel& module, const Archive& archive,
                     const Universe& universe, base::Random& random)
    : module_(module), archive_(archive), universe_(universe), random_(random) {
  list_conditions();
  locate_sites();
}

// Every two-sided condition, with the names in its text: `self.debug >= 1` speaks of debug.
void Frontiers::list_conditions() {
  const auto& goals = module_.goals;
  for (std::uint32_t i = 0; i + 1 < goals.size(); ++i) {
    const bool pair = (goals[i].kind == model::GoalKind::BranchTrue &&
                       goals[i + 1].kind == model::GoalKind::BranchFalse) ||
                      (goals[i].kind == model::GoalKind::LoopEntered &&
                       goals[i + 1].kind == model::GoalKind::LoopFinished);
    if (!pair || goals[i].line != goals[i + 1].line || goals[i].condition != goals[i + 1].condition)
      continue;
    std::set<std::string> names;
    std::string word;
    for (const char c : goals[i].condition + " ") {
      const bool part =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      if (part) {
        word += c;
      } else if (!word.empty()) {
        // `self._strict` keeps what was given as `strict`.
        const std::size_t bare = word.find_first_not_of('_');
        if (bare != 0 && bare != std::string::npos) names.insert(word.substr(bare));
        names.insert(std::move(word));
        word.clear();
      }
    }
    conditions_.push_back({.goal = i, .sibling = i + 1, .names = std::move(names)});
    conditions_.push_back({.goal = i + 1, .sibling = i, .names = conditions_.back().names});
  }
}

// Which comparisons stand in the text of which condition, or shortly before it: `m = p.match(s)`.
void Frontiers::locate_sites() {
  std::map<std::string, std::vector<std::uint32_t>> by_function;
  for (std::uint32_t i = 0; i < module_.compare_sites.size(); ++i) {
    by_function[module_.compare_sites[i].function].push_back(i);
  }
  for (Frontier& condition : conditions_) {
    const model::Goal& goal = module_.goals[condition.goal];
    const auto lines = std::count(goal.condition.begin(), goal.condition.end(), '\n');
    for (const std::uint32_t i : by_function[goal.function]) {
      const std::uint32_t line = module_.compare_sites[i].line;
      if (line + kLinesBefore >= goal.line && line <= goal.line + lines)
        condition.sites.push_back(i);
    }
  }
}

// A condition that was evaluated and of which one side is missing. The longer a goal resists the
// rarer it is tried.
Frontier* Frontiers::draw() {
  double total = 0;
  Frontier* chosen = nullptr;
  for (Frontier& condition : conditions_) {
    if (!archive_.open(condition.goal)) continue;
    const ArchiveEntry* parent = archive_.best(condition.sibling);
    if (parent == nullptr) continue;
    const Callable& callable = universe_.callables[subject(parent->program)];
    if (!callable.usable || !callable.wanted) continue;
    const double weight = 1.0 / (1.0 + static_cast<double>(condition.tries) / 30.0);
    total += weight;
    if (random_.unit() * total < weight) chosen = &condition;
  }
  if (chosen != nullptr) ++chosen->tries;
  return chosen;
}

// A program that evaluates the condition: the best one, or another for the sake of variety.
const TestProgram& Frontiers::parent_at(const Frontier& frontier) {
  const auto& others = archive_.reaching(frontier.sibling);
  if (!others.empty() && random_.chance(0.5)) {
    const TestProgram& other = archive_.entry(random_.pick(others)).program;
    const Callable& callable = universe_.callables[subject(other)];
    if (callable.usable && callable.wanted) return other;
  }
  return archive_.best(frontier.sibling)->program;
}

// Of what was captured that which decides a condition with a side missing, and behind it a little
// of the rest.
std::vector<Capture> Frontiers::worth_following(std::vector<Capture> captures) {
  std::set<std::uint32_t> open;
  for (const Frontier& condition : conditions_) {
    if (archive_.open(condition.goal)) open.insert(condition.sites.begin(), condition.sites.end());
  }
  std::erase_if(captures, [&](const Capture& capture) {
    return !open.contains(capture.site) && !random_.chance(kSettledSites);
  });
  for (std::size_t i = captures.size(); i > 1; --i) {
    std::swap(captures[i - 1], captures[random_.below(i)]);
  }
  std::stable_partition(captures.begin(), captures.end(),
                        [&](const Capture& capture) { return open.contains(capture.site); });
  return captures;
}

void Frontiers::look_afresh() {
  for (Frontier& condition : conditions_) condition.tries = 0;
}

}  // namespace testgen::engine
