#include "engine/explorer/helper_classes.h"

#include <algorithm>
#include <set>

namespace testgen::engine {
namespace {

constexpr std::size_t kMaxMethods = 10;
constexpr const char* kWord = "greet";  // what methods found by name are called

struct Method {
  std::string name;
  std::string parameters;  // "self, tag, attrs"
  std::string arguments;   // "tag, attrs"
  std::string result;      // source; empty: records and returns nothing
};

// What a method that somebody else calls may return.
std::string result_for(const std::string& name, const model::FunctionModel* function) {
  static const std::map<std::string, std::string> kProtocol{
      {"__len__", "2"},         {"__iter__", "iter([1, 2])"}, {"__next__", "1"},
      {"__contains__", "True"}, {"__bool__", "True"},         {"__str__", "\"text\""},
      {"__hash__", "1"},        {"__eq__", "True"},           {"__lt__", "True"}};
  const auto known = kProtocol.find(name);
  if (known != kProtocol.end()) return known->second;
  if (function == nullptr || !function->return_annotation) return "1";
  static const std::map<std::string, std::string> kTypes{
      {"int", "1"},   {"str", "\"text\""}, {"bool", "True"}, {"float", "1.5"}, {"bytes", "b\"a\""},
      {"list", "[]"}, {"dict", "{}"},      {"None", "None"}, {"tuple", "()"}};
  const std::string& annotation = *function->return_annotation;
  const auto type = kTypes.find(annotation.substr(0, annotation.find('[')));
  return type == kTypes.end() ? "None" : type->second;
}

Method method_like(const std::string& name, const model::FunctionModel* function) {
  Method out{.name = name, .parameters = "self", .arguments = "", .result = ""};
  if (function == nullptr) {
    out.parameters = "self, *args";
    out.arguments = "*args";
    return out;
  }
  bool keyword_only = false;
  for (const auto& parameter : function->parameters) {
    std::string declared = parameter.name;
    std::string given = parameter.name;
    if (parameter.kind == model::ParameterKind::VarPositional) {
      declared = given = "*" + parameter.name;
      keyword_only = true;
    } else if (parameter.kind == model::ParameterKind::VarKeyword) {
      declared = "**" + parameter.name;
    } else {
      if (parameter.kind == model::ParameterKind::KeywordOnly && !keyword_only) {
        out.parameters += ", *";
        keyword_only = true;
      }
      if (parameter.default_source) declared += "=None";
    }
    out.parameters += ", " + declared;
    out.arguments += (out.arguments.empty() ? "" : ", ") + given;
  }
  return out;
}

std::string define(const std::string& name, const std::string& base, const std::string& purpose,
                   const std::vector<Method>& methods, bool records) {
  std::string out = "class " + name + "(" + base + "):\n    \"\"\"" + purpose + "\"\"\"\n";
  if (records) {
    out +=
        "\n    def __init__(self, *args, **kwargs):\n"
        "        self.calls = []\n"
        "        super().__init__(*args, **kwargs)\n";
  }
  for (const Method& method : methods) {
    out += "\n    def " + method.name + "(" + method.parameters + "):\n";
    if (records) {
      out += "        self.calls.append((\"" + method.name + "\"," +
             (method.arguments.empty() ? "" : " " + method.arguments) + "))\n";
    }
    if (!records || !method.result.empty()) {
      out += "        return " + (method.result.empty() ? "None" : method.result) + "\n";
    }
  }
  out.pop_back();
  return out;
}

class HelperMaker {
 public:
  HelperMaker(const model::ModuleModel& module, const RuntimeSymbols& symbols, Universe& universe)
      : symbols_(symbols), universe_(universe) {
    for (const auto& function : module.functions) {
      if (function.class_name.empty()) continue;
      functions_[function.class_name].push_back(&function);
    }
  }

  void run() {
    std::vector<std::string> names;
    for (const auto& [name, info] : universe_.classes) names.push_back(name);
    for (const std::string& name : names) make_for(name);
  }

 private:
  const model::FunctionModel* find(const ClassInfo& info, const std::string& name) const {
    for (const std::string& ancestor : info.lineage) {
      const auto found = functions_.find(ancestor);
      if (found == functions_.end()) continue;
      for (const auto* function : found->second) {
        if (function->name == name) return function;
      }
    }
    return nullptr;
  }

  void make_for(const std::string& name) {
    const ClassInfo info = universe_.classes.at(name);
    const auto runtime = symbols_.classes.find(name);
    if (!info.members.empty() || runtime == symbols_.classes.end()) return;
    std::vector<Method> methods;
    const bool hooks = add_hooks(info, methods);
    const bool dispatch = add_dispatch(info, methods);
    const bool missing = info.concrete.empty() || (info.concrete.size() == 1 && !info.abstract);
    bool filled = false;
    if (missing) filled = add_unimplemented(info, runtime->second, methods);
    if (methods.empty() || methods.size() > 2 * kMaxMethods) return;
    const bool records = hooks || dispatch;
    if (!records && !filled) return;
    add_class(info, records, methods);
  }

