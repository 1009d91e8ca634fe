// From what was observed to what a test may assert. Facts come from the harness and are not
// believed: an expression must start from a name the core chose, a literal must parse as one.
// Pure functions.
#pragma once

#include <string>
#include <vector>

#include "engine/explorer/harness.h"
#include "engine/explorer/test_program.h"
#include "model/test_case.h"

namespace testgen::engine {

// All that is worth asserting, what concerns the result first, at most kMaxCandidates.
inline constexpr std::size_t kMaxCandidates = 16;
[[nodiscard]] std::vector<model::Assertion> assertions_of(const std::vector<Fact>& facts,
                                                          const RenderedProgram& program,
                                                          const std::string& alias);

// The assertion as an expression that the harness evaluates.
[[nodiscard]] std::string check_of(const model::Assertion& assertion);

// What the emitted test will expect of an exception: its message only when it reads well.
[[nodiscard]] model::ExpectedException expected_exception(const RaisedException& raised,
                                                          bool documented);

}  // namespace testgen::engine
