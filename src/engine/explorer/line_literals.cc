#include "engine/explorer/line_literals.h"

#include <optional>
#include <string>

#include "engine/explorer/regex_strings.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kMostLiterals = 6;
constexpr int kMatches = 3;

// One past the closing quote of the literal whose opening quote is at `begin`, or npos.
std::size_t end_of_literal(std::string_view line, std::size_t begin) {
  for (std::size_t i = begin + 1; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == line[begin]) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

bool looks_like_regex(std::string_view text) {
  return text.find_first_of("\\([|$^*+?") != std::string_view::npos;
}

}  // namespace

std::vector<Value> values_of_line(std::string_view line, base::Random& random) {
  std::vector<Value> out;
  for (std::size_t i = 0; i < line.size() && out.size() < kMostLiterals;) {
    if (line[i] == '#') break;
    if (line[i] != '"' && line[i] != '\'') {
      ++i;
      continue;
    }
    const std::size_t end = end_of_literal(line, i);
    if (end == std::string_view::npos) break;
    std::size_t begin = i;
    while (begin > 0 && i - begin < 2 &&
           std::string_view("rRbBuU").find(line[begin - 1]) != std::string_view::npos) {
      --begin;
    }
    i = end;
    const auto value = parse_literal(line.substr(begin, end - begin));
    if (!value || value->text.empty() || value->text.size() > 80) continue;
    if (value->kind == ValueKind::String && looks_like_regex(value->text)) {
      for (int k = 0; k < kMatches; ++k) {
        if (auto text = matching_text(value->text, {}, random)) {
          out.push_back(Value::string(*std::move(text)));
        }
      }
    } else {
      out.push_back(*value);
    }
  }
  return out;
}

}  // namespace testgen::engine
