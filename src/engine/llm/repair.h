// Mends a wrong expected value without asking anybody: where an assertion compares with a literal
// and failed, the literal becomes the value that was seen, and a comment says so. The test then
// pins what the code does, as the explorer's do, and no more what the model believed. Pure but
// for the clock that bounds parsing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "engine/llm/proposal.h"

namespace testgen::llm {

// The same test, whose comparisons with literals say what they saw when they fail. Nothing when
// it has no such comparison.
[[nodiscard]] std::optional<ProposedTest> with_probes(const ProposedTest& test,
                                                      const base::Clock& clock);

// The test with the literal replaced that the failure of its probed form tells of. Nothing when
// the failure is another, or the value is no plain literal.
[[nodiscard]] std::optional<ProposedTest> with_observed(const ProposedTest& test,
                                                        std::string_view failure,
                                                        const base::Clock& clock);

}  // namespace testgen::llm
