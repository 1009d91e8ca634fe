#include "analysis/signature.h"

namespace testgen::analysis {
namespace {

using model::Parameter;
using model::ParameterKind;

// Name and star kind of `x`, `*args`, `**kwargs`.
void read_name(const SyntaxTree& tree, Index node, Parameter& parameter) {
  if (tree[node].kind == Kind::ListSplatPattern ||
      tree[node].kind == Kind::DictionarySplatPattern) {
    parameter.kind = tree[node].kind == Kind::ListSplatPattern ? ParameterKind::VarPositional
                                                               : ParameterKind::VarKeyword;
    const std::vector<Index> inner = tree.named_children(node);
    if (!inner.empty()) parameter.name = std::string(tree.text(inner[0]));
    return;
  }
  parameter.name = std::string(tree.text(node));
}

}  // namespace

std::vector<Parameter> collect_parameters(const SyntaxTree& tree, Index parameters,
                                          bool skip_first) {
  std::vector<Parameter> out;
  if (parameters == kNoNode) return out;
  bool keyword_only = false;
  for (const Index node : tree.named_children(parameters)) {
    const Kind kind = tree[node].kind;
    if (kind == Kind::KeywordSeparator) {
      keyword_only = true;
      continue;
    }
    if (kind == Kind::PositionalSeparator) {
      for (Parameter& earlier : out) earlier.kind = ParameterKind::PositionalOnly;
      continue;
    }
    Parameter parameter;
    parameter.kind = keyword_only ? ParameterKind::KeywordOnly : ParameterKind::Positional;
    if (kind == Kind::TypedParameter) {
      const std::vector<Index> parts = tree.named_children(node);
      if (!parts.empty()) read_name(tree, parts[0], parameter);
    } else if (kind == Kind::DefaultParameter || kind == Kind::TypedDefaultParameter) {
      const Index name = tree.child(node, Field::Name);
      if (name != kNoNode) read_name(tree, name, parameter);
      const Index value = tree.child(node, Field::Value);
      if (value != kNoNode) parameter.default_source = std::string(tree.text(value));
    } else {
      read_name(tree, node, parameter);
    }
    const Index type = tree.child(node, Field::Type);
    if (type != kNoNode) parameter.annotation = std::string(tree.text(type));
    if (parameter.kind == ParameterKind::VarPositional) keyword_only = true;
    out.push_back(std::move(parameter));
  }
  if (skip_first && !out.empty() && out.front().kind != ParameterKind::VarPositional &&
      out.front().kind != ParameterKind::VarKeyword) {
    out.erase(out.begin());
  }
  return out;
}

std::string_view first_parameter(const SyntaxTree& tree, Index parameters) {
  if (parameters == kNoNode) return {};
  const std::vector<Index> nodes = tree.named_children(parameters);
  if (nodes.empty()) return {};
  Index node = nodes[0];
  if (tree[node].kind == Kind::TypedParameter) {
    const std::vector<Index> parts = tree.named_children(node);
    if (parts.empty()) return {};
    node = parts[0];
  }
  return tree[node].kind == Kind::Identifier ? tree.text(node) : std::string_view();
}

}  // namespace testgen::analysis
