// What the service's /ready?verbose says, as values. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace testgen::operations {

struct CheckResult {
  std::string name;
  std::string status;  // "passes", "degraded", "fails", "not configured"
  std::string message;
  [[nodiscard]] bool good() const { return status == "passes" || status == "not configured"; }
};

struct Readiness {
  bool ready = false;
  bool draining = false;
  std::vector<CheckResult> checks;
};

// Of the body, whatever the status: 503 says the same in the same words.
[[nodiscard]] base::Result<Readiness> read_readiness(std::string_view body);

}  // namespace testgen::operations
