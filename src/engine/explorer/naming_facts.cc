#include "engine/explorer/naming_facts.h"

#include <algorithm>
#include <cmath>

#include "base/strings.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kLongestBranch = 36;

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

// "" when the value has nothing to be called by. `remarkable` is set for what readers look for
// first: nothing, zero, the wrong side of zero.
std::string remark(const Value& value, bool& remarkable) {
  remarkable = true;
  switch (value.kind) {
    case ValueKind::None:
      return "is_none";
    case ValueKind::Bool:
      return value.number != 0 ? "is_true" : "is_false";
    case ValueKind::Int:
      if (value.number == 0 && value.text.empty()) return "is_zero";
      if (value.number < 0 || value.text.starts_with("-")) return "is_negative";
      remarkable = false;
      if (value.text.empty() && value.number < 1000) return "is_" + std::to_string(value.number);
      return "is_large";
    case ValueKind::Float:
      if (value.real == 0.0) return "is_zero";
      if (value.real < 0) return "is_negative";
      if (std::isinf(value.real)) return "is_infinite";
      remarkable = false;
      return std::round(value.real) == value.real ? "" : "is_fractional";
    case ValueKind::String:
    case ValueKind::Bytes: {
      if (value.text.empty()) return "is_empty";
      if (base::trim(value.text).empty()) return "is_blank";
      remarkable = false;
      const std::string words = identifier(value.text);
      const bool clean =
          !words.empty() && words.size() <= 16 && words.size() + 1 >= value.text.size();
      if (clean) return "is_" + words;
      if (value.text.find('\n') != std::string::npos) return "has_lines";
      return value.text.size() > 40 ? "is_long" : "";
    }
    case ValueKind::List:
    case ValueKind::Tuple:
    case ValueKind::Set:
    case ValueKind::FrozenSet:
    case ValueKind::Dict: {
      if (value.items.empty()) return "is_empty";
      remarkable = false;
      const std::size_t count = value.items.size() / (value.kind == ValueKind::Dict ? 2 : 1);
      return count == 1 ? "has_one_item" : "has_" + std::to_string(count) + "_items";
    }
    case ValueKind::Repeat:
      return "is_long";
    case ValueKind::Fixture:
      remarkable = false;
      return value.text.size() > 24 ? "" : "is_" + identifier(value.text);
    case ValueKind::Name: {
      remarkable = false;
      if (value.text.starts_with("lambda")) return "is_a_function";
      const std::string last = identifier(value.text.substr(value.text.rfind('.') + 1));
      return last.empty() || last.size() > 20 ? "" : "is_" + last;
    }
    case ValueKind::Call: {
      remarkable = false;
      const std::string last = identifier(value.text.substr(value.text.rfind('.') + 1));
      return last.empty() || last.size() > 20 ? "" : "is_" + last;
    }
  }
  return "";
}

// "home_set" of `monkeypatch.setenv("HOME", `.
std::string arrangement_words(const std::string& source) {
  const std::size_t open = source.find('(');
  const std::size_t start = source.find('"');
  const std::size_t end = start == std::string::npos ? start : source.find('"', start + 1);
  if (open == std::string::npos || end == std::string::npos) return "";
  const std::string called = source.substr(0, open);
  const std::string quoted = source.substr(start + 1, end - start - 1);
  const std::string name = identifier(quoted.substr(quoted.rfind('.') + 1));
  if (name.empty() || name.size() > 24) return "";
  if (called == "monkeypatch.setenv") return name + "_is_set";
  if (called == "monkeypatch.delenv") return name + "_is_not_set";
  if (called == "monkeypatch.setattr") return name + "_is_replaced";
  return "";
}

}  // namespace

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

bool is_vague(std::string_view outcome) {
  for (const std::string_view vague :
       {"returns_int", "returns_float", "returns_string", "returns_bytes", "returns_list",
        "returns_tuple", "returns_set", "returns_dict", "works"}) {
    if (outcome == vague) return true;
  }
  return false;
}

