// Writes the edits of findings into a text, and judges them by the result: the scanner no longer
// finds what they are for, finds nothing as bad elsewhere, and can read the text as well as before.
// Pure; what does not hold is left as it was.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scan/finding.h"

namespace testgen::scan {

// Scans a text of the same name with the same rules.
using Rescan = std::function<FileReport(std::string_view text)>;

struct FixedText {
  std::string text;
  std::vector<std::size_t> done;  // of the findings, ascending
  FileReport report;              // of the text, when anything was done
};

// The text with the edits of the findings `wanted` (by index), as many of them as can be done
// together. `report` is that of the text.
[[nodiscard]] FixedText apply_fixes(std::string_view text, const FileReport& report,
                                    const std::vector<std::size_t>& wanted, const Rescan& rescan);

// Takes from findings the edits that do not hold by themselves, and those of suppressed ones; shows
// in the others what the code becomes.
void keep_fixes_that_hold(std::string_view text, FileReport& report, const Rescan& rescan);

// What `patch` and `git apply` read: the text before and after the edits of the findings, which
// apply_fixes() has done. Empty when there are none.
[[nodiscard]] std::string unified_diff(std::string_view name, std::string_view text,
                                       const FileReport& report,
                                       const std::vector<std::size_t>& done);

}  // namespace testgen::scan
