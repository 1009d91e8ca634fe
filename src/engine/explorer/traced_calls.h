// Lets the search begin where the project's own tests stand: types and values of arguments, how
// objects are made, and whole calls. Pure; what cannot be parsed is passed over.
#pragma once

#include <vector>

#include "engine/explorer/test_program.h"
#include "engine/explorer/universe.h"
#include "model/module_model.h"
#include "model/traced_calls.h"

namespace testgen::engine {

// Raises the weights of types that were seen and fills ParameterInfo::seen.
void learn_traced_calls(Universe& universe, const model::ModuleModel& module,
                        const model::TracedCalls& calls);

// The calls that a test can repeat, with the objects they were made on and what was done with
// those before; at most a few of each function.
[[nodiscard]] std::vector<TestProgram> programs_of_traced_calls(const Universe& universe,
                                                                const model::ModuleModel& module,
                                                                const model::TracedCalls& calls);

}  // namespace testgen::engine
