// Whether an amount of dollars still fits under a limit, and the error when it does not. Pure.
#pragma once

#include <string>

#include "base/result.h"

namespace testgen::llm {

// "$0.1234".
[[nodiscard]] std::string dollars_text(double dollars);

// Whether the total would be above the limit; 0 is no limit. What is nothing or less never is.
[[nodiscard]] bool passes(double total, double dollars, double limit);

// ResourceExhausted; `what` says how much of which limit is used.
[[nodiscard]] base::Error used_up(const std::string& what);

}  // namespace testgen::llm
