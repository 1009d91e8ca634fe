#include "engine/explorer/error_hints.h"

#include <algorithm>

#include "engine/explorer/changed_values.h"
#include "engine/explorer/value_samples.h"

namespace testgen::engine {
namespace {

struct Phrase {
  std::string_view words;
  TypeTag tag;
};
constexpr Phrase kPhrases[] = {{"bytes-like object", TypeTag::Bytes},
                               {"expected bytes", TypeTag::Bytes},
                               {"must be str", TypeTag::Str},
                               {"expected string", TypeTag::Str},
                               {"expected str", TypeTag::Str},
                               {"concatenate str", TypeTag::Str},
                               {"concatenate list", TypeTag::List},
                               {"concatenate tuple", TypeTag::Tuple},
                               {"string pattern", TypeTag::Str},
                               {"expect a string", TypeTag::Str},
                               {"must be a string", TypeTag::Str},
                               {"argument must be a str", TypeTag::Str},
                               {"requires string as left operand", TypeTag::Str},
                               {"is not a container or iterable", TypeTag::List},
                               {"is not iterable", TypeTag::List},
                               {"is not an iterator", TypeTag::Instance},
                               {"is not subscriptable", TypeTag::List},
                               {"is not reversible", TypeTag::List},
                               {"does not support item assignment", TypeTag::List},
                               {"cannot unpack non-iterable", TypeTag::Tuple},
                               {"has no len()", TypeTag::List},
                               {"object is not callable", TypeTag::Callable},
                               {"interpreted as an integer", TypeTag::Int},
                               {"indices must be integers", TypeTag::Int},
                               {"an integer is required", TypeTag::Int},
                               {"must be an integer", TypeTag::Int},
                               {"must be int", TypeTag::Int},
                               {"must be real number", TypeTag::Float},
                               {"must be a string or a number", TypeTag::Str},
                               {"must be a string, a bytes-like", TypeTag::Str},
                               {"object is not a mapping", TypeTag::Dict},
                               {"unhashable type", TypeTag::Str},
                               {"PathLike", TypeTag::Str}};

// Methods that only one family of types has.
constexpr Phrase kMembers[] = {
    {"items", TypeTag::Dict},       {"keys", TypeTag::Dict},       {"values", TypeTag::Dict},
    {"get", TypeTag::Dict},         {"update", TypeTag::Dict},     {"setdefault", TypeTag::Dict},
    {"read", TypeTag::Stream},      {"readline", TypeTag::Stream}, {"write", TypeTag::Stream},
    {"readlines", TypeTag::Stream}, {"seek", TypeTag::Stream},     {"append", TypeTag::List},
    {"extend", TypeTag::List},      {"insert", TypeTag::List},     {"sort", TypeTag::List},
    {"pop", TypeTag::List},         {"add", TypeTag::Set},         {"decode", TypeTag::Bytes},
    {"split", TypeTag::Str},        {"strip", TypeTag::Str},       {"lstrip", TypeTag::Str},
    {"rstrip", TypeTag::Str},       {"lower", TypeTag::Str},       {"upper", TypeTag::Str},
    {"encode", TypeTag::Str},       {"startswith", TypeTag::Str},  {"endswith", TypeTag::Str},
    {"replace", TypeTag::Str},      {"join", TypeTag::Str},        {"find", TypeTag::Str},
    {"splitlines", TypeTag::Str},   {"partition", TypeTag::Str},   {"isdigit", TypeTag::Str},
    {"format", TypeTag::Str},       {"expandtabs", TypeTag::Str},  {"translate", TypeTag::Str},
    {"rfind", TypeTag::Str},        {"title", TypeTag::Str}};

// The text between two marks, or nothing.
std::string between(std::string_view text, std::string_view open, std::string_view close,
                    std::size_t from = 0) {
  const std::size_t start = text.find(open, from);
  if (start == std::string_view::npos) return {};
  const std::size_t end = text.find(close, start + open.size());
  if (end == std::string_view::npos) return {};
  return std::string(text.substr(start + open.size(), end - start - open.size()));
}

int number_after(std::string_view text, std::string_view words) {
  const std::size_t at = text.find(words);
  if (at == std::string_view::npos) return -1;
  int out = -1;
  for (std::size_t i = at + words.size(); i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9' || out > 100) break;
    out = std::max(out, 0) * 10 + (text[i] - '0');
  }
  return out;
}

// Makes changed copies: each place in turn, as `change` says.
class Changes {
 public:
  Changes(const TestProgram& program, std::size_t limit) : program_(program), limit_(limit) {}

