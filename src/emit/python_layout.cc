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
  const bool quoted = !text.empty() && (text[0] == '"' || text[0] == '\'');
  return quoted && skip_string(text, 0) == text.size();
}

// The string literal at the end of `… == "text"` or `… = "text"`; npos when there is none.
std::size_t trailing_string(std::string_view line) {
  if (line.empty() || (line.back() != '"' && line.back() != '\'')) return std::string_view::npos;
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

// A comprehension's commas do not separate items: `item for item, _ in pairs`.
bool is_comprehension(std::string_view inner) {
  for (std::size_t i = 0; i < inner.size();) {
    if (inner[i] == '"' || inner[i] == '\'') {
      i = skip_string(inner, i);
    } else if (opens(inner[i])) {
      const std::size_t close = closing_bracket(inner, i);
      if (close == std::string_view::npos) return false;
      i = close + 1;
    } else {
      if (inner.substr(i).starts_with(" for ")) return true;
      ++i;
    }
  }
  return false;
}

// Items of a bracket, in one piece each. The parameters of a lambda have commas too:
// `lambda x, y: x`.
std::vector<std::string_view> items_of(std::string_view inner) {
  std::vector<std::string_view> out;
  for (const std::string_view item : comma_separated(inner)) {
    const bool open = !out.empty() && uses_name(out.back(), "lambda") &&
                      out.back().find(':', out.back().find("lambda")) == std::string_view::npos;
    if (open) {
      const char* start = out.back().data();
      out.back() = {start, static_cast<std::size_t>(item.data() + item.size() - start)};
    } else {
      out.push_back(item);
    }
  }
  return out;
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
  const char quote = literal[0];
  const auto add = [&](std::string_view piece) {
    out.push_back(quote + std::string(piece) + quote);
  };
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
    add(rest.substr(0, cut));
    rest.remove_prefix(cut);
  }
  add(rest);
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
  const auto items = items_of(inner);
  std::string out = padding + std::string(line.substr(0, open + 1)) + "\n";
  const bool one = items.size() == 1 && line[open] != '[' && line[open] != '{';
  if (items.size() == 1 && line.starts_with("def ")) {
    out += wrap_line(items[0], indent + kIndent, width, filling) + ",\n";  // as black does
  } else if (one && is_one_string(items[0])) {
    out += pieces_below(split_string(items[0], width - indent - kIndent), indent + kIndent);
  } else if (is_comprehension(inner) || (items.size() == 1 && !one) ||
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
