// The one verifier for whatever proposes tests. A test is kept when it passes under the real
// runner, in fresh processes, five times out of five, each time with another hash seed, time
// zone and order; the last pass runs exactly what will be emitted and measures coverage.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/report.h"
#include "model/test_case.h"
#include "sandbox/sandbox.h"

namespace testgen::verify {

// The test file's text for these tests, were it to lie in `folder`.
using RenderSuite = std::function<std::string(const std::vector<model::TestCase>& tests,
                                              const std::filesystem::path& folder)>;

struct VerifyRequest {
  std::string interpreter;
  std::vector<std::filesystem::path> read_only;  // what the interpreter and the project need
  std::filesystem::path source;                  // the module under test
  std::string file_name;                         // of the test file
  RenderSuite render;
  std::vector<model::TestCase> tests;
  bool measure_coverage = true;  // coverage.py is there
};

struct Verification {
  std::vector<model::TestCase> kept;
  std::vector<model::Omission> dropped;
  std::optional<model::Coverage> coverage;
  int passes = 0;  // runs that every kept test has passed
};

// `progress` gets 0 to 1. A stop request ends with what has passed at least once in a fresh
// process; nothing unverified is ever kept.
[[nodiscard]] base::Result<Verification> verify(const VerifyRequest& request,
                                                sandbox::Sandbox& sandbox,
                                                const std::function<void(double)>& progress,
                                                const std::stop_token& stop);

}  // namespace testgen::verify
