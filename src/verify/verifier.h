// The one verifier for whatever proposes tests. A test is kept when it passes under the real
// runner five times out of five, each time with another hash seed, time zone, locale, date and
// order; an assertion that does not hold every time is dropped, and a test that is left without
// one. The last pass runs exactly what will be emitted, in an interpreter that has run nothing
// before, and measures coverage.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/module_model.h"
#include "model/rendered_suite.h"
#include "model/report.h"
#include "model/test_case.h"
#include "verify/warm_runners.h"

namespace testgen::verify {

// The test file of these tests, were it to lie in `folder`.
using RenderSuite = std::function<model::RenderedSuite(const std::vector<model::TestCase>& tests,
                                                       const std::filesystem::path& folder,
                                                       model::SuiteLayout layout)>;

struct VerifyRequest {
  std::string file_name;  // of the test file
  RenderSuite render;
  std::vector<model::TestCase> tests;
  model::Conftests conftests;
  // What the tests import by its name, and its file: another one of that name is no proof. Empty:
  // not looked at.
  std::string module;
  std::filesystem::path source;
  // The module's goals, for branches where no coverage tool tells them; borrowed, may be null.
  const std::vector<model::Goal>* goals = nullptr;
  // When verification has to be over; what has not been proven by then is dropped, and so are
  // slow tests. None: the clock decides nothing, save that a run ends some time.
  std::optional<base::SteadyTime> deadline;
};

struct Verification {
  std::vector<model::TestCase> kept;
  std::vector<model::Omission> dropped;
  std::optional<model::Coverage> coverage;
  std::uint32_t assertions_dropped = 0;  // of tests that were kept
  int passes = 0;                        // runs that every kept test has passed
};

// `progress` gets 0 to 1. A stop request ends with what has passed at least twice and in the
// last run; nothing unverified is ever kept.
[[nodiscard]] base::Result<Verification> verify(VerifyRequest request, WarmRunners& runners,
                                                const std::function<void(double)>& progress,
                                                const std::stop_token& stop);

}  // namespace testgen::verify
