#include "reproduce/bindings.h"

namespace testgen::reproduce {
namespace {

using analysis::Field;
using analysis::Index;
using analysis::Kind;
using analysis::kNoNode;
using analysis::SyntaxTree;

bool is_in(const SyntaxTree& tree, Index node, Index function) {
  return function != kNoNode && node > function && node < tree[function].end_index;
}

// Whether it stands outside of every function and class.
bool at_top_level(const SyntaxTree& tree, Index node) {
  for (Index up = tree[node].parent; up != kNoNode; up = tree[up].parent) {
    if (tree[up].kind == Kind::FunctionDefinition || tree[up].kind == Kind::ClassDefinition ||
        tree[up].kind == Kind::Lambda) {
      return false;
    }
  }
  return true;
}

// What one `a.b` or `a.b as c` of an import binds to the name.
std::optional<std::string> imported_as(const SyntaxTree& tree, Index item, std::string_view name,
                                       bool from) {
  if (tree[item].kind == Kind::AliasedImport) {
    const Index alias = tree.child(item, Field::Alias);
    const Index dotted = tree.child(item, Field::Name);
    if (alias == kNoNode || dotted == kNoNode || tree.text(alias) != name) return std::nullopt;
    return std::string(tree.text(dotted));
  }
  if (tree[item].kind != Kind::DottedName) return std::nullopt;
  const std::string_view dotted = tree.text(item);
  if (from) return dotted == name ? std::optional<std::string>(dotted) : std::nullopt;
  // import a.b binds a.
  const std::string_view first = dotted.substr(0, dotted.find('.'));
  return first == name ? std::optional<std::string>(first) : std::nullopt;
}

std::optional<Import> read_import(const SyntaxTree& tree, Index statement, std::string_view name) {
  const bool from = tree[statement].kind == Kind::ImportFromStatement;
  const Index module = from ? tree.child(statement, Field::ModuleName) : kNoNode;
  if (from && module == kNoNode) return std::nullopt;
  for (const Index item : tree.named_children(statement)) {
    if (item == module) continue;
    if (const auto dotted = imported_as(tree, item, name, from)) {
      const std::string front = from ? std::string(tree.text(module)) : "";
      const std::string between = front.empty() || front.back() == '.' ? "" : ".";
      return Import{front + between + *dotted, !from, false};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Import> import_of(const SyntaxTree& tree, Index function, std::string_view name) {
  std::optional<Import> out;
  for (Index i = 0; i < tree.size(); ++i) {
    if (tree[i].kind != Kind::ImportStatement && tree[i].kind != Kind::ImportFromStatement)
      continue;
    const bool inside = is_in(tree, i, function);
    if (!inside && !at_top_level(tree, i)) continue;
    if (out && out->in_function && !inside) continue;
    if (auto found = read_import(tree, i, name)) {
      out = std::move(found);
      out->in_function = inside;
    }
  }
  return out;
}

Index definition_at(const SyntaxTree& tree, std::string_view name, std::uint32_t line) {
  for (Index i = 0; i < tree.size(); ++i) {
    if (tree[i].kind != Kind::FunctionDefinition || tree[i].line != line) continue;
    const Index named = tree.child(i, Field::Name);
    if (named != kNoNode && tree.text(named) == name) return i;
  }
  return kNoNode;
}

bool is_bound(const SyntaxTree& tree, std::string_view name) {
  if (import_of(tree, kNoNode, name)) return true;
  for (Index i = 0; i < tree.size(); ++i) {
    const Kind kind = tree[i].kind;
    Index named = kNoNode;
    if (kind == Kind::Assignment) named = tree.child(i, Field::Left);
    if (kind == Kind::FunctionDefinition || kind == Kind::ClassDefinition) {
      named = tree.child(i, Field::Name);
    }
    if (named != kNoNode && tree.text(named) == name && at_top_level(tree, i)) return true;
  }
  return false;
}

}  // namespace testgen::reproduce
