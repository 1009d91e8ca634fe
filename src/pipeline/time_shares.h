// How the time for a module is divided: the search first, then verification, then the score. What
// the last two need hardly grows with the budget, so of what goes past kShort they get a third of
// their share. All times are counted from the start of the module. Pure.
#pragma once

#include <algorithm>
#include <chrono>

namespace testgen::pipeline {

constexpr std::chrono::milliseconds kShort{10'000};

// A share of a short budget, and a third of it of what is longer.
[[nodiscard]] constexpr std::chrono::milliseconds kept_back(std::chrono::milliseconds budget,
                                                            double share) {
  const auto first = std::min(budget, kShort);
  return std::chrono::duration_cast<std::chrono::milliseconds>(first * share +
                                                               (budget - first) * (share / 3));
}

// For the search. A renewal (an earlier file is there) looks among the new tests for what that
// file lacks, and verifies once more what it takes from them.
[[nodiscard]] constexpr std::chrono::milliseconds engine_time(std::chrono::milliseconds budget,
                                                              bool renewal) {
  return budget - kept_back(budget, renewal ? 0.38 : 0.28);
}

// When verification ends, so that the score gets the rest.
[[nodiscard]] constexpr std::chrono::milliseconds verified_until(std::chrono::milliseconds budget) {
  return budget - kept_back(budget, 0.12);
}

// The same for the tests that stand, where something may have to be taken from new ones.
[[nodiscard]] constexpr std::chrono::milliseconds standing_tests_verified_until(
    std::chrono::milliseconds budget) {
  return budget - kept_back(budget, 0.26);
}

// What the score gets however late it is.
[[nodiscard]] constexpr std::chrono::milliseconds least_score_time(
    std::chrono::milliseconds budget) {
  return std::max(std::chrono::milliseconds(300), kept_back(budget, 0.06));
}

}  // namespace testgen::pipeline
