// Copies of a program in which one value, or a part of one, is another: what hints of errors and
// operands seen at comparisons are turned into. Pure.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/explorer/test_program.h"

namespace testgen::engine {

// The other value for this one; nothing where there is none.
using ValueChange = std::function<std::optional<Value>(const Value&)>;

// For each of the first `most_nodes` nodes of each value of one statement, until `out` holds
// `limit`.
void change_values(const TestProgram& program, std::size_t statement, std::size_t most_nodes,
                   const ValueChange& change, std::size_t limit, std::vector<TestProgram>& out);

}  // namespace testgen::engine
