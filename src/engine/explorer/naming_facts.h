// What can be said of one test in a few words: about its arguments, its arrangements, its
// outcome, and the branches it takes. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/explorer/test_program.h"
#include "model/module_model.h"
#include "model/test_case.h"

namespace testgen::engine {

// "width_is_zero". Lower is more telling.
struct NameFact {
  enum class Rank { Remarkable, Option, Before, Plain };
  Rank rank = Rank::Plain;
  std::string words;
  bool operator==(const NameFact& other) const { return words == other.words; }
};

// The most telling first; of equal rank in the order of the source.
[[nodiscard]] std::vector<NameFact> facts_about(const TestProgram& program,
                                                const Universe& universe);

// "returns_3", "raises_value_error"; empty when nothing short is known.
[[nodiscard]] std::string outcome_words(const model::TestCase& test);
// True for "returns_list" and its like, which say little.
[[nodiscard]] bool is_vague(std::string_view outcome);

// "width_over_zero" of the branch that is taken when `width > 0`; empty when the predicate is too
// long to be a name.
[[nodiscard]] std::string branch_words(const model::Goal& goal);

// "cart_total", "cart" for its constructor, "price".
[[nodiscard]] std::string subject_words(const Callable& callable);

}  // namespace testgen::engine
