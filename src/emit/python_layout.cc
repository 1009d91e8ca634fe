#include "emit/python_layout.h"

#include <algorithm>

#include "emit/python_source.h"

namespace testgen::emit {
namespace {

constexpr std::size_t kIndent = 4;
constexpr std::size_t kShortestPiece = 24;

bool opens(char c) {
  return c == '(' || c == '[' || c == '{';
}

struct Bracket {
  std::size_t open = std::string_view::npos;
  std::size_t close = std::string_view::npos;
};

// The pair at the top level that holds the most, the last of several.
Bracket outermost(std::string_view line) {
  Bracket best;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == '"' || line[i] == '\'') {
      i = skip_string(line, i);
      continue;
    }
    if (!opens(line[i])) {
      ++i;
      continue;
    }
    const std::size_t close = closing_bracket(line, i);
    if (close == std::string_view::npos) break;
    const bool empty = close == i + 1;
    if (!empty && (best.open == std::string_view::npos || close - i >= best.close - best.open)) {
      best = {i, close};
    }
    i = close + 1;
  }
  return best;
}

bool is_one_string(std::string_view text) {
  return !text.empty() && text[0] == '"' && skip_string(text, 0) == text.size();
}

// The string literal at the end of `… == "text"` or `… = "text"`; npos when there is none.
std::size_t trailing_string(std::string_view line) {
  if (line.empty() || line.back() != '"') return std::string_view::npos;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == '"' || line[i] == '\'') {
      const std::size_t end = skip_string(line, i);
      const bool after_equals = i >= 2 && line.substr(i - 2, 2) == "= ";
      if (end == line.size()) return after_equals ? i : std::string_view::npos;
      i = end;
    } else {
      ++i;
    }
  }
  return std::string_view::npos;
}

std::string pieces_below(const std::vector<std::string>& pieces, std::size_t indent) {
  std::string out;
  for (const std::string& piece : pieces) out += std::string(indent, ' ') + piece + "\n";
  return out;
}

// A comprehension or a lambda has commas that do not separate items.
bool splittable(std::string_view inner) {
  return inner.find(" for ") == std::string_view::npos &&
         inner.find("lambda") == std::string_view::npos;
}

std::string packed(const std::vector<std::string_view>& items, std::size_t indent,
                   std::size_t width) {
  std::string out;
  std::string line;
  for (const std::string_view item : items) {
    if (!line.empty() && indent + line.size() + item.size() + 2 > width) {
      out += std::string(indent, ' ') + line + "\n";
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += std::string(item) + ",";
  }
  return out + std::string(indent, ' ') + line + "\n";
}

}  // namespace

std::vector<std::string> split_string(std::string_view literal, std::size_t width) {
  if (literal.size() <= width || !is_one_string(literal) || width < kShortestPiece) {
    return {std::string(literal)};
  }
  std::vector<std::string> out;
  std::string_view rest = literal.substr(1, literal.size() - 2);
  while (rest.size() + 2 > width) {
    // The last place to cut that fits, never inside an escape.
    std::size_t cut = 0;
    for (std::size_t i = 0; i < rest.size() && i + 2 <= width - 2;) {
      const std::size_t step = rest[i] == '\\' ? 2 : 1;
      const bool line_end = step == 2 && i + 1 < rest.size() && rest[i + 1] == 'n';
      if (line_end || rest[i] == ' ') cut = i + step;
      i += step;
    }
    if (cut == 0 || cut >= rest.size()) break;
    out.push_back("\"" + std::string(rest.substr(0, cut)) + "\"");
    rest.remove_prefix(cut);
  }
  out.push_back("\"" + std::string(rest) + "\"");
  return out;
}

std::string wrap_line(std::string_view line, std::size_t indent, std::size_t width,
                      Filling filling) {
  const std::string padding(indent, ' ');
  if (indent + line.size() <= width) return padding + std::string(line);
  if (const std::size_t at = trailing_string(line); at != std::string_view::npos) {
    const auto pieces = split_string(line.substr(at), width - indent - kIndent);
    if (pieces.size() > 1) {
      return padding + std::string(line.substr(0, at)) + "(\n" +
             pieces_below(pieces, indent + kIndent) + padding + ")";
    }
  }
  const auto [open, close] = outermost(line);
  if (open == std::string_view::npos) return padding + std::string(line);
  const std::string_view inner = line.substr(open + 1, close - open - 1);
  const auto items = comma_separated(inner);
  std::string out = padding + std::string(line.substr(0, open + 1)) + "\n";
  const bool one = items.size() == 1 && line[open] != '[' && line[open] != '{';
  if (one && is_one_string(items[0])) {
    out += pieces_below(split_string(items[0], width - indent - kIndent), indent + kIndent);
  } else if (!splittable(inner) || (items.size() == 1 && !one) ||
             indent + kIndent + inner.size() <= width) {
    out += wrap_line(inner, indent + kIndent, width, filling) + "\n";
  } else if (const bool small = std::all_of(items.begin(), items.end(),
                                            [](auto item) { return item.size() <= 24; });
             filling == Filling::Packed && small) {
    out += packed(items, indent + kIndent, width);
  } else {
    for (const std::string_view item : items) {
      out += wrap_line(item, indent + kIndent, width, filling) + ",\n";
    }
  }
  return out + padding + std::string(line.substr(close));
}

}  // namespace testgen::emit
