// How a call's result is used up, learnt from what calls gave: nothing of a generator runs before
// somebody asks for its items. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "engine/explorer/harness.h"
#include "engine/explorer/universe.h"

namespace testgen::engine {

// What a lazy result of that shape needs; nothing for a plain one.
[[nodiscard]] std::optional<Consumption> consumption_of(std::string_view shape);

// Whether the call went well and only what was to use its result up did not know how.
[[nodiscard]] bool could_not_be_consumed(const CandidateResult& result);

}  // namespace testgen::engine
