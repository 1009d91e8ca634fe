#include "scoring/score.h"

#include <algorithm>

namespace testgen::scoring {
namespace {

double strength_of(const model::TestCase& test) {
  // Of a test that stays as it stood, the form is not looked into.
  if (test.verbatim) return 0.8;
  if (test.exception) return test.exception->message.empty() ? 0.6 : 0.8;
  double best = 0.0;
  for (const auto& assertion : test.assertions) {
    switch (assertion.kind) {
      case model::Assertion::Kind::Equal:
      case model::Assertion::Kind::Identity:
        best = std::max(best, 1.0);
        break;
      case model::Assertion::Kind::Approximate:
        best = std::max(best, 0.9);
        break;
      case model::Assertion::Kind::Type:
        best = std::max(best, 0.3);
        break;
    }
  }
  return best;
}

}  // namespace

double strength(const std::vector<model::TestCase>& tests) {
  if (tests.empty()) return 0.0;
  double total = 0.0;
  for (const auto& test : tests) total += strength_of(test);
  return total / static_cast<double>(tests.size());
}

double quality(double strength, const std::optional<model::Coverage>& coverage,
               const std::optional<model::MutationScore>& mutation) {
  if (strength <= 0.0) return 0.0;
  const bool tried = mutation && mutation->mutants_run > 0;
  const double killed = tried ? mutation->ratio() : strength;
  const double branches = coverage ? coverage->branch_ratio() : 0.0;
  const double lines = coverage ? coverage->line_ratio() : 0.0;
  return 0.4 * killed + 0.3 * branches + 0.1 * lines + 0.2 * strength;
}

}  // namespace testgen::scoring
