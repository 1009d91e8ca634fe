// Finds credentials by the form their issuers give them: a known beginning, the characters and
// length that follow, how random they are, and a checksum where the format has one. Works on any
// text; linear in it. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "scan/finding.h"
#include "scan/line_table.h"
#include "scan/rules/rule.h"

namespace testgen::scan {

void find_secrets(const std::vector<Rule>& rules, std::string_view text, const LineTable& lines,
                  std::vector<Finding>& findings);

// Bits a character, by the characters' frequencies.
[[nodiscard]] double entropy(std::string_view text);
// Whether the last six characters of a GitHub token are the CRC-32 of the rest, in base 62.
[[nodiscard]] bool github_checksum_fits(std::string_view token);

}  // namespace testgen::scan
