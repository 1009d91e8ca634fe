#include "engine/llm/table_rows.h"

#include <algorithm>

#include "engine/llm/chunks.h"

namespace testgen::llm {
namespace {

using analysis::Field;
using analysis::Index;
using analysis::Kind;
using analysis::kNoNode;
using analysis::SyntaxTree;

constexpr std::size_t kMostRows = 40;

// What stands in `pytest.param(…)`, without an id of its own.
std::string parameters_of(const SyntaxTree& tree, Index row, bool several) {
  std::string out;
  const auto add = [&](Index value) {
    out += (out.empty() ? "" : ", ") + std::string(tree.text(value));
  };
  if (tree[row].kind == Kind::Call) {
    const Index function = tree.child(row, Field::Function);
    const std::string_view name = function == kNoNode ? "" : tree.text(function);
    if (name == "pytest.param" || name == "param") {
      const Index arguments = tree.child(row, Field::Arguments);
      if (arguments == kNoNode) return "";
      for (const Index value : tree.named_children(arguments)) {
        if (tree[value].kind != Kind::KeywordArgument) add(value);
      }
      return out;
    }
  }
  if (several && (tree[row].kind == Kind::Tuple || tree[row].kind == Kind::List)) {
    for (const Index value : tree.named_children(row)) add(value);
    return out;
  }
  return several ? "" : std::string(tree.text(row));
}

}  // namespace

std::string name_rows(ProposedTest& test, const base::Clock& clock) {
  const auto tree = whole_tree(test.text, clock);
  if (!tree) return "it is not valid Python";
  Index found = kNoNode;
  for (Index i = 0; i < tree->size(); ++i) {
    if ((*tree)[i].kind != Kind::Decorator) continue;
    if (tree->text(i).find("parametrize") == std::string_view::npos) continue;
    if (found != kNoNode) return "it has several tables of parameters";
    found = i;
  }
  if (found == kNoNode) return "";
  Index call = kNoNode;
  for (const Index part : tree->named_children(found)) {
    if ((*tree)[part].kind == Kind::Call) call = part;
  }
  const Index arguments = call == kNoNode ? kNoNode : tree->child(call, Field::Arguments);
  if (arguments == kNoNode) return "its table of parameters is of no known form";
  std::vector<Index> values;
  for (const Index value : tree->named_children(arguments)) {
    if ((*tree)[value].kind != Kind::KeywordArgument) values.push_back(value);
  }
  const bool listed = values.size() == 2 && ((*tree)[values[1]].kind == Kind::List ||
                                             (*tree)[values[1]].kind == Kind::Tuple);
  if (!listed) return "its table of parameters is of no known form";
  const std::string_view names = tree->text(values[0]);
  const bool several = names.find(',') != std::string_view::npos;
  std::string text = "@pytest.mark.parametrize(\n    " + std::string(names) + ",\n    [\n";
  std::vector<std::string> rows;
  for (const Index row : tree->named_children(values[1])) {
    const std::string parameters = parameters_of(*tree, row, several);
    if (parameters.empty() || parameters.find('\n') != std::string::npos) {
      return "its table of parameters is of no known form";
    }
    rows.push_back("case_" + std::to_string(rows.size() + 1));
    text += "        pytest.param(" + parameters + ", id=\"" + rows.back() + "\"),\n";
  }
  if (rows.empty() || rows.size() > kMostRows) return "its table has no row, or too many";
  text += "    ],\n)";
  const analysis::SyntaxNode& old = (*tree)[found];
  test.text = test.text.substr(0, old.start) + text + test.text.substr(old.end);
  test.rows = std::move(rows);
  return "";
}

}  // namespace testgen::llm
