#include "engine/explorer/docstring_types.h"

#include <map>
#include <vector>

#include "base/strings.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kDescriptionWords = 14;

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.';
}

// People's words for types, as annotations write them.
std::string as_annotation(std::string_view text, std::size_t most) {
  static const std::map<std::string, std::string, std::less<>> kWords{
      {"string", "str"},        {"strings", "str"},       {"text", "str"},
      {"unicode", "str"},       {"url", "str"},           {"filename", "str"},
      {"path", "str"},          {"integer", "int"},       {"integers", "int"},
      {"number", "int"},        {"boolean", "bool"},      {"true", "bool"},
      {"false", "bool"},        {"flag", "bool"},         {"whether", "bool"},
      {"dictionary", "dict"},   {"dictionaries", "dict"}, {"mapping", "dict"},
      {"dicts", "dict"},        {"lists", "list"},        {"iterable", "list"},
      {"sequence", "list"},     {"array", "list"},        {"tuples", "tuple"},
      {"function", "Callable"}, {"callable", "Callable"}, {"callback", "Callable"},
      {"bytestring", "bytes"},  {"file", "IO"},           {"stream", "IO"},
      {"none", "None"}};
  std::string out;
  std::size_t words = 0;
  for (std::size_t at = 0; at < text.size() && words < most;) {
    if (!is_word_char(text[at])) {
      const char c = text[at++];
      out += c == '[' || c == ']' ? c : ' ';
      continue;
    }
    const std::size_t start = at;
    while (at < text.size() && is_word_char(text[at])) ++at;
    std::string_view word = text.substr(start, at - start);
    while (!word.empty() && word.back() == '.') word.remove_suffix(1);
    const auto known = kWords.find(base::to_lower(word));
    out += known == kWords.end() ? std::string(word) : known->second;
    ++words;
  }
  return out;
}

// The first sentence: what follows is about other things.
std::string_view first_sentence(std::string_view text) {
  return text.substr(0, std::min(text.find(". "), text.size()));
}

// `:type x: int`, `:param int x: …` or `:param x: …`.
bool read_field(std::string_view line, std::string_view parameter, DocumentedType& out) {
  if (!line.starts_with(":")) return false;
  const std::size_t end = line.find(':', 1);
  if (end == std::string_view::npos) return false;
  const std::string_view field = trimmed(line.substr(1, end - 1));
  const std::string_view rest = trimmed(line.substr(end + 1));
  const std::size_t space = field.find(' ');
  if (space == std::string_view::npos) return false;
  const std::string_view kind = field.substr(0, space);
  const std::string_view subject = trimmed(field.substr(space + 1));
  if (kind == "type" && subject == parameter) {
    out = {as_annotation(rest, kDescriptionWords), true};
    return true;
  }
  if (kind != "param" && kind != "parameter" && kind != "arg" && kind != "argument" &&
      kind != "keyword") {
    return false;
  }
  const std::size_t last = subject.rfind(' ');
  if (last != std::string_view::npos && subject.substr(last + 1) == parameter) {
    out = {as_annotation(subject.substr(0, last), kDescriptionWords), true};
    return true;
  }
  if (subject == parameter && out.words.empty()) {
    out.words = as_annotation(first_sentence(rest), kDescriptionWords);
  }
  return false;
}

// `x : int, optional` or `x (int, optional): …`.
bool read_entry(std::string_view line, std::string_view parameter, DocumentedType& out) {
  while (line.starts_with("*")) line.remove_prefix(1);
  if (!line.starts_with(parameter)) return false;
  std::string_view rest = line.substr(parameter.size());
  if (rest.starts_with(" : ")) {
    out = {as_annotation(rest.substr(3), kDescriptionWords), true};
    return true;
  }
  if (!rest.starts_with(" (")) return false;
  const std::size_t end = rest.find("):");
  if (end == std::string_view::npos) return false;
  out = {as_annotation(rest.substr(2, end - 2), kDescriptionWords), true};
  return true;
}

}  // namespace

DocumentedType documented_type(std::string_view docstring, std::string_view parameter) {
  DocumentedType out;
  if (parameter.empty() || docstring.find(parameter) == std::string_view::npos) return out;
  for (const std::string_view raw : lines_of(docstring)) {
    const std::string_view line = trimmed(raw);
    if (read_field(line, parameter, out) || read_entry(line, parameter, out)) break;
  }
  return out;
}

}  // namespace testgen::engine
