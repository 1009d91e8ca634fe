#include "reproduce/chain.h"

#include <algorithm>

namespace testgen::reproduce {
namespace {

using analysis::Field;
using analysis::Index;
using analysis::Kind;
using analysis::kNoNode;
using analysis::SyntaxTree;

constexpr std::size_t kMostLinks = 12;
constexpr int kMostAssignments = 6;

Index first_named(const SyntaxTree& tree, Index node) {
  const auto children = tree.named_children(node);
  return children.empty() ? kNoNode : children.front();
}

struct Bound {
  Index value = kNoNode;  // the expression
  Index at = kNoNode;     // where it is bound
  std::string link;       // what the binding adds
};

// `with VALUE as NAME`.
std::optional<Bound> bound_by_with(const SyntaxTree& tree, Index pattern, std::string_view name) {
  const auto children = tree.named_children(pattern);
  if (children.size() < 2 || tree.text(children.back()) != name) return std::nullopt;
  for (Index up = tree[pattern].parent; up != kNoNode; up = tree[up].parent) {
    if (tree[up].kind != Kind::WithStatement) continue;
    return Bound{children.front(), pattern, tree.has_token(up, "async") ? "async with" : "with"};
  }
  return std::nullopt;
}

// The last binding of the name between two nodes.
std::optional<Bound> last_binding(const SyntaxTree& tree, Index function, Index before,
                                  std::string_view name) {
  std::optional<Bound> out;
  for (Index i = function; i < std::min(before, tree[function].end_index); ++i) {
    if (tree[i].kind == Kind::Assignment) {
      const Index left = tree.child(i, Field::Left);
      const Index right = tree.child(i, Field::Right);
      // Not the assignment that the use is a part of.
      if (left == kNoNode || right == kNoNode || tree[i].end_index > before) continue;
      if (tree[left].kind == Kind::Identifier && tree.text(left) == name) out = Bound{right, i, ""};
    } else if (tree[i].kind == Kind::AsPattern && tree[i].end_index <= before) {
      if (auto bound = bound_by_with(tree, i, name)) out = std::move(bound);
    }
  }
  return out;
}

}  // namespace

std::optional<Chain> chain_of(const SyntaxTree& tree, Index expression) {
  Chain out;
  Index at = expression;
  while (at != kNoNode && out.links.size() < kMostLinks) {
    switch (tree[at].kind) {
      case Kind::Identifier:
        out.root = tree.text(at);
        std::reverse(out.links.begin(), out.links.end());
        return out;
      case Kind::Attribute: {
        const Index name = tree.child(at, Field::Attribute);
        if (name == kNoNode) return std::nullopt;
        out.links.push_back("." + std::string(tree.text(name)));
        at = tree.child(at, Field::Object);
        break;
      }
      case Kind::Call:
        out.links.emplace_back("()");
        at = tree.child(at, Field::Function);
        break;
      case Kind::Subscript:
        out.links.emplace_back("[]");
        at = tree.child(at, Field::Value);
        break;
      case Kind::Await:
        out.links.emplace_back("await");
        at = first_named(tree, at);
        break;
      case Kind::ParenthesizedExpression:
        at = first_named(tree, at);
        break;
      default:
        return std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<Chain> follow(const SyntaxTree& tree, Index function, Index before, Chain chain,
                            std::vector<Index>* through) {
  for (int steps = 0; steps < kMostAssignments; ++steps) {
    const auto bound = last_binding(tree, function, before, chain.root);
    if (!bound) return chain;
    auto value = chain_of(tree, bound->value);
    if (!value) return std::nullopt;
    if (!bound->link.empty()) value->links.push_back(bound->link);
    value->links.insert(value->links.end(), chain.links.begin(), chain.links.end());
    if (value->links.size() > kMostLinks) return std::nullopt;
    if (through != nullptr) through->push_back(bound->value);
    chain = *std::move(value);
    before = bound->at;
  }
  return std::nullopt;
}

std::string on_stand_in(const std::vector<std::string>& links, std::size_t first) {
  std::string out;
  for (std::size_t i = first; i < links.size(); ++i) {
    if (links[i] == "()") {
      out += ".return_value";
    } else if (links[i] == "[]") {
      out += ".__getitem__.return_value";
    } else if (links[i] == "with") {
      out += ".__enter__.return_value";
    } else if (links[i] == "async with") {
      out += ".__aenter__.return_value";
    } else if (links[i] != "await") {
      out += links[i];
    }
  }
  return out;
}

std::vector<std::string> awaited_calls(const std::vector<std::string>& links, std::size_t first) {
  std::vector<std::string> out;
  for (std::size_t i = first + 1; i < links.size(); ++i) {
    if (links[i] != "await" || links[i - 1] != "()") continue;
    const auto call = links.begin() + static_cast<std::ptrdiff_t>(i) - 1;
    out.push_back(on_stand_in({links.begin(), call}, first));
  }
  return out;
}

std::vector<std::string> await_statements(const std::string& stand_in,
                                          const std::vector<std::string>& awaited) {
  std::vector<std::string> out;
  for (const std::string& call : awaited) {
    out.push_back(stand_in + call + " = mock.AsyncMock(return_value=mock.MagicMock())");
  }
  return out;
}

std::string spelled(const Chain& chain) {
  std::string out = chain.root;
  for (const std::string& link : chain.links) {
    if (link != "with" && link != "async with" && link != "await") out += link;
  }
  return out;
}

std::size_t leading_attributes(const std::vector<std::string>& links) {
  const auto other = std::find_if(links.begin(), links.end(),
                                  [](const std::string& link) { return link.front() != '.'; });
  return static_cast<std::size_t>(other - links.begin());
}

}  // namespace testgen::reproduce
