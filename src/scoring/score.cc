#include "scoring/score.h"

#include <algorithm>

namespace testgen::scoring {
namespace {

double strength(const model::TestCase& test) {
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

double quality(const std::vector<model::TestCase>& tests,
               const std::optional<model::Coverage>& coverage) {
  if (tests.empty()) return 0.0;
  double total = 0.0;
  for (const auto& test : tests) total += strength(test);
  const double mean = total / static_cast<double>(tests.size());
  const double branches = coverage ? coverage->branch_ratio() : 0.0;
  const double lines = coverage ? coverage->line_ratio() : 0.0;
  return 0.5 * branches + 0.2 * lines + 0.3 * mean;
}

}  // namespace testgen::scoring
