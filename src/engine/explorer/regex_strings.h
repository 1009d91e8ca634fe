// Makes texts that a regular expression matches, and near misses, from its pattern alone. The
// pattern is hostile: what is not understood is skipped, and everything is bounded. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace testgen::engine {

struct RegexSample {
  bool verbose = false;      // re.VERBOSE: white space and comments do not count
  bool ignore_case = false;  // re.IGNORECASE: cases are mixed
};

// A text that the whole pattern should match (look-arounds and back references are only
// approximated), at most 200 bytes. Nothing when the pattern cannot be read.
[[nodiscard]] std::optional<std::string> matching_text(std::string_view pattern,
                                                       const RegexSample& options,
                                                       base::Random& random);

}  // namespace testgen::engine
