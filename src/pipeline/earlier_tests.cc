#include "pipeline/earlier_tests.h"

#include <algorithm>
#include <set>

#include "emit/existing_suite.h"
#include "emit/writer.h"
#include "model/asked.h"

namespace testgen::pipeline {
namespace {

using model::GoalKind;
using model::RetiredTests;
using model::TestCase;

enum class Fate { Stays, Changed, Gone };

std::string owner_of(const std::string& function) {
  return function.substr(0, function.find('.'));
}

bool inherits(const model::ModuleModel& module, const std::string& class_name) {
  return std::any_of(module.classes.begin(), module.classes.end(), [&](const auto& kind) {
    return kind.name == class_name && !kind.bases.empty();
  });
}

// Each row of a table is a test.
std::uint32_t count_of(const TestCase& test) {
  return static_cast<std::uint32_t>(std::max<std::size_t>(1, test.verbatim->rows.size()));
}

void retire(std::vector<RetiredTests>& retired, const TestCase& test, RetiredTests::Reason reason) {
  for (RetiredTests& known : retired) {
    if (known.function != test.function || known.reason != reason) continue;
    known.tests += count_of(test);
    return;
  }
  retired.push_back({test.function, count_of(test), reason});
}

// Whether a goal is the way on that a branch takes when its condition holds.
bool goes_in(GoalKind kind) {
  return kind == GoalKind::BranchTrue || kind == GoalKind::LoopEntered;
}

// What holds leads to the line that follows soonest; the rest leads elsewhere.
bool is_missed(const model::Goal& goal, const model::Coverage& coverage) {
  if (std::binary_search(coverage.missed_lines.begin(), coverage.missed_lines.end(), goal.line)) {
    return true;
  }
  if (!goal.is_branch) return false;
  std::int64_t soonest = 0;
  for (const model::BranchOutcome& way : coverage.branches) {
    const bool follows = way.line == goal.line && way.target > std::int64_t{goal.line};
    if (follows && (soonest == 0 || way.target < soonest)) soonest = way.target;
  }
  return std::any_of(coverage.branches.begin(), coverage.branches.end(), [&](const auto& way) {
    return way.line == goal.line && !way.taken && (way.target == soonest) == goes_in(goal.kind);
  });
}

}  // namespace

std::vector<TestCase> earlier_tests(const std::filesystem::path& folder, const std::string& name,
                                    const model::ImportPlan& plan, model::Framework framework) {
  const auto text = emit::intact_text(folder, name);
  if (!text) return {};
  // Two modules may want one name, and a file may have been written for the other framework.
  const bool about_it = text->find("Tests for " + plan.module_name + ",") != std::string::npos;
  const bool unittest = text->find("(unittest.TestCase):") != std::string::npos;
  if (!about_it || unittest != (framework == model::Framework::Unittest)) return {};
  return emit::read_existing_tests(*text);
}

Renewal renew(std::vector<TestCase> earlier, std::vector<TestCase> fresh,
              const std::map<std::string, std::string>& units, const model::ModuleModel& module,
              const std::vector<std::string>& symbols) {
  std::set<std::string> found;
  for (const TestCase& test : fresh) found.insert(test.function);
  const auto fate_of = [&](const TestCase& test) {
    const std::string owner = owner_of(test.function);
    // A method that is inherited has the hash of its class.
    auto unit = units.find(test.function);
    const bool own = unit != units.end();
    if (!own) unit = units.find(owner);
    if (unit == units.end()) return Fate::Gone;
    if (!model::is_asked(test.function, symbols)) return Fate::Stays;
    if (symbols.empty() && unit->second == test.verbatim->unit_hash) return Fate::Stays;
    if (own || found.contains(test.function) || inherits(module, owner)) return Fate::Changed;
    return Fate::Gone;
  };
  Renewal out;
  std::set<std::string> standing;
  for (TestCase& test : earlier) {
    const Fate fate = fate_of(test);
    if (fate == Fate::Gone) {
      retire(out.retired, test, RetiredTests::Reason::Gone);
    } else if (fate == Fate::Changed && found.contains(test.function)) {
      retire(out.retired, test, RetiredTests::Reason::Changed);
    } else {
      // Of a changed function for which nothing was found, what still passes is better than none.
      standing.insert(test.function);
      out.tests.push_back(std::move(test));
    }
  }
  for (TestCase& test : fresh) {
    (standing.contains(test.function) ? out.reserve : out.tests).push_back(std::move(test));
  }
  return out;
}

std::map<std::string, std::uint32_t> stale_functions(const std::vector<TestCase>& offered,
                                                     const std::vector<TestCase>& kept) {
  const auto key = [](const TestCase& test) {
    return std::pair{test.verbatim->class_name, test.name};
  };
  std::set<std::pair<std::string, std::string>> passed;
  for (const TestCase& test : kept) {
    if (test.verbatim) passed.insert(key(test));
  }
  std::map<std::string, std::uint32_t> out;
  for (const TestCase& test : offered) {
    if (test.verbatim && !passed.contains(key(test))) out[test.function] += count_of(test);
  }
  return out;
}

std::vector<std::size_t> reaching_missed(const std::vector<TestCase>& reserve,
                                         const std::vector<model::Goal>& goals,
                                         const model::Coverage& coverage) {
  std::set<std::uint32_t> reached;
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < reserve.size(); ++i) {
    bool adds = false;
    for (const std::uint32_t goal : reserve[i].goals) {
      if (goal >= goals.size() || !is_missed(goals[goal], coverage)) continue;
      adds |= reached.insert(goal).second;
    }
    if (adds) out.push_back(i);
  }
  return out;
}

}  // namespace testgen::pipeline
