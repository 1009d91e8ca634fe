// Comments that say why a finding does not count:
//   # testgen: ignore[python/sql-injection] the table's name is a constant of ours
// on the finding's line, or alone on the line before it. Without brackets it is about every rule.
// A comment without a reason suppresses nothing. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scan/finding.h"

namespace testgen::scan {

struct Suppression {
  std::uint32_t line = 0;          // of the code it is about
  std::vector<std::string> rules;  // ids or their beginnings; empty: all
  std::string reason;
};

// Those with a reason, in the order of lines. Lines of those without one go to `unreasoned`.
[[nodiscard]] std::vector<Suppression> read_suppressions(std::string_view text,
                                                         std::vector<std::uint32_t>* unreasoned);

void apply_suppressions(const std::vector<Suppression>& suppressions,
                        std::vector<Finding>& findings);

}  // namespace testgen::scan
