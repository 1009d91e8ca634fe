#include "engine/explorer/traced_calls.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace testgen::engine {
namespace {

constexpr double kSeenWeight = 8.0;
constexpr std::size_t kSeenValues = 12;
constexpr std::size_t kProgramsOfAFunction = 8;
constexpr std::size_t kLongestLambda = 80;

// A value that names nothing but what the module has.
bool is_known(const Value& value, const Universe& universe) {
  if (value.kind == ValueKind::Call && value.text.starts_with(universe.alias + ".")) {
    if (!universe.classes.contains(value.text.substr(universe.alias.size() + 1))) return false;
  }
  const auto good = [&](const Value& inner) { return is_known(inner, universe); };
  return std::all_of(value.items.begin(), value.items.end(), good) &&
         std::all_of(value.keywords.begin(), value.keywords.end(),
                     [&](const auto& keyword) { return good(keyword.second); });
}

std::optional<Value> value_of(const std::optional<std::string>& source, const Universe& universe) {
  if (!source) return std::nullopt;
  if (source->starts_with("lambda") && source->size() <= kLongestLambda) {
    return Value::name(*source);
  }
  auto value = parse_construction(*source, universe.alias);
  if (!value || !is_known(*value, universe)) return std::nullopt;
  return value;
}

// A family of values for a type of the runtime; nothing for classes that no test can make.
std::optional<TypeTag> tag_of_type(std::string_view type, const Universe& universe) {
  static const std::map<std::string_view, TypeTag> kTags{
      {"builtins.NoneType", TypeTag::None},
      {"builtins.bool", TypeTag::Bool},
      {"builtins.int", TypeTag::Int},
      {"builtins.float", TypeTag::Float},
      {"builtins.str", TypeTag::Str},
      {"builtins.bytes", TypeTag::Bytes},
      {"builtins.list", TypeTag::List},
      {"builtins.tuple", TypeTag::Tuple},
      {"builtins.set", TypeTag::Set},
      {"builtins.frozenset", TypeTag::Set},
      {"builtins.dict", TypeTag::Dict},
      {"builtins.function", TypeTag::Callable},
      {"builtins.builtin_function_or_method", TypeTag::Callable},
      {"builtins.method", TypeTag::Callable},
      {"builtins.type", TypeTag::Callable},
      {"_io.StringIO", TypeTag::Stream},
      {"_io.BytesIO", TypeTag::Stream},
      {"_io.TextIOWrapper", TypeTag::Stream}};
  const auto found = kTags.find(type);
  if (found != kTags.end()) return found->second;
  const std::string name(type.substr(type.rfind('.') + 1));
  return universe.classes.contains(name) ? std::optional(TypeTag::Instance) : std::nullopt;
}

// What the test gave: the object of a fixture that tests may ask for, or what its source says.
std::optional<Value> value_of(const model::TracedArgument& argument, const Universe& universe) {
  if (universe.fixtures.contains(argument.fixture)) {
    const auto tag = tag_of_type(argument.type, universe).value_or(TypeTag::Instance);
    return Value::fixture(argument.fixture, static_cast<std::int64_t>(tag));
  }
  return value_of(argument.source, universe);
}

class Lessons {
 public:
  Lessons(Universe& universe, const model::ModuleModel& module)
      : universe_(universe), module_(module) {}

  void take(const model::TracedCall& call) {
    const std::size_t index = callable_of(universe_, module_, call);
    if (index == Universe::npos) return;
    for (ParameterInfo& parameter : universe_.callables[index].parameters) {
      for (const auto& argument : call.arguments) {
        if (argument.name != parameter.name) continue;
        take(value_of(argument, universe_), argument.type, parameter);
        // As well as a fixture's own, what it was made like.
        if (!argument.fixture.empty()) {
          take(value_of(argument.source, universe_), argument.type, parameter);
        }
      }
      for (const auto& [name, source] : call.keywords) {
        if (name == parameter.name) take(value_of(source, universe_), {}, parameter);
      }
      if (parameter.kind == model::ParameterKind::VarPositional) {
        for (const auto& source : call.starred) {
          take(value_of(source, universe_), {}, parameter);
        }
      }
    }
  }

  // Index of what was called, or npos.
  static std::size_t callable_of(const Universe& universe, const model::ModuleModel& module,
                                 const model::TracedCall& call) {
    if (call.function >= module.functions.size()) return Universe::npos;
    const model::FunctionModel& function = module.functions[call.function];
    if (function.name != "__init__") return universe.find(function.qualified_name);
    const ClassInfo* made = universe.find_class(call.made_class);
    return made == nullptr ? universe.find(function.qualified_name) : made->constructor;
  }

 private:
  void take(std::optional<Value> value, const std::string& type, ParameterInfo& parameter) {
    auto tag = tag_of_type(type, universe_);
    if (!tag && value) tag = tag_of(*value);
    if (tag) {
      double& weight = parameter.weights[static_cast<std::size_t>(*tag)];
      weight = std::max(weight, kSeenWeight);
      parameter.oddity[static_cast<std::size_t>(*tag)] = 0;
    }
    if (tag == TypeTag::Instance) put_first(type.substr(type.rfind('.') + 1), parameter);
    const bool room = parameter.seen.size() < kSeenValues;
    if (value && room &&
        std::find(parameter.seen.begin(), parameter.seen.end(), *value) == parameter.seen.end()) {
      parameter.seen.push_back(*std::move(value));
    }
  }

  // A class that was seen is better evidence than those that only could be.
  void put_first(const std::string& name, ParameterInfo& parameter) {
    if (!universe_.classes.contains(name)) return;
    auto& names = learnt_[&parameter];
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    parameter.class_names = names;
  }