  // Empty methods that other methods of the class call.
  bool add_hooks(const ClassInfo& info, std::vector<Method>& methods) const {
    const auto own = functions_.find(info.name);
    if (own == functions_.end()) return false;
    std::set<std::string> called;
    for (const std::string& ancestor : info.lineage) {
      const auto found = functions_.find(ancestor);
      if (found == functions_.end()) continue;
      for (const auto* function : found->second) {
        called.insert(function->called_names.begin(), function->called_names.end());
      }
    }
    bool found = false;
    for (const auto* function : own->second) {
      if (!function->is_hook || !called.contains(function->name) || function->name[0] == '_' ||
          function->kind != model::FunctionKind::Method || methods.size() >= kMaxMethods) {
        continue;
      }
      methods.push_back(method_like(function->name, function));
      found = true;
    }
    return found;
  }

  // `getattr(self, "do_" + word)`: literals that end like the beginning of a name.
  bool add_dispatch(const ClassInfo& info, std::vector<Method>& methods) {
    const auto own = functions_.find(info.name);
    if (own == functions_.end()) return false;
    std::vector<std::string> prefixes;
    for (const auto* function : own->second) {
      const auto& calls = function->called_names;
      if (std::find(calls.begin(), calls.end(), "getattr") == calls.end()) continue;
      for (const auto& literal : function->literals) {
        const auto value = parse_literal(literal.source);
        if (!value || value->kind != ValueKind::String) continue;
        const std::string& text = value->text;
        const bool name = text.size() > 2 && text.back() == '_' && text[0] != '_' &&
                          std::all_of(text.begin(), text.end(),
                                      [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); });
        if (name && std::find(prefixes.begin(), prefixes.end(), text) == prefixes.end()) {
          prefixes.push_back(text);
        }
      }
    }
    for (const std::string& prefix : prefixes) {
      methods.push_back(method_like(prefix + kWord, nullptr));
    }
    if (!prefixes.empty()) {
      for (Callable& callable : universe_.callables) {
        if (callable.class_name != info.name) continue;
        callable.constants.push_back(Value::string(kWord));
        callable.constants.push_back(Value::string("stop"));
      }
      Method stop = method_like(prefixes.front() + "stop", nullptr);
      stop.result = "True";
      methods.push_back(std::move(stop));
    }
    return !prefixes.empty();
  }

  bool add_unimplemented(const ClassInfo& info, const RuntimeClass& runtime,
                         std::vector<Method>& methods) const {
    std::set<std::string> names(runtime.unimplemented.begin(), runtime.unimplemented.end());
    if (const auto own = functions_.find(info.name); own != functions_.end()) {
      for (const auto* function : own->second) {
        const bool method = function->kind == model::FunctionKind::Method;
        if (function->is_unimplemented && method) names.insert(function->name);
      }
    }
    for (const std::string& name : names) {
      const model::FunctionModel* function = find(info, name);
      Method method = method_like(name, function);
      method.result = result_for(name, function);
      if (function != nullptr && function->kind == model::FunctionKind::Property) {
        method.name = "__property__" + name;
      }
      methods.push_back(std::move(method));
    }
    // Properties are written as class attributes.
    return !names.empty();
  }

  void add_class(const ClassInfo& info, bool records, std::vector<Method> methods) {
    ClassInfo helper;
    helper.name = (records ? "Recording" : "Concrete") +
                  info.name.substr(std::min(info.name.find_first_not_of('_'), info.name.size()));
    if (universe_.classes.contains(helper.name)) return;
    helper.lineage = {helper.name};
    helper.lineage.insert(helper.lineage.end(), info.lineage.begin(), info.lineage.end());
    helper.concrete = {helper.name};
    helper.attributes = info.attributes;
    helper.records = records;
    Callable constructor = universe_.callables[info.constructor];
    constructor.name = constructor.class_name = helper.name;
    constructor.qualified_name = helper.name + ".__init__";
    constructor.function = nullptr;
    constructor.goals.clear();
    constructor.is_private = true;
    std::string attributes;
    std::erase_if(methods, [&](const Method& method) {
      if (!method.name.starts_with("__property__")) return false;
      attributes += "    " + method.name.substr(12) + " = " + method.result + "\n";
      return true;
    });
    constructor.definition =
        define(helper.name, universe_.alias + "." + info.name,
               records ? "Keeps what its methods are given." : "Fills in what is left to heirs.",
               methods, records);
    if (!attributes.empty()) {
      const std::size_t end_of_docstring = constructor.definition.find("\"\"\"\n") + 4;
      constructor.definition.insert(std::min(end_of_docstring, constructor.definition.size()),
                                    "\n" + attributes);
    }
    helper.constructor = universe_.callables.size();
    universe_.helpers.push_back(helper.constructor);
    for (const std::string& ancestor : info.lineage) {
      universe_.classes.at(ancestor).concrete.push_back(helper.name);
    }
    universe_.callables.push_back(std::move(constructor));
    universe_.classes.emplace(helper.name, std::move(helper));
  }

  const RuntimeSymbols& symbols_;
  Universe& universe_;
  std::map<std::string, std::vector<const model::FunctionModel*>> functions_;
};

}  // namespace

void add_helper_classes(const model::ModuleModel& module, const RuntimeSymbols& symbols,
                        Universe& universe) {
  HelperMaker(module, symbols, universe).run();
}

}  // namespace testgen::engine
