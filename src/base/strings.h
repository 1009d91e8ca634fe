// Text helpers that the standard library lacks. All functions are pure; text is UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace testgen::base {

[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string to_lower(std::string_view text);  // ASCII only
[[nodiscard]] std::string replace_all(std::string text, std::string_view from, std::string_view to);
// Byte offset of the first invalid UTF-8 sequence, or npos when the text is valid.
[[nodiscard]] std::size_t find_invalid_utf8(std::string_view text);
// The code point's UTF-8 form. Surrogates are encoded like any other: find_invalid_utf8 tells.
void append_utf8(std::string& out, std::uint32_t code_point);
// The text on one line, blanks collapsed, at most `most` bytes of valid UTF-8; "..." closes what
// was cut.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t most);
// Levenshtein distance, for "did you mean".
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace testgen::base
