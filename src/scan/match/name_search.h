// Whether any of several expressions about names may match a name that is written somewhere in a
// text. Errs on the side of yes: ^ and $ hold wherever a word begins and ends. One look-up a byte,
// as all expressions are one machine with all its states worked out beforehand. Immutable;
// thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "scan/match/pattern.h"

namespace testgen::scan {

class NameSearch {
 public:
  // Finds nothing.
  NameSearch() = default;
  // Of too many states, it finds something in every text.
  explicit NameSearch(const std::vector<const Pattern*>& patterns);

  [[nodiscard]] bool found_in(std::string_view text) const;

 private:
  friend class NameSearchBuilder;
  static constexpr std::uint16_t kFound = 0;

  bool everything_ = false;
  std::uint32_t classes_ = 0;  // of bytes that no expression tells apart
  std::array<std::uint8_t, 256> class_of_{};
  std::vector<std::uint16_t> next_;  // by state and class of the byte
  std::uint16_t start_ = 1;
};

}  // namespace testgen::scan