  Universe& universe_;
  const model::ModuleModel& module_;
  std::map<const ParameterInfo*, std::vector<std::string>> learnt_;
};

// The arguments of a statement that repeats a call; false when one is missing.
bool repeat_arguments(const model::TracedCall& call, const Universe& universe,
                      Statement& statement) {
  const Callable& callable = universe.callables[statement.callable];
  bool by_keyword = false;
  for (const ParameterInfo& parameter : callable.parameters) {
    if (parameter.kind == model::ParameterKind::VarPositional) {
      for (const auto& source : call.starred) {
        auto value = value_of(source, universe);
        if (!value || by_keyword) return false;
        statement.arguments.push_back(*std::move(value));
      }
      by_keyword = true;
      continue;
    }
    if (parameter.kind == model::ParameterKind::VarKeyword) {
      for (const auto& [name, source] : call.keywords) {
        auto value = value_of(source, universe);
        if (!value) return false;
        statement.keywords.emplace_back(name, *std::move(value));
      }
      continue;
    }
    const auto given =
        std::find_if(call.arguments.begin(), call.arguments.end(),
                     [&](const auto& argument) { return argument.name == parameter.name; });
    auto value = given == call.arguments.end() ? std::nullopt : value_of(*given, universe);
    const bool as_default = value && parameter.default_value == *value;
    if (parameter.optional && (!value || as_default) && call.starred.empty()) {
      by_keyword = true;
      continue;
    }
    if (!value) return false;
    if (parameter.kind == model::ParameterKind::KeywordOnly ||
        (by_keyword && parameter.kind != model::ParameterKind::PositionalOnly)) {
      statement.keywords.emplace_back(parameter.name, *std::move(value));
    } else {
      statement.arguments.push_back(*std::move(value));
    }
  }
  return true;
}

// The statement that makes an object as its source says; nothing when that is no construction.
std::optional<Statement> making(const Value& object, const Universe& universe) {
  if (object.kind != ValueKind::Call || !object.text.starts_with(universe.alias + ".")) {
    return std::nullopt;
  }
  const ClassInfo* info = universe.find_class(object.text.substr(universe.alias.size() + 1));
  if (info == nullptr) return std::nullopt;
  Statement statement;
  statement.callable = info->constructor;
  statement.arguments = object.items;
  statement.keywords = object.keywords;
  // What must be given reads better by position; what is as it is by default goes without saying.
  const Callable& callable = universe.callables[info->constructor];
  for (const ParameterInfo& parameter : callable.parameters) {
    auto& keywords = statement.keywords;
    const auto given = std::find_if(keywords.begin(), keywords.end(), [&](const auto& keyword) {
      return keyword.first == parameter.name;
    });
    if (given == keywords.end()) continue;
    if (parameter.optional && parameter.default_value == given->second) {
      keywords.erase(given);
    } else if (!parameter.optional && given == keywords.begin() &&
               parameter.kind != model::ParameterKind::KeywordOnly) {
      statement.arguments.push_back(std::move(given->second));
      keywords.erase(given);
    }
  }
  return statement;
}

bool is_on_object(const Callable& callable) {
  return callable.kind == CallableKind::Method || callable.kind == CallableKind::Property;
}

std::optional<TestProgram> program_of(std::size_t number, const Universe& universe,
                                      const model::ModuleModel& module,
                                      const model::TracedCalls& calls) {
  const model::TracedCall& call = calls[number];
  Statement act;
  act.callable = Lessons::callable_of(universe, module, call);
  if (act.callable == Universe::npos) return std::nullopt;
  const Callable& callable = universe.callables[act.callable];
  if (!repeat_arguments(call, universe, act)) return std::nullopt;
  TestProgram program;
  if (is_on_object(callable)) {
    const auto object = value_of(call.receiver, universe);
    const auto fixture = universe.fixtures.find(call.receiver_fixture);
    const bool given = fixture != universe.fixtures.end() &&
                       !universe.callables[fixture->second].returned_class.empty();
    if (!object && !given) return std::nullopt;
    const std::string member = universe.alias + "." + callable.class_name + ".";
    if (!given && object->kind == ValueKind::Name && object->text.starts_with(member)) {
      act.member = object->text.substr(member.size());
    } else {
      std::optional<Statement> made;
      if (given) {
        made.emplace().callable = fixture->second;
      } else {
        made = making(*object, universe);
      }
      if (!made) return std::nullopt;
      program.statements.push_back(*std::move(made));
      for (const std::size_t earlier : call.before) {
        if (earlier >= number) continue;
        Statement before;
        before.callable = Lessons::callable_of(universe, module, calls[earlier]);
        if (before.callable == Universe::npos ||
            universe.callables[before.callable].kind != CallableKind::Method ||
            !repeat_arguments(calls[earlier], universe, before)) {
          continue;
        }
        before.receiver = 0;
        program.statements.push_back(std::move(before));
      }
      act.receiver = 0;
    }
  }
  program.statements.push_back(std::move(act));
  return program;
}

}  // namespace

void learn_traced_calls(Universe& universe, const model::ModuleModel& module,
                        const model::TracedCalls& calls) {
  Lessons lessons(universe, module);
  for (const model::TracedCall& call : calls) lessons.take(call);
}

std::vector<TestProgram> programs_of_traced_calls(const Universe& universe,
                                                  const model::ModuleModel& module,
                                                  const model::TracedCalls& calls) {
  std::vector<TestProgram> out;
  std::map<std::size_t, std::size_t> counts;
  for (std::size_t number = 0; number < calls.size(); ++number) {
    auto program = program_of(number, universe, module, calls);
    if (!program || !universe.callables[subject(*program)].wanted) continue;
    if (++counts[subject(*program)] <= kProgramsOfAFunction) out.push_back(*std::move(program));
  }
  return out;
}

}  // namespace testgen::engine
