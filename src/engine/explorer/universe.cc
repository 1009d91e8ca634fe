#include "engine/explorer/universe.h"

#include <algorithm>
#include <set>

#include "engine/explorer/helper_classes.h"
#include "engine/explorer/parameter_usage.h"

namespace testgen::engine {
namespace {

// Methods that a runtime calls at moments no test chooses, or that a constructor stands for.
constexpr std::string_view kLifeCycle[] = {
    "__init__",     "__new__",          "__del__",           "__init_subclass__",
    "__set_name__", "__getattribute__", "__class_getitem__", "__subclasshook__",
    "__prepare__",  "__slots__",        "__instancecheck__", "__subclasscheck__",
    "__set__",      "__get__",          "__delete__",        "__dir__",
    "__sizeof__",   "__weakref__",      "__post_init__",     "__setattr__",
    "__delattr__"};

void add_constant(std::vector<Value>& constants, const std::string& source) {
  auto value = parse_literal(source);
  if (value && std::find(constants.begin(), constants.end(), *value) == constants.end()) {
    constants.push_back(*std::move(value));
  }
}

// Describes parameters with all that the module shows of them.
class Describer {
 public:
  Describer(const model::ModuleModel& module, const RuntimeSymbols& symbols,
            const Universe& universe)
      : module_(module), universe_(universe), usage_(module) {
    for (const auto& [name, runtime] : symbols.neighbours) {
      members_[name].insert(runtime.methods.begin(), runtime.methods.end());
    }
    for (const auto& kind : module.classes) {
      auto& members = members_[kind.name];
      members.insert(kind.attributes.begin(), kind.attributes.end());
    }
    for (const auto& function : module.functions) {
      for (const auto& parameter : function.parameters) {
        auto& uses = by_name_[parameter.name];
        for (std::string& use : usage_.expand(function, parameter)) {
          if (uses.size() < 60) uses.push_back(std::move(use));
        }
      }
      if (!function.class_name.empty()) members_[function.class_name].insert(function.name);
    }
    std::erase_if(members_,
                  [&](const auto& entry) { return !universe.classes.contains(entry.first); });
  }

  [[nodiscard]] std::vector<ParameterInfo> describe(const model::FunctionModel& function) const {
    std::vector<ParameterInfo> out;
    for (const auto& parameter : function.parameters) {
      ParameterEvidence evidence{.owner_class = function.class_name,
                                 .method = function.name,
                                 .uses = usage_.expand(function, parameter),
                                 .members = &members_,
                                 .documented = documented(function, parameter.name)};
      // Elsewhere the same name means the same thing, if nothing is known here.
      const bool telling = std::any_of(
          evidence.uses.begin(), evidence.uses.end(),
          [](const auto& u) { return !u.starts_with("arg:") && !u.starts_with("store:"); });
      if (!telling && parameter.name.size() > 2) evidence.uses = by_name_.at(parameter.name);
      // Of *args only the items are drawn.
      if (parameter.kind == model::ParameterKind::VarPositional) {
        std::erase_if(evidence.uses, [](const auto& use) { return !use.starts_with("each "); });
        for (std::string& use : evidence.uses) use.erase(0, 5);
      }
      out.push_back(describe_parameter(parameter, universe_.classes, evidence));
    }
    return out;
  }

  [[nodiscard]] std::vector<ParameterInfo> describe(
      const std::vector<model::Parameter>& parameters) const {
    std::vector<ParameterInfo> out;
    for (const auto& parameter : parameters) {
      out.push_back(describe_parameter(parameter, universe_.classes));
    }
    return out;
  }

 private:
  // A constructor's parameters are mostly described where the class is.
  [[nodiscard]] DocumentedType documented(const model::FunctionModel& function,
                                          const std::string& parameter) const {
    DocumentedType out = documented_type(function.docstring, parameter);
    if (!out.words.empty() || function.name != "__init__") return out;
    for (const auto& kind : module_.classes) {
      if (kind.name == function.class_name) return documented_type(kind.docstring, parameter);
    }
    return out;
  }

