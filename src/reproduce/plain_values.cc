#include "reproduce/plain_values.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/strings.h"

namespace testgen::reproduce {
namespace {

constexpr std::string_view kObject = "mock.MagicMock()";
constexpr std::string_view kText = "\"a\"";
constexpr std::size_t kMostText = 40;  // bytes of a literal
constexpr std::size_t kMostNames = 4;

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kByAnnotation{
    {{"str", kText},
     {"int", "1"},
     {"float", "1.5"},
     {"bool", "True"},
     {"bytes", "b\"a\""},
     {"list", "[]"},
     {"dict", "{}"},
     {"tuple", "()"},
     {"set", "set()"}}};

// "list" of `"list[str]"`; "Optional" is what it is around.
std::string base_annotation(std::string_view text) {
  text = base::trim(text);
  while (!text.empty() && (text.front() == '"' || text.front() == '\'')) text.remove_prefix(1);
  for (const std::string_view around : {"typing.Optional[", "Optional["}) {
    if (text.starts_with(around)) text.remove_prefix(around.size());
  }
  std::string out;
  for (const char c : text) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '.';
    if (!word) break;
    out += c;
  }
  out = base::to_lower(out.substr(out.rfind('.') == std::string::npos ? 0 : out.rfind('.') + 1));
  return out == "sequence" || out == "iterable" ? "list" : out == "mapping" ? "dict" : out;
}

std::string by_annotation(const model::Parameter& parameter) {
  if (!parameter.annotation) return {};
  const std::string name = base_annotation(*parameter.annotation);
  for (const auto& [annotation, value] : kByAnnotation) {
    if (annotation == name) return std::string(value);
  }
  return name.empty() || name == "any" || name == "object" ? std::string() : std::string(kObject);
}

bool has_use(const std::vector<std::string>& uses, std::initializer_list<std::string_view> words) {
  return std::any_of(uses.begin(), uses.end(), [&](std::string_view use) {
    const std::string_view first = use.substr(0, use.find(' '));
    return std::any_of(words.begin(), words.end(), [&](auto word) { return first == word; });
  });
}

bool has_attribute(const std::vector<std::string>& uses) {
  return std::any_of(uses.begin(), uses.end(),
                     [](const std::string& use) { return use.starts_with("."); });
}

// Methods that texts have: their use does not make a parameter an object.
bool looks_like_text(const std::vector<std::string>& uses) {
  return has_use(uses, {"str", ".strip()", ".split()", ".lower()", ".upper()", ".encode()",
                        ".startswith()", ".endswith()", ".replace()", ".format()", ".join()",
                        ".isdigit()", ".isalnum()", ".isidentifier()", ".rstrip()", ".lstrip()"});
}

std::string by_uses(const std::vector<std::string>& uses) {
  if (looks_like_text(uses)) return std::string(kText);
  if (has_attribute(uses) || has_use(uses, {"with", "call:0", "call:1"}))
    return std::string(kObject);
  if (has_use(uses, {"number", "times", "index"})) return "1";
  if (has_use(uses, {"mapping"})) return "{}";
  if (has_use(uses, {"iter", "each", "list"})) return "[]";
  return {};
}

// Texts that the function compares with may be what opens the way.
std::string written_text(const model::FunctionModel& function, std::size_t number) {
  std::vector<std::string> texts;
  for (const model::Literal& one : function.literals) {
    if (one.kind == model::LiteralKind::String && one.source.size() <= kMostText) {
      texts.push_back(one.source);
    }
  }
  return texts.empty() ? std::string(kText) : texts[number % texts.size()];
}

}  // namespace

std::string plain_value(const model::FunctionModel& function, const model::Parameter& parameter,
                        std::size_t profile) {
  if (parameter.default_source) {
    // A switch that is off may be what keeps the call away from the sink.
    const bool off = *parameter.default_source == "False";
    const bool on = *parameter.default_source == "True";
    if (profile % 2 == 0 || (!off && !on)) return {};
    return off ? "True" : "False";
  }
  std::string told = by_annotation(parameter);
  if (told.empty()) told = by_uses(parameter.uses);
  if (told == kText && profile > 0) return written_text(function, profile - 1);
  if (told == "True" && profile % 2 == 1) return "False";
  if (!told.empty()) return told;
  switch (profile) {
    case 0:
      return std::string(kText);
    case 1:
      return "1";
    case 2:
      return std::string(kObject);
    default:
      return written_text(function, 0);
  }
}

std::string plain_attribute(const std::vector<std::string>& uses) {
  const std::string told = by_uses(uses);
  return told.empty() ? std::string(kObject) : told;
}

std::vector<std::string> carriers(const model::Parameter& parameter, const Marker& marker) {
  const std::string annotated = parameter.annotation ? base_annotation(*parameter.annotation) : "";
  const bool says_text =
      parameter.annotation && parameter.annotation->find("str") != std::string::npos;
  const bool says_bytes =
      parameter.annotation && parameter.annotation->find("bytes") != std::string::npos;
  const std::string& given = says_bytes && !says_text ? marker.bytes : marker.source;
  const std::string by_key = "collections.defaultdict(lambda: " + given + ")";
  if (annotated == "list" || annotated == "tuple") return {"[" + given + "]"};
  if (annotated == "dict") return {by_key};
  if (says_bytes && !says_text) return {given};
  if (!says_text &&
      (annotated == "int" || annotated == "float" || annotated == "bool" || annotated == "set")) {
    return {};
  }
  std::vector<std::string> out{given};
  if (has_use(parameter.uses, {"bytes", ".decode()"})) out.push_back(marker.bytes);
  if (looks_like_text(parameter.uses)) return out;
  if (has_use(parameter.uses, {"iter", "each", "list"})) out.push_back("[" + given + "]");
  if (has_use(parameter.uses, {"[str]", "mapping"})) out.push_back(by_key);
  return out;
}

std::vector<std::string> named_carriers(const model::FunctionModel& function,
                                        const Marker& marker) {
  std::vector<std::string> out;
  for (const model::Literal& one : function.literals) {
    if (one.kind != model::LiteralKind::String || out.size() >= kMostNames) continue;
    if (one.source.size() < 3 || (one.source[0] != '"' && one.source[0] != '\'')) continue;
    const std::string name = one.source.substr(1, one.source.size() - 2);
    const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    });
    const bool parameter =
        std::any_of(function.parameters.begin(), function.parameters.end(),
                    [&](const model::Parameter& other) { return other.name == name; });
    if (letters && !parameter) out.push_back(name + "=" + marker.source);
  }
  return out;
}

}  // namespace testgen::reproduce
