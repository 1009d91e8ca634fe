// What is said of tests that a person wrote, beside the figures of the module they are about.
// Plain data; tests are named as pytest does: "tests/test_cart.py::TestCart::test_total".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/report.h"

namespace testgen::model {

struct FailingTest {
  std::string test;
  std::string reason;
};

struct TestRemarks {
  std::vector<std::string> test_files;  // those that import the module, absolute
  std::vector<std::string> passing;
  std::vector<FailingTest> failing;  // on the unchanged module; the figures leave them out
  std::vector<std::string> without_assertions;
  // Of the passing ones, those that notice no change of this module; nothing when there was no
  // time to try enough mutants.
  std::optional<std::vector<std::string>> killing_nothing;
};

struct TestAnalysis {
  ModuleReport report;  // tests_kept: those that pass
  TestRemarks remarks;
};

}  // namespace testgen::model
