#include "analysis/literals.h"

#include <unordered_set>

#include "analysis/queries.h"

namespace testgen::analysis {
namespace {

constexpr std::size_t kMaxLiteral = 400;

bool is_number(const SyntaxTree& tree, Index i) {
  const Kind kind = tree[i].kind;
  if (kind != Kind::Integer && kind != Kind::Float) return false;
  const char last = tree.text(i).back();
  return last != 'j' && last != 'J' && last != 'l' && last != 'L';
}

bool is_bytes(std::string_view text) {
  return text.substr(0, text.find_first_of("'\"")).find_first_of("bB") != std::string_view::npos;
}

// Parts of an implicit concatenation on one line.
std::string joined(const SyntaxTree& tree, Index node) {
  if (tree[node].kind == Kind::String) return std::string(tree.text(node));
  std::string out;
  for (const Index part : tree.named_children(node)) {
    if (!out.empty()) out += ' ';
    out += tree.text(part);
  }
  return out;
}

}  // namespace

std::vector<model::Literal> collect_literals(const SyntaxTree& tree, Index root) {
  std::vector<model::Literal> out;
  std::unordered_set<std::string> seen;
  const auto add = [&](model::LiteralKind kind, std::string source) {
    if (source.size() <= kMaxLiteral && seen.insert(source).second) {
      out.push_back(model::Literal{kind, std::move(source)});
    }
  };
  for (Index i = root; i < tree[root].end_index;) {
    const SyntaxNode& node = tree[i];
    if (node.kind == Kind::UnaryOperator) {
      const Index operand = tree.child(i, Field::Argument);
      if (operand != kNoNode && is_number(tree, operand) && tree.text(i)[0] == '-') {
        add(tree[operand].kind == Kind::Integer ? model::LiteralKind::Int
                                                : model::LiteralKind::Float,
            "-" + std::string(tree.text(operand)));
        i = node.end_index;
        continue;
      }
    } else if (node.kind == Kind::Integer || node.kind == Kind::Float) {
      if (is_number(tree, i)) {
        add(node.kind == Kind::Integer ? model::LiteralKind::Int : model::LiteralKind::Float,
            std::string(tree.text(i)));
      }
    } else if (node.kind == Kind::String || node.kind == Kind::ConcatenatedString) {
      const bool bare =
          node.parent != kNoNode && tree[node.parent].kind == Kind::ExpressionStatement;
      if (!bare && is_plain_string(tree, i)) {
        add(is_bytes(tree.text(i)) ? model::LiteralKind::Bytes : model::LiteralKind::String,
            joined(tree, i));
      }
      if (bare || is_plain_string(tree, i)) {
        i = node.end_index;
        continue;
      }
    }
    ++i;
  }
  return out;
}

std::size_t table_entries(const SyntaxTree& tree, Index node) {
  const Kind kind = tree[node].kind;
  if (kind != Kind::List && kind != Kind::Tuple && kind != Kind::Set && kind != Kind::Dictionary) {
    return 0;
  }
  for (Index i = node; i < tree[node].end_index; ++i) {
    switch (tree[i].kind) {
      case Kind::Identifier:
      case Kind::Interpolation:
      case Kind::ListSplat:
      case Kind::DictionarySplat:
        return 0;
      default:
        break;
    }
  }
  std::size_t entries = 0;
  for (const Index child : tree.named_children(node)) {
    if (tree[child].kind != Kind::Comment) ++entries;
  }
  return entries;
}

}  // namespace testgen::analysis
