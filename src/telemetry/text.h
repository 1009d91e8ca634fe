// Text on its way out of the process: whatever the bytes were, what leaves is valid UTF-8 and
// valid JSON. Pure.
#pragma once

#include <string>
#include <string_view>

namespace testgen::telemetry {

// Appends a quoted JSON string; control characters are escaped, invalid bytes become U+FFFD.
void append_json_string(std::string& out, std::string_view text);
// The text itself when it is valid UTF-8, else a copy with U+FFFD for each invalid byte.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

}  // namespace testgen::telemetry
