// Turns suite members into test cases: runs each alone, in a fresh process, in two environments
// that differ in hash seed and time zone, and asserts only what was the same every time.
#pragma once

#include <stop_token>
#include <vector>

#include "base/result.h"
#include "engine/explorer/suite.h"
#include "model/report.h"
#include "model/test_case.h"

namespace testgen::engine {

struct Observations {
  std::vector<model::TestCase> tests;
  std::vector<model::Omission> omissions;  // members that were dropped, and why
};

[[nodiscard]] base::Result<Observations> observe_suite(const std::vector<SuiteMember>& suite,
                                                       const Universe& universe,
                                                       const std::vector<Harness*>& environments);

}  // namespace testgen::engine
