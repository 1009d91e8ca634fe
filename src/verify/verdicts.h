// What the passes said of each test case, put together. Plain data and pure functions.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/rendered_suite.h"
#include "model/report.h"
#include "model/test_case.h"
#include "verify/run_report.h"

namespace testgen::verify {

struct Verdict {
  bool passed = false;          // ran to its end; some of its assertions may have moved
  std::set<std::size_t> moved;  // assertions that did not hold
  std::string problem;          // why it did not pass
};

// Verdicts by index of the test case; a case that was not run has none.
using Verdicts = std::map<std::size_t, Verdict>;

// Reads a run's items as verdicts on the cases they stand for. Names nobody asked for are
// passed over.
void add_verdicts(const RunReport& report, const model::RenderedSuite& suite, Verdicts& verdicts);

// Leaves what passed, without the assertions that moved; says of the rest why it went.
// `missing` is the reason for cases without a verdict. Returns how many assertions went.
std::uint32_t keep_passed(const Verdicts& verdicts, const std::string& missing,
                          std::vector<model::TestCase>& tests,
                          std::vector<model::Omission>& dropped);

}  // namespace testgen::verify
