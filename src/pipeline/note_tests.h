// What the report says of the tests that stayed and of those that did not. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/module_model.h"
#include "model/report.h"
#include "verify/verifier.h"

namespace testgen::pipeline {

// `symbols`: what was asked for, all when empty. `by_model`: names of the tests of a model.
void note_tests(const verify::Verification& verification, const model::ModuleModel& module,
                const std::vector<std::string>& symbols, const std::set<std::string>& by_model,
                model::ModuleReport& report);

}  // namespace testgen::pipeline