std::vector<NameFact> facts_about(const TestProgram& program, const Universe& universe) {
  using Rank = NameFact::Rank;
  std::vector<NameFact> out;
  const auto add = [&](Rank rank, std::string words) {
    if (!words.empty() && words[0] != '_') out.push_back({rank, std::move(words)});
  };
  const auto about_arguments = [&](const Statement& statement, Rank lowest) {
    const Callable& callable = universe.callables[statement.callable];
    for (std::size_t i = 0; i < statement.arguments.size() && i < callable.parameters.size(); ++i) {
      if (i == 0 && !statement.sweep.empty()) {
        add(std::max(Rank::Option, lowest), identifier(callable.parameters[i].name) +
                                                "_is_one_of_" +
                                                std::to_string(statement.sweep.size()));
        continue;
      }
      bool remarkable = false;
      const std::string words = remark(statement.arguments[i], remarkable);
      if (words.empty()) continue;
      add(std::max(remarkable ? Rank::Remarkable : Rank::Plain, lowest),
          identifier(callable.parameters[i].name) + "_" + words);
    }
    for (const auto& [name, value] : statement.keywords) {
      bool remarkable = false;
      const std::string words = remark(value, remarkable);
      const bool telling = remarkable && value.kind != ValueKind::Bool;
      add(std::max(telling ? Rank::Remarkable : Rank::Option, lowest),
          identifier(name) + (words.empty() ? "_is_given" : "_" + words));
    }
  };
  const Statement& act = program.statements.back();
  if (!act.member.empty()) add(Rank::Remarkable, "member_is_" + identifier(act.member));
  if (act.kind == Statement::Kind::Call) about_arguments(act, Rank::Remarkable);
  for (const Statement& statement : program.statements) {
    if (&statement == &act) continue;
    if (statement.kind == Statement::Kind::SetAttribute) {
      bool remarkable = false;
      const std::string words = remark(statement.value, remarkable);
      add(Rank::Option,
          identifier(statement.attribute) + (words.empty() ? "_is_set" : "_" + words));
    } else if (statement.kind == Statement::Kind::Arrange) {
      add(Rank::Before, arrangement_words(statement.source));
    } else if (universe.callables[statement.callable].kind == CallableKind::Fixture) {
      add(Rank::Before,
          "of_" + identifier(universe.callables[statement.callable].name) + "_fixture");
    } else if (universe.callables[statement.callable].kind == CallableKind::Method) {
      add(Rank::Before, "after_" + identifier(universe.callables[statement.callable].name));
    } else {
      about_arguments(statement, Rank::Option);
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const NameFact& a, const NameFact& b) { return a.rank < b.rank; });
  return out;
}

std::string branch_words(const model::Goal& goal) {
  using model::GoalKind;
  if (goal.kind != GoalKind::BranchTrue && goal.kind != GoalKind::BranchFalse) return "";
  std::string text = goal.condition;
  if (text.empty() || text.size() > kLongestBranch + 8 ||
      text.find_first_of("\"'[{\n") != std::string::npos) {
    return "";
  }
  bool negative = goal.kind == GoalKind::BranchFalse;
  if (text.starts_with("not ")) {
    text.erase(0, 4);
    negative = !negative;
  }
  for (const auto& [sign, words] : {std::pair{">=", " at least "},
                                    {"<=", " at most "},
                                    {"==", " equals "},
                                    {"!=", " differs from "},
                                    {">", " over "},
                                    {"<", " under "},
                                    {"%", " modulo "},
                                    {" - ", " minus "},
                                    {" + ", " plus "}}) {
    text = base::replace_all(text, sign, words);
  }
  std::string words = identifier(text);
  for (const std::string_view self : {"self_", "cls_"}) {
    if (words.starts_with(self)) words.erase(0, self.size());
  }
  if (words.empty() || words.size() > kLongestBranch) return "";
  return (negative ? "unless_" : "when_") + words;
}

}  // namespace testgen::engine
