// Finds what rules describe as an expression on the bytes of a line, wherever it stands: in code,
// comments and texts. Once a line for each of a rule's expressions. Immutable; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "scan/finding.h"
#include "scan/line_table.h"
#include "scan/rules/rule.h"
#include "scan/syntax/grammar.h"

namespace testgen::scan {

class TextIndex {
 public:
  TextIndex() = default;
  // Borrows the rules.
  TextIndex(const std::vector<Rule>& rules, bool audit);
  void find(std::string_view text, std::optional<Language> language, const LineTable& lines,
            std::vector<Finding>& findings) const;

 private:
  struct Entry {
    const Rule* rule = nullptr;
    const Finder* finder = nullptr;
    std::bitset<256> begins;
  };
  std::vector<Entry> entries_;
  std::array<bool, 256> begins_{};  // whether a match of any entry begins with the byte
};

}  // namespace testgen::scan
