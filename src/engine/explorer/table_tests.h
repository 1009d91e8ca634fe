// Tests of what a module publishes as data: `__all__`, and tables written down entry by entry that
// others import. Their entries are values, so one assertion holds a table.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/explorer/harness.h"
#include "model/module_model.h"
#include "model/test_case.h"

namespace testgen::engine {

// The largest tables first, a test each; what the environments (borrowed) do not agree on is left
// out. `symbols` are the names that tests are wanted for; empty: all.
[[nodiscard]] base::Result<std::vector<model::TestCase>> table_tests(
    const model::ModuleModel& module, const std::string& alias,
    const std::vector<std::string>& symbols, const std::vector<Harness*>& environments);

}  // namespace testgen::engine
