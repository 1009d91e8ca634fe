#include "telemetry/text.h"

#include "base/strings.h"

namespace testgen::telemetry {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Splits text into its valid stretches and its invalid bytes.
template <class OnValid, class OnInvalid>
void walk(std::string_view text, OnValid on_valid, OnInvalid on_invalid) {
  while (!text.empty()) {
    const std::size_t bad = base::find_invalid_utf8(text);
    if (bad == std::string_view::npos) return on_valid(text);
    on_valid(text.substr(0, bad));
    on_invalid();
    text.remove_prefix(bad + 1);
  }
}

void append_escape(std::string& out, char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kDigits[static_cast<unsigned char>(c) >> 4U];
      out += kDigits[static_cast<unsigned char>(c) & 15U];
  }
}

void append_escaped(std::string& out, std::string_view valid) {
  std::size_t start = 0;
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const char c = valid[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != 0x7f) continue;
    out.append(valid.data() + start, i - start);
    append_escape(out, c);
    start = i + 1;
  }
  out.append(valid.data() + start, valid.size() - start);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  walk(
      text, [&](std::string_view valid) { append_escaped(out, valid); },
      [&] { out += kReplacement; });
  out += '"';
}

std::string to_valid_utf8(std::string_view text) {
  std::string out;
  walk(
      text, [&](std::string_view valid) { out += valid; }, [&] { out += kReplacement; });
  return out;
}

}  // namespace testgen::telemetry
