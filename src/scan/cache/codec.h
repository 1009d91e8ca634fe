// A file's report as bytes, for the cache. What does not decode is nothing, never half a report.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scan/finding.h"

namespace testgen::scan {

// Not for reports of files that could not be scanned. The name and the time are left out.
[[nodiscard]] std::string encode_report(const FileReport& report);
[[nodiscard]] std::optional<FileReport> decode_report(std::string_view bytes);

}  // namespace testgen::scan
