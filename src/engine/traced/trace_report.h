// Reads what languages/python/trace/ reports of a run of a project's tests. The text is written
// beside code under test: a line that is not what it should be is passed over. Pure.
#pragma once

#include <string_view>

#include "model/module_model.h"
#include "model/traced_calls.h"

namespace testgen::engine {

// At most 2000 calls; a last line that was cut off is left out.
[[nodiscard]] model::TracedTests read_trace_report(std::string_view text,
                                                   const model::ModuleModel& module);

}  // namespace testgen::engine
