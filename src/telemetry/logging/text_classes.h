// What kinds of bytes a text has, found in one pass of 16 bytes at a time. Most texts of a log
// turn out to need neither escaping nor a search for secrets, and this is how that is known.
#pragma once

#include <cstdint>
#include <string_view>

namespace testgen::telemetry {

struct TextClasses {
  bool escapes = false;    // control characters, DEL, quote, backslash, bytes past ASCII
  bool separator = false;  // = or : as in name=value and ://
  bool dash = false;       // - or _ as in the prefix of most vendors' keys
  bool blank = false;      // as in "Bearer x"
  bool upper = false;      // A to Z, as in AKIA…, AIza… and eyJ…

  bool operator==(const TextClasses&) const = default;
};

[[nodiscard]] TextClasses classify(std::string_view text);
// The same, byte by byte: what classify() is tested against, and its form on other processors.
[[nodiscard]] TextClasses classify_bytes(std::string_view text);

}  // namespace testgen::telemetry
