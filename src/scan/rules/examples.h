// A rule's examples as its tests. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "scan/scan.h"

namespace testgen::scan {

struct FailedExample {
  const Rule* rule = nullptr;
  const Example* example = nullptr;
  bool bad = false;  // it should have been found
};

// Scans each example as a file of each of the rule's languages: what is bad must be found in one,
// what is good in none. `rule` was read with its examples, `rules` are all those that run.
[[nodiscard]] std::vector<FailedExample> failed_examples(const Rules& rules, const Rule& rule);

}  // namespace testgen::scan
