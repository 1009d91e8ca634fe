// A parametrized test, rewritten as our own tables are: one decorator whose rows have ids. Pure
// but for the clock that bounds parsing.
#pragma once

#include "base/clock.h"
#include "engine/llm/proposal.h"

namespace testgen::llm {

// Leaves a test without such a decorator alone. A reason when the decorator is of a form that
// cannot be rewritten: several of them, or rows that are not written down one by one.
[[nodiscard]] std::string name_rows(ProposedTest& test, const base::Clock& clock);

}  // namespace testgen::llm