  void each(const ValueChange& change) {
    for (std::size_t s = program_.statements.size(); s-- > 0;) {
      change_values(program_, s, kMostNodes, change, limit_, out_);
    }
  }

  void add(TestProgram program) {
    if (out_.size() < limit_) out_.push_back(std::move(program));
  }

  std::vector<TestProgram> take() { return std::move(out_); }

 private:
  static constexpr std::size_t kMostNodes = 12;  // of one value

  const TestProgram& program_;
  std::size_t limit_;
  std::vector<TestProgram> out_;
};

bool is_text(const Value& value) {
  return value.kind == ValueKind::String;
}

// A text that stands for a number where `bad` did not.
void spell_number(Changes& changes, const std::string& bad, const char* number) {
  changes.each([&](const Value& value) -> std::optional<Value> {
    if (!is_text(value)) return std::nullopt;
    if (value.text == bad || bad.empty()) return Value::string(number);
    const std::size_t at = value.text.find(bad);
    if (at == std::string::npos) return std::nullopt;
    Value changed = value;
    changed.text.replace(at, bad.size(), number);
    return changed;
  });
}

// Arguments that a constructor or function asks for by name.
void add_missing(Changes& changes, const TestProgram& program, std::string_view message,
                 const Universe& universe, ValueFactory& values) {
  std::vector<std::string> names;
  for (std::size_t at = message.find(": '"); at != std::string_view::npos && names.size() < 6;) {
    const std::size_t open = message.find('\'', at);
    const std::size_t close = open == std::string_view::npos ? open : message.find('\'', open + 1);
    if (close == std::string_view::npos) break;
    names.emplace_back(message.substr(open + 1, close - open - 1));
    at = close + 1;
  }
  if (names.empty()) return;
  for (std::size_t s = 0; s < program.statements.size(); ++s) {
    if (program.statements[s].kind != Statement::Kind::Call) continue;
    const Callable& callable = universe.callables[program.statements[s].callable];
    if (callable.kind == CallableKind::Property) continue;
    for (int i = 0; i < 3; ++i) {
      TestProgram changed = program;
      for (const std::string& name : names) {
        const ParameterInfo info = describe_parameter({.name = name}, universe.classes);
        changed.statements[s].keywords.emplace_back(name, values.make(info, callable));
      }
      changes.add(std::move(changed));
    }
  }
}

void add_key(Changes& changes, const RaisedException& raised, const Universe& universe,
             ValueFactory& values) {
  const auto key = parse_literal(raised.message);
  if (!key) return;
  const ParameterInfo named = describe_parameter({.name = key->text}, universe.classes);
  changes.each([&](const Value& value) -> std::optional<Value> {
    if (value.kind != ValueKind::Dict || value.items.size() > 16) return std::nullopt;
    Value changed = value;
    changed.items.push_back(*key);
    changed.items.push_back(value.items.size() > 1 ? value.items[1] : values.make(named, {}));
    return changed;
  });
  // Or something is asked for that never was put in: ask for what is there.
  changes.each([&](const Value& value) -> std::optional<Value> {
    if (value.kind != key->kind || value == *key || key->kind != ValueKind::String) {
      return std::nullopt;
    }
    return *key;
  });
}

// Exactly `count` values, where another number was given.
void resize(Changes& changes, int count) {
  if (count < 1 || count > 8) return;
  changes.each([&](const Value& value) -> std::optional<Value> {
    Value changed = value;
    switch (value.kind) {
      case ValueKind::List:
      case ValueKind::Tuple:
        while (changed.items.size() < static_cast<std::size_t>(count)) {
          changed.items.push_back(changed.items.empty() ? Value::integer(1) : changed.items.back());
        }
        changed.items.resize(static_cast<std::size_t>(count));
        return changed;
      case ValueKind::Int:
      case ValueKind::Float:
      case ValueKind::None:
      case ValueKind::String:
        return Value::container(ValueKind::Tuple,
                                std::vector<Value>(static_cast<std::size_t>(count), value));
      default:
        return std::nullopt;
    }
  });
}

// "takes 1 positional argument but 2 were given", "missing 1 required positional argument": how
// many arguments a callable was given; -1 when the message does not say.
int given_arguments(std::string_view message, const Value& callable) {
  const int given = number_after(message, " but ");
  if (given >= 0) return given;
  if (const int exact = number_after(message, " ("); exact >= 0) return exact;
  const int missing = number_after(message, " missing ");
  if (missing < 0 || !callable.text.starts_with("lambda")) return -1;
  const std::string_view parameters =
      std::string_view(callable.text).substr(0, callable.text.find(':'));
  const auto commas = std::count(parameters.begin(), parameters.end(), ',');
  return static_cast<int>(commas) + 1 - missing;
}

// A callable that takes as many arguments as it is called with.
void change_arity(Changes& changes, std::string_view message, base::Random& random) {
  changes.each([&](const Value& value) -> std::optional<Value> {
    const bool callable =
        value.kind == ValueKind::Name && value.text.find('.') == std::string::npos;
    if (!callable) return std::nullopt;
    const int arity = given_arguments(message, value);
    if (arity < 0 || arity > 5) return std::nullopt;
    ParameterInfo wanted;
    wanted.arities = {arity};
    return synthesised_callable(wanted, random);
  });
}

void drop_keyword(Changes& changes, const TestProgram& program, const std::string& name) {
  TestProgram changed = program;
  for (Statement& statement : changed.statements) {
    std::erase_if(statement.keywords, [&](const auto& keyword) { return keyword.first == name; });
  }
  changes.add(std::move(changed));
}

}  // namespace

std::optional<TypeComplaint> read_type_complaint(std::string_view message) {
  TypeComplaint out;
  const std::string member = between(message, "has no attribute '", "'");
  if (!member.empty()) {
    for (const Phrase& phrase : kMembers) {
      if (phrase.words == member) out.wanted = phrase.tag;
    }
    out.given = between(message, "'", "' object has");
    return out;
  }
  for (const Phrase& phrase : kPhrases) {
    if (message.find(phrase.words) == std::string_view::npos) continue;
    out.wanted = phrase.tag;
    // "… expected, not int", "got 'int'", "(not "int")", "'int' object is not …", "int found"
    for (const auto& [open, close] : {std::pair{"'", "' object"},
                                      {", not '", "'"},
                                      {"(not \"", "\""},
                                      {"got '", "'"},
                                      {"type: '", "'"},
                                      {"of type '", "'"},
                                      {"not '", "'"},
                                      {"instance, ", " found"},
                                      {"non-iterable ", " object"}}) {
      out.given = between(message, open, close);
      if (!out.given.empty()) break;
    }
    if (out.given.empty()) {
      const std::size_t at = message.rfind("not ");
      if (at != std::string_view::npos) out.given = std::string(message.substr(at + 4));
    }
    return out;
  }
  return std::nullopt;
}

bool is_of_type(const Value& value, std::string_view name) {
  switch (value.kind) {
    case ValueKind::None:
      return name == "NoneType";
    case ValueKind::Bool:
      return name == "bool";
    case ValueKind::Int:
      return name == "int";
    case ValueKind::Float:
      return name == "float";
    case ValueKind::String:
      return name == "str";
    case ValueKind::Bytes:
      return name == "bytes";
    case ValueKind::List:
      return name == "list";
    case ValueKind::Tuple:
      return name == "tuple";
    case ValueKind::Set:
      return name == "set";
    case ValueKind::FrozenSet:
      return name == "frozenset";
    case ValueKind::Dict:
      return name == "dict";
    case ValueKind::Name:
      return name == "function" || name == "builtin_function_or_method" || name == "type";
    case ValueKind::Fixture:
      return false;  // it says which type it is, not which class
    case ValueKind::Repeat:
      return is_of_type(value.items.at(0), name);
    case ValueKind::Call:
      return value.text.ends_with(name);
  }
  return false;
}

std::vector<TestProgram> follow_exception(const TestProgram& program, const RaisedException& raised,
                                          const Universe& universe, ValueFactory& values,
                                          base::Random& random, std::size_t limit) {
  Changes changes(program, limit);
  const std::string& message = raised.message;
  const auto says = [&](std::string_view words) {
    return message.find(words) != std::string::npos;
  };
  const Callable& callable = universe.callables[subject(program)];
  if (raised.type == "KeyError") {
    add_key(changes, raised, universe, values);
  } else if (says("values to unpack (expected ")) {
    resize(changes, number_after(message, "(expected "));
  } else if (says("sequence index out of range") || says("list index out of range") ||
             says("string index out of range") || says("tuple index out of range")) {
    changes.each([&](const Value& value) -> std::optional<Value> {
      Value changed = value;
      const bool sequence = value.kind == ValueKind::List || value.kind == ValueKind::Tuple;
      if (sequence && value.items.size() < 8) {
        changed.items.push_back(value.items.empty() ? Value::integer(1) : value.items.back());
        return changed;
      }
      if (!is_text(value) || value.text.size() > 40) return std::nullopt;
      changed.text += value.text.empty() ? "a" : value.text;
      return changed;
    });
  } else if (says("<lambda>() ") || says("() takes exactly ") || says("() takes no arguments (")) {
    change_arity(changes, message, random);
  } else if (says("required positional argument") || says("required keyword-only argument")) {
    add_missing(changes, program, message, universe, values);
  } else if (says("unexpected keyword argument '")) {
    drop_keyword(changes, program, between(message, "keyword argument '", "'"));
  } else if (says("invalid literal for int()")) {
    spell_number(changes, between(message, ": '", "'"), "7");
  } else if (says("could not convert string to float")) {
    spell_number(changes, between(message, ": '", "'"), "1.5");
  } else if (says("not supported between instances of '")) {
    const std::string right = between(message, "' and '", "'");
    const std::string left = between(message, "instances of '", "'");
    changes.each([&](const Value& value) -> std::optional<Value> {
      if (is_of_type(value, left)) return sample_object(right, random);
      if (is_of_type(value, right)) return sample_object(left, random);
      return std::nullopt;
    });
  } else if (const auto complaint = read_type_complaint(message)) {
    const std::string member = between(message, "has no attribute '", "'");
    changes.each([&](const Value& value) -> std::optional<Value> {
      if (!complaint->given.empty() && !is_of_type(value, complaint->given)) return std::nullopt;
      if (complaint->wanted) return values.make_of(*complaint->wanted, {}, callable, 1);
      if (member.empty() || member.starts_with("__")) return std::nullopt;
      for (const auto& [name, info] : universe.classes) {
        const bool has = std::find(info.attributes.begin(), info.attributes.end(), member) !=
                             info.attributes.end() ||
                         std::any_of(info.methods.begin(), info.methods.end(),
                                     [&, &wanted = member](std::size_t m) {
                                       return universe.callables[m].name == wanted;
                                     });
        if (has && random.chance(0.7)) return values.make_object(name, 1);
      }
      Value out = Value::call("types.SimpleNamespace", {});
      out.keywords.emplace_back(
          member, values.make(describe_parameter({.name = member}, universe.classes), callable, 2));
      return out;
    });
    if (!member.empty()) {
      // What was made for its attributes lacks one more.
      changes.each([&](const Value& value) -> std::optional<Value> {
        if (value.kind != ValueKind::Call || value.text != "types.SimpleNamespace" ||
            value.keywords.size() > 8) {
          return std::nullopt;
        }
        Value changed = value;
        changed.keywords.emplace_back(
            member,
            values.make(describe_parameter({.name = member}, universe.classes), callable, 2));
        return changed;
      });
    }
  }
  return changes.take();
}

}  // namespace testgen::engine
