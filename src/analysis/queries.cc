#include "analysis/queries.h"

#include <algorithm>

namespace testgen::analysis {

void Owners::advance(Index index) {
  bool changed = false;
  while (!scopes_.empty() && scopes_.back().end <= index) {
    scopes_.pop_back();
    changed = true;
  }
  const SyntaxNode& node = tree_[index];
  if (node.kind == Kind::FunctionDefinition || node.kind == Kind::ClassDefinition) {
    const Index name = tree_.child(index, Field::Name);
    scopes_.push_back(Scope{node.end_index, node.kind == Kind::FunctionDefinition,
                            name == kNoNode ? std::string() : std::string(tree_.text(name))});
    changed = true;
  }
  if (changed) rename();
}

void Owners::rename() {
  function_.clear();
  class_.clear();
  for (const Scope& scope : scopes_) {
    if (scope.is_function) {
      function_ = class_.empty() ? scope.name : class_ + "." + scope.name;
      return;
    }
    class_ = class_.empty() ? scope.name : class_ + "." + scope.name;
  }
}

std::vector<Index> call_arguments(const SyntaxTree& tree, Index call) {
  const Index list = tree.child(call, Field::Arguments);
  std::vector<Index> out;
  if (list == kNoNode || tree[list].kind != Kind::ArgumentList) return out;
  for (const Index argument : tree.named_children(list)) {
    const Kind kind = tree[argument].kind;
    if (kind == Kind::ListSplat || kind == Kind::DictionarySplat || kind == Kind::KeywordArgument) {
      break;
    }
    out.push_back(argument);
  }
  return out;
}

Index without_parentheses(const SyntaxTree& tree, Index node) {
  while (node != kNoNode && tree[node].kind == Kind::ParenthesizedExpression) {
    const std::vector<Index> inner = tree.named_children(node);
    if (inner.size() != 1) return node;
    node = inner[0];
  }
  return node;
}

bool is_plain_string(const SyntaxTree& tree, Index node) {
  const Kind kind = tree[node].kind;
  if (kind != Kind::String && kind != Kind::ConcatenatedString) return false;
  for (Index i = node; i < tree[node].end_index; ++i) {
    if (tree[i].kind == Kind::Interpolation) return false;
    if (tree[i].kind == Kind::StringStart &&
        tree.text(i).find_first_of("fF") != std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool is_docstring(const SyntaxTree& tree, Index statement) {
  if (tree[statement].kind != Kind::ExpressionStatement) return false;
  const std::vector<Index> parts = tree.named_children(statement);
  if (parts.size() != 1) return false;
  const Index value = without_parentheses(tree, parts[0]);
  if (!is_plain_string(tree, value)) return false;
  const std::string_view text = tree.text(value);
  return text.substr(0, text.find_first_of("'\"")).find_first_of("bB") == std::string_view::npos;
}

bool is_constant(const SyntaxTree& tree, Index node) {
  node = without_parentheses(tree, node);
  switch (tree[node].kind) {
    case Kind::True:
    case Kind::False:
    case Kind::None:
    case Kind::Integer:
    case Kind::Float:
    case Kind::Ellipsis:
      return true;
    case Kind::Identifier:
      return tree.text(node) == "__debug__";
    default:
      return is_plain_string(tree, node);
  }
}

bool is_true_constant(const SyntaxTree& tree, Index node) {
  node = without_parentheses(tree, node);
  if (tree[node].kind == Kind::True) return true;
  return tree[node].kind == Kind::Integer &&
         tree.text(node).find_first_of("123456789") != std::string_view::npos;
}

std::vector<Index> boolean_operands(const SyntaxTree& tree, Index condition) {
  std::vector<Index> leaves;
  std::vector<Index> open{condition};
  bool joined = false;
  while (!open.empty()) {
    const Index node = open.back();
    open.pop_back();
    const Kind kind = tree[node].kind;
    std::vector<Index> inner;
    if (kind == Kind::BooleanOperator || kind == Kind::NotOperator ||
        kind == Kind::ParenthesizedExpression) {
      inner = tree.named_children(node);
    }
    const bool opaque =
        inner.empty() || std::any_of(inner.begin(), inner.end(), [&](Index child) {
          return tree[child].kind == Kind::Yield || tree[child].kind == Kind::ListSplat;
        });
    if (opaque) {
      leaves.push_back(node);
      continue;
    }
    joined = joined || kind == Kind::BooleanOperator;
    open.insert(open.end(), inner.rbegin(), inner.rend());
  }
  if (!joined) leaves.clear();
  return leaves;
}

Index first_context_manager(const SyntaxTree& tree, Index with_statement) {
  for (Index i = with_statement + 1; i < tree[with_statement].end_index; ++i) {
    if (tree[i].kind != Kind::WithItem) continue;
    Index value = tree.child(i, Field::Value);
    if (value == kNoNode) return kNoNode;
    if (tree[value].kind == Kind::AsPattern) {
      const std::vector<Index> parts = tree.named_children(value);
      if (parts.empty()) return kNoNode;
      value = parts[0];
    }
    if (tree[value].kind == Kind::Tuple) return kNoNode;
    if (tree[without_parentheses(tree, value)].kind == Kind::AsPattern) return kNoNode;
    return value;
  }
  return kNoNode;
}

std::string case_literals(const SyntaxTree& tree, Index match_statement) {
  constexpr std::size_t kLimit = 2000;
  std::string out;
  bool in_pattern = false;
  Index pattern_end = 0;
  for (Index i = match_statement + 1; i < tree[match_statement].end_index; ++i) {
    if (in_pattern && i >= pattern_end) in_pattern = false;
    const Kind kind = tree[i].kind;
    if (!in_pattern && kind == Kind::CasePattern) {
      in_pattern = true;
      pattern_end = tree[i].end_index;
    }
    if (!in_pattern) continue;
    const bool literal = kind == Kind::Integer || kind == Kind::Float ||
                         (kind == Kind::String && is_plain_string(tree, i));
    if (!literal || tree.text(i).find('\n') != std::string_view::npos) continue;
    if (out.size() + tree.text(i).size() > kLimit) return out;
    if (!out.empty()) out += '\n';
    out += tree.text(i);
  }
  return out;
}

}  // namespace testgen::analysis
