// The order in which tests stand in their file: that of the functions they are about. Pure.
#pragma once

#include <vector>

#include "model/module_model.h"
#include "model/test_case.h"

namespace testgen::pipeline {

void sort_by_module_order(std::vector<model::TestCase>& tests, const model::ModuleModel& module);

}  // namespace testgen::pipeline
