// A rule's examples as its tests. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scan/scan.h"

namespace testgen::scan {

struct FailedExample {
  enum class Why : std::uint8_t {
    NotFound,  // bad, or before a fix
    Found,     // ok, or after a fix
    NotFixed,  // no fix was found, or it makes something else of it
  } why = Why::NotFound;
  const Rule* rule = nullptr;
  const Example* example = nullptr;
};

// "does not find this bad example"
[[nodiscard]] std::string_view to_string(FailedExample::Why why);

// Scans each example as a file of each of the rule's languages: what is bad must be found in one,
// what is good in none, and what is fixed must become what the example says in one. `rule` was read
// with its examples, `rules` are all those that run.
[[nodiscard]] std::vector<FailedExample> failed_examples(const Rules& rules, const Rule& rule);

}  // namespace testgen::scan
