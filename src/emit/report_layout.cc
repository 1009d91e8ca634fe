#include "emit/report_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace testgen::emit {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 1;  // bytes
};

// The code point at `at` of valid UTF-8.
CodePoint decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  if (byte(0) < 0x80) return {byte(0), 1};
  const std::size_t length = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
  char32_t value = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length && at + i < text.size(); ++i) {
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  return {value, length};
}

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode 15, the blocks that matter in names and messages; others count one column.
constexpr std::array<Range, 9> kWide{{{0x1100, 0x115F},
                                      {0x2E80, 0x303E},
                                      {0x3041, 0xA4CF},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0x1F300, 0x1FAFF},
                                      {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 6> kZero{{{0x0300, 0x036F},
                                      {0x1AB0, 0x1AFF},
                                      {0x200B, 0x200F},
                                      {0x20D0, 0x20FF},
                                      {0xFE00, 0xFE0F},
                                      {0xFE20, 0xFE2F}}};
// Marks that reorder or hide text around them: shown by number, as control characters are.
constexpr std::array<Range, 4> kHidden{
    {{0x80, 0x9F}, {0x202A, 0x202E}, {0x2066, 0x2069}, {0x2028, 0x2029}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t value) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& r) { return value >= r.first && value <= r.last; });
}

std::size_t width_of(char32_t value) {
  return within(kZero, value) ? 0 : within(kWide, value) ? 2 : 1;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t valid = std::min(base::find_invalid_utf8(text), text.size());
    for (std::size_t at = 0; at < valid;) {
      const CodePoint point = decode(text, at);
      if (point.value == '\n') {
        out += "\\n";
      } else if (point.value == '\t') {
        out += "\\t";
      } else if (point.value < 0x20 || point.value == 0x7F) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned>(point.value));
      } else if (within(kHidden, point.value)) {
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(point.value));
      } else {
        out += text.substr(at, point.length);
      }
      at += point.length;
    }
    text.remove_prefix(valid);
    if (text.empty()) break;
    out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    text.remove_prefix(1);
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode(text, at);
    width += width_of(point.value);
    at += point.length;
  }
  return width;
}

std::string shorten(std::string_view text, std::size_t width, Cut cut) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return "";
  if (cut == Cut::Front) {
    std::size_t rest = display_width(text);
    std::size_t at = 0;
    while (rest > width - 1) {
      const CodePoint point = decode(text, at);
      rest -= width_of(point.value);
      at += point.length;
    }
    return "…" + std::string(text.substr(at));
  }
  std::size_t taken = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint point = decode(text, at);
    if (taken + width_of(point.value) > width - 1) break;
    taken += width_of(point.value);
    at += point.length;
  }
  return std::string(text.substr(0, at)) + "…";
}

std::string pad(std::string_view text, std::size_t width, Align align) {
  const std::size_t used = display_width(text);
  const std::string space(used < width ? width - used : 0, ' ');
  return align == Align::Left ? std::string(text) + space : space + std::string(text);
}

std::string table(const std::vector<std::vector<std::string>>& rows, std::size_t width) {
  constexpr std::size_t kGap = 2;
  constexpr std::size_t kLeastName = 8;
  if (rows.empty()) return "";
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  std::size_t others = 0;
  for (std::size_t i = 1; i < widths.size(); ++i) others += widths[i] + kGap;
  const std::size_t room = width > others ? width - others : 0;
  widths[0] = std::min(widths[0], std::max(room, kLeastName));

  std::string out;
  for (const auto& row : rows) {
    std::string line = pad(shorten(row[0], widths[0], Cut::Front), widths[0], Align::Left);
    for (std::size_t i = 1; i < row.size(); ++i) {
      line += std::string(kGap, ' ') + pad(row[i], widths[i], Align::Right);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace testgen::emit
