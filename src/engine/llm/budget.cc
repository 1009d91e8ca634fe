#include "engine/llm/budget.h"

#include <array>
#include <cstdio>

namespace testgen::llm {

// Sums of doubles: what is given back must not leave a crumb that refuses the last call.
constexpr double kCrumb = 1e-9;

std::string dollars_text(double dollars) {
  std::array<char, 40> text{};
  (void)std::snprintf(text.data(), text.size(), "$%.4f", dollars);
  return text.data();
}

bool passes(double total, double dollars, double limit) {
  return dollars > 0 && limit > 0 && total + dollars > limit + kCrumb;
}

base::Error used_up(const std::string& what) {
  return {base::ErrorCode::ResourceExhausted, "the budget for models is used up: " + what,
          "raise --llm-budget, --llm-day-budget, --llm-key-budget or --llm-token-budget, or go on "
          "without a model"};
}

}  // namespace testgen::llm
