// Input-to-state matching (RedQueen, Aschermann et al. 2019): when an operand of a comparison
// stands in the program's own literals, put the other operand in its place. One execution then
// solves what random mutation would need thousands for. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/explorer/harness.h"
#include "engine/explorer/test_program.h"

namespace testgen::engine {

// Makes an object of a class of the module, by its name; nothing when there is no such class.
using ObjectMaker = std::function<std::optional<Value>(const std::string& class_name)>;

// At most `limit` changed copies of the program, each made from one capture; those that come first
// come first, and none takes more than a quarter of them.
[[nodiscard]] std::vector<TestProgram> substitute_operands(
    const TestProgram& program, const std::vector<Capture>& captures,
    const std::vector<model::CompareSite>& sites, base::Random& random, std::size_t limit,
    const ObjectMaker& make = {});

}  // namespace testgen::engine
