#include "engine/explorer/universe.h"

#include <algorithm>
#include <set>

namespace testgen::engine {
namespace {

constexpr std::string_view kOperatorMethods[] = {
    "__str__",      "__repr__",    "__len__",    "__eq__",   "__ne__",    "__lt__",
    "__le__",       "__gt__",      "__ge__",     "__hash__", "__iter__",  "__next__",
    "__contains__", "__getitem__", "__add__",    "__sub__",  "__mul__",   "__bool__",
    "__call__",     "__neg__",     "__abs__",    "__int__",  "__float__", "__truediv__",
    "__floordiv__", "__mod__",     "__pow__",    "__and__",  "__or__",    "__xor__",
    "__reversed__", "__setitem__", "__delitem__"};

void add_constant(std::vector<Value>& constants, const std::string& source) {
  auto value = parse_literal(source);
  if (value && std::find(constants.begin(), constants.end(), *value) == constants.end()) {
    constants.push_back(*std::move(value));
  }
}

std::vector<ParameterInfo> describe_all(const std::vector<model::Parameter>& parameters,
                                        const std::map<std::string, ClassInfo>& classes) {
  std::vector<ParameterInfo> out;
  for (const auto& parameter : parameters) out.push_back(describe_parameter(parameter, classes));
  return out;
}

bool is_dunder(std::string_view name) {
  return name.size() > 4 && name.starts_with("__") && name.ends_with("__");
}

// A method that no test can call as written: mangled names, protocol hooks of pickling and
// attribute access.
bool is_callable_method(std::string_view name) {
  if (is_dunder(name)) return is_operator_method(name) || name == "__enter__" || name == "__exit__";
  return !name.starts_with("__");
}

CallableKind kind_of(const model::FunctionModel& function) {
  if (function.name == "__init__" || function.name == "__new__") return CallableKind::Constructor;
  switch (function.kind) {
    case model::FunctionKind::Function:
      return CallableKind::Function;
    case model::FunctionKind::Method:
      return CallableKind::Method;
    case model::FunctionKind::StaticMethod:
      return CallableKind::StaticMethod;
    case model::FunctionKind::ClassMethod:
      return CallableKind::ClassMethod;
    case model::FunctionKind::Property:
      return CallableKind::Property;
  }
  return CallableKind::Function;
}

Callable make_constructor(const std::string& class_name, const RuntimeClass& runtime,
                          const model::FunctionModel* init,
                          const std::map<std::string, ClassInfo>& classes) {
  Callable out;
  out.kind = CallableKind::Constructor;
  out.name = class_name;
  out.class_name = class_name;
  out.qualified_name = class_name + ".__init__";
  out.function = init;
  // The static signature keeps annotations as written; inherited constructors have none.
  if (init != nullptr) {
    out.parameters = describe_all(init->parameters, classes);
  } else if (runtime.has_signature) {
    out.parameters = describe_all(runtime.parameters, classes);
  }
  out.is_private = class_name.starts_with("_");
  return out;
}

void assign_goals(const model::ModuleModel& module, Universe& universe) {
  std::map<std::string, std::size_t> owner;
  for (std::size_t i = 0; i < universe.callables.size(); ++i) {
    owner.emplace(universe.callables[i].qualified_name, i);
  }
  for (std::uint32_t goal = 0; goal < module.goals.size(); ++goal) {
    const auto found = owner.find(module.goals[goal].function);
    if (found != owner.end()) universe.callables[found->second].goals.push_back(goal);
  }
}

void assign_constants(const model::ModuleModel& module, Universe& universe) {
  std::map<std::string, const model::FunctionModel*> by_name;
  for (const auto& function : module.functions) by_name.emplace(function.name, &function);
  for (Callable& callable : universe.callables) {
    if (callable.function == nullptr) continue;
    for (const auto& literal : callable.function->literals) {
      add_constant(callable.constants, literal.source);
    }
    for (const auto& called : callable.function->called_names) {
      const auto found = by_name.find(called);
      if (found == by_name.end()) continue;
      for (const auto& literal : found->second->literals) {
        if (callable.constants.size() < 60) add_constant(callable.constants, literal.source);
      }
    }
  }
}

}  // namespace

bool is_operator_method(std::string_view name) {
  return std::find(std::begin(kOperatorMethods), std::end(kOperatorMethods), name) !=
         std::end(kOperatorMethods);
}

std::size_t Universe::find(std::string_view qualified_name) const {
  for (std::size_t i = 0; i < callables.size(); ++i) {
    if (callables[i].qualified_name == qualified_name) return i;
  }
  return npos;
}

Universe build_universe(const model::ModuleModel& module, const RuntimeSymbols& symbols,
                        const std::string& alias) {
  Universe universe;
  universe.alias = alias;
  universe.examples = module.examples;
  for (const auto& literal : module.literals) add_constant(universe.constants, literal.source);

  // Classes first, so that annotations that name them are understood.
  for (const auto& kind : module.classes) {
    const auto runtime = symbols.classes.find(kind.name);
    if (runtime == symbols.classes.end()) continue;
    ClassInfo info;
    info.name = kind.name;
    info.abstract = runtime->second.abstract;
    info.members = runtime->second.members;
    for (const auto& attribute : kind.attributes) {
      if (!attribute.starts_with("_")) info.attributes.push_back(attribute);
    }
    universe.classes.emplace(kind.name, std::move(info));
  }

  const std::set<std::string> functions(symbols.functions.begin(), symbols.functions.end());
  std::map<std::string, const model::FunctionModel*> constructors;
  for (const auto& function : module.functions) {
    const CallableKind kind = kind_of(function);
    if (kind == CallableKind::Constructor) {
      if (function.name == "__init__" || !constructors.contains(function.class_name)) {
        constructors[function.class_name] = &function;
      }
      continue;
    }
    const bool exists = function.class_name.empty()
                            ? functions.contains(function.name)
                            : universe.classes.contains(function.class_name);
    if (!exists || (!function.class_name.empty() && !is_callable_method(function.name))) continue;
    Callable callable;
    callable.kind = kind;
    callable.name = function.name;
    callable.class_name = function.class_name;
    callable.qualified_name = function.qualified_name;
    callable.function = &function;
    callable.parameters = describe_all(function.parameters, universe.classes);
    callable.consumption = function.is_async       ? Consumption::Await
                           : function.is_generator ? Consumption::List
                                                   : Consumption::Direct;
    callable.is_private = function.name.starts_with("_") && !is_dunder(function.name);
    universe.callables.push_back(std::move(callable));
  }
  for (auto& [name, info] : universe.classes) {
    const auto init = constructors.find(name);
    info.constructor = universe.callables.size();
    universe.callables.push_back(
        make_constructor(name, symbols.classes.at(name),
                         init == constructors.end() ? nullptr : init->second, universe.classes));
  }
  for (std::size_t i = 0; i < universe.callables.size(); ++i) {
    const Callable& callable = universe.callables[i];
    if (callable.kind == CallableKind::Constructor) continue;
    const auto owner = universe.classes.find(callable.class_name);
    if (owner != universe.classes.end()) owner->second.methods.push_back(i);
  }
  std::set<std::string> keywords;
  for (const Callable& callable : universe.callables) {
    for (const auto& parameter : callable.parameters) {
      if (parameter.optional && parameter.kind != model::ParameterKind::VarKeyword &&
          parameter.kind != model::ParameterKind::VarPositional) {
        keywords.insert(parameter.name);
      }
    }
  }
  universe.keyword_names.assign(keywords.begin(), keywords.end());
  assign_goals(module, universe);
  assign_constants(module, universe);
  return universe;
}

}  // namespace testgen::engine