  const model::ModuleModel& module_;
  const Universe& universe_;
  UsageIndex usage_;
  ClassMembers members_;
  std::map<std::string, std::vector<std::string>> by_name_;
};

bool is_dunder(std::string_view name) {
  return name.size() > 4 && name.starts_with("__") && name.ends_with("__");
}

// A method that no test can call as written: mangled names, protocol hooks of pickling and
// attribute access.
bool is_callable_method(std::string_view name) {
  return is_dunder(name) ? is_operator_method(name) : !name.starts_with("__");
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
                          const model::FunctionModel* init, const Describer& describer) {
  Callable out;
  out.kind = CallableKind::Constructor;
  out.name = class_name;
  out.class_name = class_name;
  out.qualified_name = class_name + ".__init__";
  out.function = init;
  // The static signature keeps annotations as written; inherited constructors have none.
  if (init != nullptr) {
    out.parameters = describer.describe(*init);
  } else if (runtime.has_signature) {
    out.parameters = describer.describe(runtime.parameters);
  }
  out.is_private = class_name.starts_with("_");
  return out;
}

// Which classes inherit from which, and of which objects can be made: a method of an abstract
// class or a mixin is called on an heir.
void link_classes(const model::ModuleModel& module, Universe& universe) {
  std::map<std::string, std::vector<std::string>> bases;
  for (const auto& kind : module.classes) {
    for (const auto& base : kind.bases) bases[kind.name].push_back(base.substr(0, base.find('[')));
  }
  for (auto& [name, info] : universe.classes) {
    info.lineage = {name};
    for (std::size_t i = 0; i < info.lineage.size(); ++i) {
      for (const auto& base : bases[info.lineage[i]]) {
        const bool known =
            std::find(info.lineage.begin(), info.lineage.end(), base) != info.lineage.end();
        if (!known && universe.classes.contains(base)) info.lineage.push_back(base);
      }
    }
  }
  for (auto& [name, info] : universe.classes) {
    if (!info.abstract) info.concrete.push_back(name);
  }
  for (auto& [name, info] : universe.classes) {
    for (const auto& ancestor : info.lineage) {
      if (ancestor != name && !info.abstract) universe.classes[ancestor].concrete.push_back(name);
    }
  }
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

// The patterns that a callable matches with, its own and those of what it calls.
void assign_patterns(const model::ModuleModel& module, Universe& universe) {
  std::map<std::string, std::vector<std::string>> by_function;
  for (const auto& site : module.compare_sites) {
    if (!site.operation.starts_with("re.") || site.detail.empty()) continue;
    auto literal = parse_literal(site.detail);
    if (!literal || literal->kind != ValueKind::String) continue;
    by_function[site.function].push_back(std::move(literal->text));
  }
  for (Callable& callable : universe.callables) {
    const auto add = [&](const std::string& function) {
      const auto found = by_function.find(function);
      if (found == by_function.end()) return;
      for (const std::string& pattern : found->second) {
        if (callable.patterns.size() < 12) callable.patterns.push_back(pattern);
      }
    };
    add(callable.qualified_name);
    if (callable.function == nullptr) continue;
    for (const auto& called : callable.function->called_names) {
      add(called);
      add(callable.class_name + "." + called);
    }
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
  return is_dunder(name) &&
         std::find(std::begin(kLifeCycle), std::end(kLifeCycle), name) == std::end(kLifeCycle);
}

std::size_t Universe::find(std::string_view qualified_name) const {
  for (std::size_t i = 0; i < callables.size(); ++i) {
    if (callables[i].qualified_name == qualified_name) return i;
  }
  return npos;
}

std::string Universe::spelling(const Callable& callable) const {
  if (!callable.definition.empty() || callable.kind == CallableKind::Fixture) return callable.name;
  const bool owned =
      callable.kind == CallableKind::StaticMethod || callable.kind == CallableKind::ClassMethod;
  return alias + "." + (owned ? callable.class_name + "." : "") + callable.name;
}

const ClassInfo* Universe::find_class(const std::string& name) const {
  const auto found = classes.find(name);
  return found == classes.end() ? nullptr : &found->second;
}

void note_returned_class(Universe& universe, std::size_t index, const std::string& name) {
  Callable& callable = universe.callables[index];
  const auto found = universe.classes.find(name);
  if (!callable.returned_class.empty() || found == universe.classes.end()) return;
  const bool plain =
      callable.kind == CallableKind::Function || callable.kind == CallableKind::StaticMethod ||
      callable.kind == CallableKind::ClassMethod || callable.kind == CallableKind::Fixture;
  if (callable.consumption != Consumption::Direct) return;
  // Mostly such a method gives back its own object.
  if (!plain && callable.class_name == name) return;
  callable.returned_class = name;
  for (const auto& ancestor : found->second.lineage) {
    ClassInfo& info = universe.classes[ancestor];
    (plain ? info.producers : info.givers).push_back(index);
  }
}

Universe build_universe(const model::ModuleModel& module, const RuntimeSymbols& symbols,
                        const std::string& alias) {
  Universe universe;
  universe.alias = alias;
  universe.examples = module.examples;
  for (const auto& literal : module.literals) add_constant(universe.constants, literal.source);
  for (const auto& [imported, name] : {std::pair{"decimal", "decimal.Decimal"},
                                       {"fractions", "fractions.Fraction"},
                                       {"datetime", "datetime.timedelta"},
                                       {"datetime", "datetime.date"},
                                       {"datetime", "datetime.datetime"}}) {
    const auto& modules = module.imported_modules;
    if (std::find(modules.begin(), modules.end(), imported) != modules.end()) {
      universe.numbers.emplace_back(name);
    }
  }

  // Classes first, so that annotations that name them are understood.
  for (const auto& kind : module.classes) {
    const auto runtime = symbols.classes.find(kind.name);
    if (runtime == symbols.classes.end()) continue;
    ClassInfo info;
    info.name = kind.name;
    info.abstract = runtime->second.abstract;
    info.members = runtime->second.members;
    info.protocol = runtime->second.protocol;
    for (const auto& attribute : kind.attributes) {
      if (!attribute.starts_with("_")) info.attributes.push_back(attribute);
    }
    universe.classes.emplace(kind.name, std::move(info));
  }

  // What the module has imported is made like its own, but never tested.
  for (const auto& [name, runtime] : symbols.neighbours) {
    ClassInfo info;
    info.name = name;
    info.abstract = runtime.abstract;
    info.is_foreign = true;
    info.members = runtime.members;
    info.protocol = runtime.protocol;
    universe.classes.emplace(name, std::move(info));
  }

  link_classes(module, universe);
  const Describer describer(module, symbols, universe);

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
    callable.parameters = describer.describe(function);
    // A decorator may make something else of a generator: a context manager.
    const bool decorated =
        std::any_of(function.decorators.begin(), function.decorators.end(),
                    [](const std::string& name) { return name.find("context") != name.npos; });
    callable.consumption =
        decorated           ? Consumption::Direct
        : function.is_async ? (function.is_generator ? Consumption::AwaitList : Consumption::Await)
        : function.is_generator ? Consumption::List
                                : Consumption::Direct;
    callable.is_private = function.name.starts_with("_") && !is_dunder(function.name);
    universe.callables.push_back(std::move(callable));
  }
  for (auto& [name, info] : universe.classes) {
    const auto init = constructors.find(name);
    info.constructor = universe.callables.size();
    const auto& runtime = info.is_foreign ? symbols.neighbours.at(name) : symbols.classes.at(name);
    universe.callables.push_back(make_constructor(
        name, runtime, init == constructors.end() ? nullptr : init->second, describer));
    universe.callables.back().is_foreign = info.is_foreign;
  }
  add_helper_classes(module, symbols, universe);
  for (std::size_t i = 0; i < universe.callables.size(); ++i) {
    const Callable& callable = universe.callables[i];
    if (callable.kind == CallableKind::Constructor) continue;
    // An heir that does not override a method has it all the same.
    for (auto& [name, info] : universe.classes) {
      const bool inherits = std::find(info.lineage.begin(), info.lineage.end(),
                                      callable.class_name) != info.lineage.end();
      const bool overridden = name != callable.class_name &&
                              universe.find(name + "." + callable.name) != Universe::npos;
      if (inherits && !overridden) info.methods.push_back(i);
    }
  }
  for (auto& [name, info] : universe.classes) {
    for (const auto& ancestor : info.lineage) {
      for (const auto& attribute : universe.classes[ancestor].attributes) {
        const bool known = std::find(info.attributes.begin(), info.attributes.end(), attribute) !=
                           info.attributes.end();
        if (!known) info.attributes.push_back(attribute);
      }
    }
  }
  for (std::size_t i = 0; i < universe.callables.size(); ++i) {
    const Callable& callable = universe.callables[i];
    if (callable.function == nullptr || !callable.function->return_annotation) continue;
    std::string returned = *callable.function->return_annotation;
    std::erase_if(returned, [](char c) { return c == '"' || c == '\'' || c == ' '; });
    if (universe.classes.contains(returned)) note_returned_class(universe, i, returned);
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
  assign_patterns(module, universe);
  return universe;
}

}  // namespace testgen::engine
