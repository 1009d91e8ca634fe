#include "engine/explorer/naming.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/explorer/naming_facts.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kMaxName = 80;
constexpr std::size_t kMostFacts = 4;

// A test with all that could be said of it.
struct Draft {
  std::string head;
  std::string outcome;
  std::vector<NameFact> facts;
  std::vector<std::string> branches;  // that only this one takes, of those with the same head
};

std::string compose(const Draft& draft, const std::vector<std::string>& said) {
  std::string out = draft.head;
  bool when = false;
  for (const std::string& words : said) {
    const bool whole = words.starts_with("after_") || words.starts_with("when_") ||
                       words.starts_with("unless_") || words.starts_with("of_");
    if (whole) {
      out += "_" + words;
      when |= words.starts_with("when_");
    } else {
      out += (when ? "_and_" : "_when_") + words;
      when = true;
    }
  }
  if (draft.outcome.empty() || (!said.empty() && is_vague(draft.outcome))) return out;
  return out + "_" + draft.outcome;
}

// How many of the others can be told from this one by the fact.
std::size_t telling(const NameFact& fact, const std::vector<const Draft*>& others) {
  return static_cast<std::size_t>(
      std::count_if(others.begin(), others.end(), [&](const Draft* other) {
        return std::find(other->facts.begin(), other->facts.end(), fact) == other->facts.end();
      }));
}

class Namer {
 public:
  Namer(const std::vector<Nameless>& tests, const Universe& universe,
        const model::ModuleModel& module) {
    std::map<std::string, std::map<std::uint32_t, std::size_t>> takers;
    for (const Nameless& item : tests) {
      Draft draft;
      draft.head = "test_" + subject_words(universe.callables[subject(*item.program)]);
      draft.outcome = outcome_words(*item.test);
      draft.facts = facts_about(*item.program, universe);
      for (const std::uint32_t goal : item.test->goals) ++takers[draft.head][goal];
      drafts_.push_back(std::move(draft));
    }
    for (std::size_t i = 0; i < tests.size(); ++i) {
      for (const std::uint32_t goal : tests[i].test->goals) {
        if (goal >= module.goals.size() || takers[drafts_[i].head][goal] != 1) continue;
        if (std::string words = branch_words(module.goals[goal]); !words.empty()) {
          drafts_[i].branches.push_back(std::move(words));
        }
      }
    }
  }

  std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const Draft& draft : drafts_) out.push_back(name(draft));
    return out;
  }

 private:
  std::string name(const Draft& draft) {
    std::vector<const Draft*> others;
    for (const Draft& other : drafts_) {
      if (&other != &draft && other.head == draft.head && other.outcome == draft.outcome) {
        others.push_back(&other);
      }
    }
    std::vector<NameFact> facts = draft.facts;
    // A remarkable fact is always worth saying; of the rest, what tells this test from others.
    std::stable_sort(facts.begin(), facts.end(), [&](const NameFact& a, const NameFact& b) {
      const bool strong_a = a.rank == NameFact::Rank::Remarkable;
      const bool strong_b = b.rank == NameFact::Rank::Remarkable;
      const auto tells_a = telling(a, others);
      const auto tells_b = telling(b, others);
      const bool alone_a = tells_a == others.size();
      const bool alone_b = tells_b == others.size();
      return std::tuple(!(strong_a && alone_a), !strong_a, !alone_a, a.rank,
                        others.size() - tells_a) < std::tuple(!(strong_b && alone_b), !strong_b,
                                                              !alone_b, b.rank,
                                                              others.size() - tells_b);
    });
    std::vector<std::string> said;
    std::string chosen = compose(draft, said);
    const bool plain = facts.empty() || facts.front().rank == NameFact::Rank::Plain;
    if (!others.empty() || !plain) {
      for (const NameFact& fact : facts) {
        if (!said.empty() && !used_.contains(chosen)) break;
        if (said.size() >= kMostFacts) break;
        add(draft, fact.words, said, chosen);
      }
    }
    for (const std::string& branch : draft.branches) {
      if (!used_.contains(chosen)) break;
      add(draft, branch, said, chosen);
    }
    std::string unique = chosen;
    for (int n = 2; used_.contains(unique); ++n) {
      const std::string suffix = "_" + std::to_string(n);
      unique = chosen.substr(0, kMaxName - suffix.size()) + suffix;
    }
    used_.insert(unique);
    return unique;
  }

  static void add(const Draft& draft, const std::string& words, std::vector<std::string>& said,
                  std::string& chosen) {
    if (std::find(said.begin(), said.end(), words) != said.end()) return;
    said.push_back(words);
    std::string longer = compose(draft, said);
    if (longer.size() > kMaxName) {
      said.pop_back();
      return;
    }
    chosen = std::move(longer);
  }

  std::vector<Draft> drafts_;
  std::set<std::string> used_;
};

}  // namespace

std::vector<std::string> name_tests(const std::vector<Nameless>& tests, const Universe& universe,
                                    const model::ModuleModel& module) {
  return Namer(tests, universe, module).names();
}

}  // namespace testgen::engine
