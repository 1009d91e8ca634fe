// Breaks long Python lines at brackets, as formatters do: first the contents on one line of
// their own, then one item a line.
#include <vector>

#include "emit/python_suite.h"

namespace testgen::emit {
namespace {

// Steps over a string literal that starts at `at`; returns the offset after it.
std::size_t skip_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return text.size();
}

bool opens(char c) {
  return c == '(' || c == '[' || c == '{';
}
bool closes(char c) {
  return c == ')' || c == ']' || c == '}';
}

// The bracket pair that closes last on the line and holds the most; npos when there is none.
std::pair<std::size_t, std::size_t> outermost(std::string_view line) {
  std::size_t open = std::string_view::npos;
  std::size_t best_open = std::string_view::npos;
  std::size_t best_close = std::string_view::npos;
  int depth = 0;
  for (std::size_t i = 0; i < line.size();) {
    const char c = line[i];
    if (c == '"' || c == '\'') {
      i = skip_string(line, i);
      continue;
    }
    if (opens(c) && depth++ == 0) open = i;
    if (closes(c) && --depth == 0 && open != std::string_view::npos && i > open + 1) {
      if (best_open == std::string_view::npos || i - open >= best_close - best_open) {
        best_open = open;
        best_close = i;
      }
    }
    ++i;
  }
  return {best_open, best_close};
}

std::vector<std::string_view> top_level_items(std::string_view inner) {
  std::vector<std::string_view> items;
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t i = 0; i < inner.size();) {
    const char c = inner[i];
    if (c == '"' || c == '\'') {
      i = skip_string(inner, i);
      continue;
    }
    if (opens(c)) ++depth;
    if (closes(c)) --depth;
    if (c == ',' && depth == 0) {
      items.push_back(inner.substr(start, i - start));
      start = i + 1;
      while (start < inner.size() && inner[start] == ' ') ++start;
    }
    ++i;
  }
  if (start < inner.size()) items.push_back(inner.substr(start));
  return items;
}

}  // namespace

std::string wrap_line(std::string_view line, std::size_t indent, std::size_t width) {
  const std::string padding(indent, ' ');
  if (indent + line.size() <= width) return padding + std::string(line);
  const auto [open, close] = outermost(line);
  if (open == std::string_view::npos) return padding + std::string(line);
  const std::string_view inner = line.substr(open + 1, close - open - 1);
  const auto items = top_level_items(inner);
  // A comprehension or a lambda has commas that do not separate items.
  const bool splittable = inner.find(" for ") == std::string_view::npos &&
                          inner.find("lambda") == std::string_view::npos;
  std::string out = padding + std::string(line.substr(0, open + 1)) + "\n";
  if (!splittable || (items.size() == 1 && line[open] != '(') ||
      indent + 4 + inner.size() <= width) {
    out += wrap_line(inner, indent + 4, width) + "\n";
  } else {
    for (const std::string_view item : items) {
      std::string rendered = wrap_line(item, indent + 4, width);
      out += rendered + ",\n";
    }
  }
  return out + padding + std::string(line.substr(close));
}

}  // namespace testgen::emit
