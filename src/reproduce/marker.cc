#include "reproduce/marker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/strings.h"
#include "emit/python_source.h"

namespace testgen::reproduce {
namespace {

struct Row {
  std::uint32_t cwe;
  std::string_view text;
  bool anywhere = false;
};

// Both quotes wherever a quote ends a text: Python, shells and databases escape one or the other.
constexpr std::string_view kShell = "testgen'\";id";
constexpr std::string_view kCode = "testgen'\"+x";
constexpr std::string_view kSql = "testgen'\" OR 1=1";
constexpr std::string_view kPath = "../testgen";
constexpr std::string_view kHtml = "<testgen'\">";
constexpr std::string_view kLine = "testgen\r\nmarker";
constexpr std::string_view kUrl = "https://testgen.invalid/marker";
constexpr std::string_view kPattern = "(testgen+)+";
constexpr std::string_view kPlain = "testgen'\"<marker>";

constexpr std::array<Row, 32> kRows{{{22, kPath},
                                     {23, kPath},
                                     {36, kPath},
                                     {73, kPath},
                                     {77, kShell},
                                     {78, kShell},
                                     {79, kHtml, true},
                                     {80, kHtml, true},
                                     {88, kShell},
                                     {89, kSql},
                                     {90, "testgen*)(marker", true},
                                     {91, kPlain},
                                     {93, kLine, true},
                                     {94, kCode},
                                     {95, kCode},
                                     {96, kCode},
                                     {113, kLine, true},
                                     {116, kHtml, true},
                                     {117, kLine, true},
                                     {470, kPlain, true},
                                     {501, kPlain, true},
                                     {502, kPlain},
                                     {564, kSql},
                                     {601, kUrl},
                                     {611, kPlain},
                                     {625, kPattern},
                                     {643, kPlain},
                                     {730, kPattern},
                                     {918, kUrl},
                                     {943, kSql, true},
                                     {1333, kPattern},
                                     {1336, "{{testgen}}"}}};

}  // namespace

std::string literal(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' '; });
  if (plain) return emit::python_string(text);
  std::string out = emit::python_string(text);
  for (std::size_t at = 0; at < out.size(); ++at) {
    const auto byte = static_cast<unsigned char>(out[at]);
    if (byte >= 0x20) continue;
    const std::string escaped = out[at] == '\n'   ? "\\n"
                                : out[at] == '\r' ? "\\r"
                                : out[at] == '\t' ? "\\t"
                                                  : fmt::format("\\x{:02x}", byte);
    out.replace(at, 1, escaped);
    at += escaped.size() - 1;
  }
  return out;
}

std::optional<Marker> marker_for(std::uint32_t cwe) {
  const auto* const row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) { return one.cwe == cwe; });
  if (row == kRows.end()) return std::nullopt;
  const std::string text(row->text);
  return Marker{text, literal(text), "b" + literal(text), row->anywhere};
}

}  // namespace testgen::reproduce
