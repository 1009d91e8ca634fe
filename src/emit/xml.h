// The little of XML that reports need. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testgen::emit {

// For element content and double-quoted attributes. Bytes that XML 1.0 has no way to carry
// (control characters, invalid UTF-8) come out as visible text; tabs and line ends stay.
[[nodiscard]] std::string xml_escape(std::string_view text);

// `<name key="value">`, escaped; `end` is ">" or "/>".
[[nodiscard]] std::string xml_tag(
    std::string_view name, const std::vector<std::pair<std::string_view, std::string>>& attributes,
    std::string_view end);

}  // namespace testgen::emit
