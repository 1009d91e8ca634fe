// A universe for tests: module `shop` with a function and a class, no interpreter needed.
#pragma once

#include "engine/explorer/universe.h"
#include "model/module_model.h"

namespace testgen::engine {

// Functions: price(amount: int, currency="EUR"), listing() (a generator). Class Cart(owner) with
// add(item), __len__, total (a property) and the attribute `discount`. `module` must outlive the
// universe.
inline model::ModuleModel small_module() {
  model::ModuleModel module;
  const auto add = [&](const char* qualified, std::vector<model::Parameter> parameters,
                       model::FunctionKind kind) -> model::FunctionModel& {
    model::FunctionModel function;
    function.qualified_name = qualified;
    const std::string name = qualified;
    const std::size_t dot = name.find('.');
    function.name = dot == std::string::npos ? name : name.substr(dot + 1);
    function.class_name = dot == std::string::npos ? "" : name.substr(0, dot);
    function.kind = kind;
    function.parameters = std::move(parameters);
    module.functions.push_back(std::move(function));
    return module.functions.back();
  };
  using model::FunctionKind;
  add("price",
      {{.name = "amount", .annotation = "int"}, {.name = "currency", .default_source = "\"EUR\""}},
      FunctionKind::Function);
  add("listing", {}, FunctionKind::Function).is_generator = true;
  add("Cart.__init__", {{.name = "owner"}}, FunctionKind::Method);
  add("Cart.add", {{.name = "item"}}, FunctionKind::Method);
  add("Cart.__len__", {}, FunctionKind::Method);
  add("Cart.total", {}, FunctionKind::Property);
  model::ClassModel cart;
  cart.name = "Cart";
  cart.attributes = {"discount", "_hidden"};
  module.classes.push_back(cart);
  module.goals = {{.kind = model::GoalKind::BranchTrue, .line = 2, .function = "price"},
                  {.kind = model::GoalKind::BranchFalse, .line = 2, .function = "price"},
                  {.kind = model::GoalKind::Block, .line = 9, .function = "Cart.add"}};
  return module;
}

inline Universe small_universe(const model::ModuleModel& module) {
  RuntimeSymbols symbols;
  symbols.functions = {"price", "listing"};
  symbols.classes["Cart"] = {};
  return build_universe(module, symbols, "shop");
}

}  // namespace testgen::engine
