#include "emit/xml.h"

#include "base/strings.h"
#include "emit/report_layout.h"

namespace testgen::emit {

std::string xml_escape(std::string_view text) {
  std::string safe;
  // printable() shows line ends and tabs too; here they are content.
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of("\n\t", at), text.size());
    safe += printable(text.substr(at, end - at));
    if (end < text.size()) safe += text[end];
    at = end + 1;
  }
  std::string out;
  for (const char c : safe) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string xml_tag(std::string_view name,
                    const std::vector<std::pair<std::string_view, std::string>>& attributes,
                    std::string_view end) {
  std::string out = "<" + std::string(name);
  for (const auto& [key, value] : attributes) {
    out += " " + std::string(key) + "=\"" + xml_escape(value) + "\"";
  }
  return out + std::string(end);
}

}  // namespace testgen::emit
