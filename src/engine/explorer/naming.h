// Names tests for the behaviour they pin: test_wrap_when_text_is_empty_returns_empty_list. A name
// says what makes its test unlike the other tests of the same function: an argument, an option,
// what happened before, or the branch that only this one takes.
#pragma once

#include <string>
#include <vector>

#include "engine/explorer/test_program.h"
#include "model/module_model.h"
#include "model/test_case.h"

namespace testgen::engine {

// Borrows both.
struct Nameless {
  const TestProgram* program = nullptr;
  const model::TestCase* test = nullptr;
};

// One name each, in the same order; unique, at most 80 bytes.
[[nodiscard]] std::vector<std::string> name_tests(const std::vector<Nameless>& tests,
                                                  const Universe& universe,
                                                  const model::ModuleModel& module);

}  // namespace testgen::engine
