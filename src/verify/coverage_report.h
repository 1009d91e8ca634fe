// Reads the JSON report of coverage.py (`coverage json`), which was written beside code under
// test and is hostile input: numbers are bounded, and what does not fit is left out. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "model/report.h"

namespace testgen::verify {

// The report of the one file that was measured; nothing when the text is no such report.
[[nodiscard]] std::optional<model::Coverage> read_coverage(std::string_view text);

}  // namespace testgen::verify
