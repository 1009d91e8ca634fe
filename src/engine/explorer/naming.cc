#include "engine/explorer/naming.h"

#include <algorithm>

#include "base/strings.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kMaxName = 78;

// Lower-case letters, digits and single underscores.
std::string identifier(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= 'A' && c <= 'Z') {
      const bool lower_before = i > 0 && text[i - 1] >= 'a' && text[i - 1] <= 'z';
      if (lower_before && !out.empty() && out.back() != '_') out += '_';
      out += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out += c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

std::string subject_words(const Callable& callable) {
  static const std::pair<std::string_view, std::string_view> kOperators[] = {
      {"__eq__", "equality"},    {"__ne__", "inequality"},     {"__lt__", "less_than"},
      {"__le__", "at_most"},     {"__gt__", "greater_than"},   {"__ge__", "at_least"},
      {"__len__", "length"},     {"__str__", "str"},           {"__repr__", "repr"},
      {"__iter__", "iteration"}, {"__contains__", "contains"}, {"__getitem__", "getitem"},
      {"__call__", "call"},      {"__hash__", "hash"},         {"__bool__", "truth"}};
  if (callable.kind == CallableKind::Constructor) return identifier(callable.class_name);
  std::string name = identifier(callable.name);
  for (const auto& [dunder, words] : kOperators) {
    if (callable.name == dunder) name = words;
  }
  return callable.class_name.empty() ? name : identifier(callable.class_name) + "_" + name;
}

// "" when the value has nothing remarkable.
std::string remark(const Value& value) {
  switch (value.kind) {
    case ValueKind::None:
      return "is_none";
    case ValueKind::Bool:
      return value.number != 0 ? "is_true" : "is_false";
    case ValueKind::Int:
      if (value.number == 0 && value.text.empty()) return "is_zero";
      if (value.number < 0 || value.text.starts_with("-")) return "is_negative";
      return "";
    case ValueKind::Float:
      return value.real == 0.0 ? "is_zero" : value.real < 0 ? "is_negative" : "";
    case ValueKind::String:
    case ValueKind::Bytes: {
      if (value.text.empty()) return "is_empty";
      if (base::trim(value.text).empty()) return "is_blank";
      const std::string words = identifier(value.text);
      const bool clean =
          !words.empty() && words.size() <= 12 && words.size() + 1 >= value.text.size();
      return clean ? "is_" + words : "";
    }
    case ValueKind::List:
    case ValueKind::Tuple:
    case ValueKind::Set:
    case ValueKind::FrozenSet:
    case ValueKind::Dict:
      return value.items.empty() ? "is_empty" : "";
    default:
      return "";
  }
}

std::string outcome_words(const model::TestCase& test) {
  if (test.exception) {
    return "raises_" + identifier(test.exception->type.substr(test.exception->type.rfind('.') + 1));
  }
  if (test.assertions.empty()) return "works";
  const model::Assertion& first = test.assertions.front();
  if (!test.result_name || first.expression != *test.result_name) return "";
  const auto value = parse_literal(first.literal, "");
  if (!value) return "";
  switch (value->kind) {
    case ValueKind::None:
      return "returns_none";
    case ValueKind::Bool:
      return value->number != 0 ? "returns_true" : "returns_false";
    case ValueKind::Int:
      return value->text.empty() && value->number >= 0 && value->number < 1000
                 ? "returns_" + std::to_string(value->number)
                 : "returns_int";
    case ValueKind::Float:
      return "returns_float";
    case ValueKind::String: {
      if (value->text.empty()) return "returns_empty_string";
      // A short word is worth saying; one that lost characters on the way is not.
      const std::string words = identifier(value->text);
      const bool clean = words.size() == value->text.size() && words.size() <= 14;
      return clean ? "returns_" + words : "returns_string";
    }
    case ValueKind::Bytes:
      return value->text.empty() ? "returns_empty_bytes" : "returns_bytes";
    case ValueKind::List:
      return value->items.empty() ? "returns_empty_list" : "returns_list";
    case ValueKind::Tuple:
      return value->items.empty() ? "returns_empty_tuple" : "returns_tuple";
    case ValueKind::Set:
    case ValueKind::FrozenSet:
      return value->items.empty() ? "returns_empty_set" : "returns_set";
    case ValueKind::Dict:
      return value->items.empty() ? "returns_empty_dict" : "returns_dict";
    default:
      return "";
  }
}

// What is special about the act's arguments, the most telling first.
std::vector<std::string> conditions(const TestProgram& program, const Universe& universe) {
  std::vector<std::string> out;
  const Statement& act = program.statements.back();
  const Callable& callable = universe.callables[act.callable];
  for (std::size_t i = 0; i < act.arguments.size() && i < callable.parameters.size(); ++i) {
    const std::string words = remark(act.arguments[i]);
    if (!words.empty()) out.push_back(identifier(callable.parameters[i].name) + "_" + words);
  }
  for (const auto& [name, value] : act.keywords) {
    const std::string words = remark(value);
    out.push_back(words.empty() ? identifier(name) + "_is_given" : identifier(name) + "_" + words);
  }
  for (const Statement& statement : program.statements) {
    if (statement.kind == Statement::Kind::SetAttribute) {
      const std::string words = remark(statement.value);
      out.push_back(identifier(statement.attribute) + (words.empty() ? "_is_set" : "_" + words));
    } else if (&statement != &act && statement.kind == Statement::Kind::Call &&
               universe.callables[statement.callable].kind == CallableKind::Method) {
      out.push_back("after_" + identifier(universe.callables[statement.callable].name));
    }
  }
  if (!act.member.empty()) out.insert(out.begin(), "member_is_" + identifier(act.member));
  return out;
}

}  // namespace

std::string Namer::name(const TestProgram& program, const model::TestCase& test) {
  const Callable& callable = universe_.callables[subject(program)];
  const std::string head = "test_" + subject_words(callable);
  const std::string outcome = outcome_words(test);
  const auto facts = conditions(program, universe_);
  const auto compose = [&](std::size_t count) {
    std::string out = head;
    bool after = false;
    for (std::size_t i = 0; i < count; ++i) {
      const bool is_after = facts[i].starts_with("after_");
      out += i == 0 ? (is_after ? "_" : "_when_") : (is_after && !after ? "_" : "_and_");
      out += is_after && after ? facts[i].substr(6) : facts[i];
      after |= is_after;
    }
    return outcome.empty() ? out : out + "_" + outcome;
  };
  // As few conditions as make the name its own; one is said whenever there is one.
  std::string chosen = compose(std::min<std::size_t>(1, facts.size()));
  for (std::size_t count = 2; used_.contains(chosen) && count <= facts.size(); ++count) {
    const std::string longer = compose(count);
    if (longer.size() > kMaxName) break;
    chosen = longer;
  }
  std::string unique = chosen;
  for (int n = 2; used_.contains(unique); ++n) unique = chosen + "_" + std::to_string(n);
  used_.insert(unique);
  return unique;
}

}  // namespace testgen::engine
