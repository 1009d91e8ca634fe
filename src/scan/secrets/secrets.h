// Finds credentials by the form their issuers give them: a known beginning, the characters and
// length that follow, how random they are, and a checksum where the format has one. Works on any
// text; linear in it. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "scan/finding.h"
#include "scan/line_table.h"
#include "scan/rules/rule.h"

namespace testgen::scan {

// The rules about credentials by the first two bytes of what they look for, so that a text is
// walked once whatever their number. Borrows the rules. Immutable; thread-safe.
class SecretIndex {
 public:
  SecretIndex() = default;
  explicit SecretIndex(const std::vector<Rule>& rules);
  void find(std::string_view text, const LineTable& lines, std::vector<Finding>& findings) const;

 private:
  struct Entry {
    std::string_view prefix;
    const Rule* rule = nullptr;
  };
  static void check(const Entry& entry, std::string_view text, std::size_t at,
                    const LineTable& lines, std::vector<Finding>& findings);
  std::vector<Entry> entries_;
  std::vector<std::uint8_t> begins_;  // by two bytes, whether an entry begins so
};

// Bits a character, by the characters' frequencies.
[[nodiscard]] double entropy(std::string_view text);
// Whether the last six characters of a GitHub token are the CRC-32 of the rest, in base 62.
[[nodiscard]] bool github_checksum_fits(std::string_view token);

}  // namespace testgen::scan
