#include "reproduce/sink.h"

#include <algorithm>
#include <array>
#include <utility>

#include "analysis/signature.h"
#include "base/line_table.h"
#include "reproduce/bindings.h"

namespace testgen::reproduce {
namespace {

using analysis::Field;
using analysis::Index;
using analysis::Kind;
using analysis::kNoNode;
using analysis::SyntaxTree;
using model::FunctionKind;
using model::FunctionModel;

constexpr std::array<std::string_view, 11> kBuiltins{"eval",    "exec",       "compile", "open",
                                                     "input",   "__import__", "getattr", "setattr",
                                                     "globals", "vars",       "delattr"};
constexpr std::size_t kNowhere = std::string_view::npos;
constexpr std::size_t kMostCompared = 6;  // attributes, and literals of each

base::Error why(std::string text) {
  return {base::ErrorCode::Unsupported, std::move(text), ""};
}

// The innermost node that holds the whole place, and for which `wanted` holds.
template <class Wanted>
Index innermost(const SyntaxTree& tree, const Span& place, const Wanted& wanted) {
  const base::LineTable lines(tree.text());
  const std::size_t start = lines.offset(place.line, place.column);
  const std::size_t end = lines.offset(place.end_line, place.end_column);
  Index out = kNoNode;
  if (start == kNowhere || end == kNowhere) return out;
  for (Index i = 0; i < tree.size(); ++i) {
    if (tree[i].start <= start && end <= tree[i].end && wanted(tree[i].kind)) out = i;
  }
  return out;
}

std::optional<std::size_t> function_around(const model::ModuleModel& module, std::uint32_t line) {
  std::optional<std::size_t> out;
  for (std::size_t i = 0; i < module.functions.size(); ++i) {
    const FunctionModel& one = module.functions[i];
    if (one.first_line <= line && line <= one.last_line) out = i;
  }
  return out;
}

bool is_parameter(const FunctionModel& function, std::string_view name) {
  return std::any_of(function.parameters.begin(), function.parameters.end(), [&](const auto& one) {
    return one.name == name && one.kind != model::ParameterKind::VarPositional &&
           one.kind != model::ParameterKind::VarKeyword;
  });
}

bool is_variadic(const FunctionModel& function, std::string_view name) {
  return !is_parameter(function, name) &&
         std::any_of(function.parameters.begin(), function.parameters.end(),
                     [&](const auto& one) { return one.name == name; });
}

// Whether a loop or an unpacking gives the name its value: no chain says what that is.
bool is_unpacked(const SyntaxTree& tree, Index function, std::string_view name) {
  for (Index i = function; i < tree[function].end_index; ++i) {
    if (tree[i].kind != Kind::Identifier || tree.text(i) != name) continue;
    Index at = i;
    Index up = tree[at].parent;
    while (up != kNoNode &&
           (tree[up].kind == Kind::PatternList || tree[up].kind == Kind::TuplePattern ||
            tree[up].kind == Kind::ListPattern)) {
      at = std::exchange(up, tree[up].parent);
    }
    if (up == kNoNode || tree[at].field != Field::Left) continue;
    const Kind kind = tree[up].kind;
    if (kind == Kind::ForStatement || kind == Kind::ForInClause) return true;
    if (kind == Kind::Assignment && at != i) return true;
  }
  return false;
}

// The literals that one side of a comparison offers.
std::vector<std::string> literals_of(const SyntaxTree& tree, Index side) {
  std::vector<std::string> out;
  const auto add = [&](Index node) {
    const Kind kind = tree[node].kind;
    const bool plain =
        kind == Kind::String || kind == Kind::Integer || kind == Kind::True || kind == Kind::False;
    // An f-string is no literal.
    const bool made = kind == Kind::String && tree.text(node).find('{') != kNowhere;
    if (plain && !made && out.size() < kMostCompared) out.emplace_back(tree.text(node));
  };
  const Kind kind = tree[side].kind;
  if (kind == Kind::List || kind == Kind::Tuple || kind == Kind::Set) {
    for (const Index item : tree.named_children(side)) add(item);
  } else {
    add(side);
  }
  return out;
}

// What attributes of the name are compared with, as far as literals say.
std::vector<Compared> comparisons_of(const SyntaxTree& tree, Index function,
                                     std::string_view name) {
  std::vector<Compared> out;
  for (Index i = function; i < tree[function].end_index; ++i) {
    if (tree[i].kind != Kind::ComparisonOperator) continue;
    const auto sides = tree.named_children(i);
    if (sides.size() != 2) continue;
    const auto chain = chain_of(tree, sides[0]);
    if (!chain || chain->root != name || chain->links.empty()) continue;
    if (leading_attributes(chain->links) != chain->links.size()) continue;
    auto literals = literals_of(tree, sides[1]);
    if (literals.empty()) continue;
    const std::string path = on_stand_in(chain->links);
    const auto known =
        std::find_if(out.begin(), out.end(), [&](const Compared& one) { return one.path == path; });
    if (known == out.end()) {
      if (out.size() < kMostCompared) out.push_back({path, std::move(literals)});
      continue;
    }
    for (std::string& literal : literals) {
      if (known->literals.size() < kMostCompared) known->literals.push_back(std::move(literal));
    }
  }
  return out;
}

std::string attributes(const std::vector<std::string>& links, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += links[i];
  return out;
}

// "a.b.c" → patch of c in a.b.
Patch patch_of(const std::string& dotted, bool create = false) {
  const std::size_t dot = dotted.rfind('.');
  return {dotted.substr(0, dot), dotted.substr(dot + 1), create};
}

// The name that self or cls has.
std::string_view receiver_name(const SyntaxTree& tree, const FunctionModel& function,
                               Index definition) {
  if (function.class_name.empty() || function.kind == FunctionKind::StaticMethod) return {};
  const Index parameters = tree.child(definition, Field::Parameters);
  return parameters == kNoNode ? std::string_view() : analysis::first_parameter(tree, parameters);
}

// Puts the stand-in where a global name leads; false when there is no saying what it is.
bool place_global(const SyntaxTree& tree, const std::string& alias, const Chain& chain,
                  Sink& sink) {
  const auto import = import_of(tree, sink.definition, chain.root);
  const std::size_t front = leading_attributes(chain.links);
  if (import && import->in_function) {
    if (import->dotted.front() == '.') return false;
    const std::size_t count = import->whole_module ? front : 0;
    if (import->whole_module && count == 0) return false;
    sink.patch = Patch{"", import->dotted + attributes(chain.links, count), false};
    sink.rest = on_stand_in(chain.links, count);
    sink.waits = awaited_calls(chain.links, count);
    return true;
  }
  const std::string global = alias + "." + chain.root;
  if (import && import->whole_module && front > 0) {
    // Only what is called of the module: the rest of it is needed, its exceptions for one.
    sink.patch = patch_of(global + attributes(chain.links, front));
    sink.rest = on_stand_in(chain.links, front);
    sink.waits = awaited_calls(chain.links, front);
    return true;
  }
  const bool builtin = std::find(kBuiltins.begin(), kBuiltins.end(), chain.root) != kBuiltins.end();
  sink.patch = patch_of(global, builtin && !is_bound(tree, chain.root));
  sink.rest = on_stand_in(chain.links);
  sink.waits = awaited_calls(chain.links);
  return true;
}

}  // namespace

Index innermost_at(const SyntaxTree& tree, const Span& place) {
  return innermost(tree, place, [](Kind kind) {
    return kind == Kind::Attribute || kind == Kind::Call || kind == Kind::Subscript ||
           kind == Kind::Identifier;
  });
}

base::Result<Sink> find_sink(const SyntaxTree& tree, const model::ModuleModel& module,
                             const std::string& alias, const Span& place) {
  const auto function = function_around(module, place.line);
  if (!function) return why("it is in no function that a test could call");
  const FunctionModel& model = module.functions[*function];
  if (model.kind == FunctionKind::Property) return why("a property takes no argument");
  const Index call = innermost(tree, place, [](Kind kind) { return kind == Kind::Call; });
  const Index callee = call == kNoNode ? kNoNode : tree.child(call, Field::Function);
  const auto written = callee == kNoNode ? std::nullopt : chain_of(tree, callee);
  if (!written) return why("it is not a call of something that has a name");
  const Index given = tree.child(call, Field::Arguments);
  if (given != kNoNode && tree.named_children(given).empty()) {
    return why("the call has no argument in which text could arrive");
  }
  Sink out;
  out.function = *function;
  out.call = call;
  out.callee = spelled(*written);
  out.definition = definition_at(tree, model.name, model.first_line);
  if (out.definition == kNoNode || call < out.definition) {
    return why("it runs when the module is imported");
  }
  out.awaited = tree[call].parent != kNoNode && tree[tree[call].parent].kind == Kind::Await;
  const auto chain = follow(tree, out.definition, call, *written, &out.bound);
  if (!chain || is_unpacked(tree, out.definition, chain->root)) {
    return why("there is no telling where " + written->root + " comes from");
  }
  if (is_variadic(model, chain->root)) {
    return why("what is called comes from *" + chain->root + ", of which no part has a name");
  }
  if (chain->root == receiver_name(tree, model, out.definition) && !chain->root.empty()) {
    if (chain->links.empty() || chain->links.front().front() != '.') {
      return why("the object itself is called");
    }
    if (model.kind == FunctionKind::ClassMethod) {
      out.patch = Patch{alias + "." + model.class_name, chain->links.front().substr(1), false};
    } else {
      out.attribute = chain->links.front().substr(1);
    }
    out.rest = on_stand_in(chain->links, 1);
    out.waits = awaited_calls(chain->links, 1);
    return out;
  }
  if (is_parameter(model, chain->root)) {
    out.parameter = chain->root;
    out.rest = on_stand_in(chain->links);
    out.waits = awaited_calls(chain->links);
    out.compared = comparisons_of(tree, out.definition, chain->root);
    return out;
  }
  if (!place_global(tree, alias, *chain, out)) {
    return why("the function imports " + chain->root + " in a way that cannot be replaced");
  }
  return out;
}

std::optional<Source> find_source(const SyntaxTree& tree, const model::ModuleModel& module,
                                  const std::string& alias, const Sink& sink, const Span& place) {
  Index at = innermost_at(tree, place);
  if (at == kNoNode || at < sink.definition || at >= tree[sink.definition].end_index) {
    return std::nullopt;
  }
  // request.args is a source; what is input is request.args["x"] and request.args.get("x").
  const Index up = tree[at].parent;
  if (up != kNoNode && tree[up].kind == Kind::Subscript && tree.child(up, Field::Value) == at) {
    at = up;
  } else if (up != kNoNode && tree[up].kind == Kind::Attribute) {
    const Index name = tree.child(up, Field::Attribute);
    const Index call = tree[up].parent;
    if (name != kNoNode && tree.text(name) == "get" && call != kNoNode &&
        tree[call].kind == Kind::Call && tree.child(call, Field::Function) == up) {
      at = call;
    }
  }
  const FunctionModel& model = module.functions[sink.function];
  const auto written = chain_of(tree, at);
  auto chain = written ? follow(tree, sink.definition, at, *written) : std::nullopt;
  if (!chain || chain->links.empty() || chain->links.front().front() != '.') return std::nullopt;
  Source out;
  out.shown = spelled(*chain);
  out.waits = awaited_calls(chain->links);
  out.compared = comparisons_of(tree, sink.definition, chain->root);
  if (is_parameter(model, chain->root)) {
    out.parameter = chain->root;
    out.name = chain->root;
    out.rest = on_stand_in(chain->links);
    return out;
  }
  const auto import = import_of(tree, sink.definition, chain->root);
  if (!import || import->in_function) return std::nullopt;
  if (!import->whole_module) {
    out.patch = Patch{alias, chain->root, false};
    out.name = chain->root;
    out.rest = on_stand_in(chain->links);
    return out;
  }
  // flask.request.args: the first attribute is the object, the module itself stays.
  if (leading_attributes(chain->links) < 2) return std::nullopt;
  out.name = chain->links.front().substr(1);
  out.patch = Patch{alias + "." + chain->root, out.name, false};
  out.rest = on_stand_in(chain->links, 1);
  out.waits = awaited_calls(chain->links, 1);
  for (Compared& one : out.compared) {
    if (one.path.starts_with(chain->links.front() + ".")) {
      one.path.erase(0, chain->links.front().size());
    } else {
      one.path.clear();
    }
  }
  std::erase_if(out.compared, [](const Compared& one) { return one.path.empty(); });
  return out;
}

}  // namespace testgen::reproduce
