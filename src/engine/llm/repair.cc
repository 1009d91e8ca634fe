#include "engine/llm/repair.h"

#include <charconv>
#include <vector>

#include "base/strings.h"
#include "engine/llm/chunks.h"

namespace testgen::llm {
namespace {

using analysis::Field;
using analysis::Index;
using analysis::Kind;
using analysis::kNoNode;
using analysis::SyntaxTree;

constexpr std::string_view kSaw = "testgen saw ";
constexpr std::size_t kMaxValue = 200;

// Numbers, texts, None, True, False, and lists, tuples, sets and dictionaries of such.
bool is_literal(const SyntaxTree& tree, Index node) {
  for (Index i = node; i < tree[node].end_index; ++i) {
    switch (tree[i].kind) {
      case Kind::Integer:
      case Kind::Float:
      case Kind::True:
      case Kind::False:
      case Kind::None:
      case Kind::String:
      case Kind::StringStart:
      case Kind::StringContent:
      case Kind::StringEnd:
      case Kind::List:
      case Kind::Tuple:
      case Kind::Set:
      case Kind::Dictionary:
      case Kind::ParenthesizedExpression:
      case Kind::UnaryOperator:
      case Kind::Token:
        break;
      case Kind::Other:  // a pair of a dictionary, an escape in a text
        break;
      default:
        return false;
    }
  }
  return true;
}

// One `assert EXPRESSION == LITERAL` on lines of its own.
struct Comparison {
  Index statement = kNoNode;
  Index whole = kNoNode;
  Index expression = kNoNode;
  Index literal = kNoNode;
};

std::vector<Comparison> comparisons(const SyntaxTree& tree) {
  std::vector<Comparison> out;
  for (Index i = 0; i < tree.size(); ++i) {
    if (tree[i].kind != Kind::AssertStatement) continue;
    const auto parts = tree.named_children(i);
    if (parts.size() != 1 || tree[parts[0]].kind != Kind::ComparisonOperator) continue;
    const auto sides = tree.named_children(parts[0]);
    if (sides.size() != 2) continue;
    const std::string_view between =
        std::string_view(tree.text())
            .substr(tree[sides[0]].end, tree[sides[1]].start - tree[sides[0]].end);
    if (base::trim(between) != "==" || !is_literal(tree, sides[1])) continue;
    if (is_literal(tree, sides[0])) continue;
    out.push_back({i, parts[0], sides[0], sides[1]});
  }
  return out;
}

bool is_plain_value(std::string_view text, const base::Clock& clock) {
  if (text.empty() || text.size() > kMaxValue || text.find('\n') != std::string_view::npos) {
    return false;
  }
  const auto tree = whole_tree(text, clock);
  if (!tree) return false;
  const auto statements = tree->named_children(0);
  if (statements.size() != 1 || (*tree)[statements[0]].kind != Kind::ExpressionStatement) {
    return false;
  }
  const auto parts = tree->named_children(statements[0]);
  return parts.size() == 1 && is_literal(*tree, parts[0]);
}

}  // namespace

std::optional<ProposedTest> with_probes(const ProposedTest& test, const base::Clock& clock) {
  const auto tree = whole_tree(test.text, clock);
  if (!tree) return std::nullopt;
  const auto found = comparisons(*tree);
  if (found.empty()) return std::nullopt;
  ProposedTest out = test;
  for (std::size_t n = found.size(); n-- > 0;) {
    const Comparison& comparison = found[n];
    const std::string text = "(testgen_saw := (" + std::string(tree->text(comparison.expression)) +
                             ")) == " + std::string(tree->text(comparison.literal)) + ", \"" +
                             std::string(kSaw) + std::to_string(n) + ": \" + repr(testgen_saw)";
    const analysis::SyntaxNode& whole = (*tree)[comparison.whole];
    out.text = out.text.substr(0, whole.start) + text + out.text.substr(whole.end);
  }
  return out;
}

std::optional<ProposedTest> with_observed(const ProposedTest& test, std::string_view failure,
                                          const base::Clock& clock) {
  const std::size_t at = failure.find(kSaw);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view told = failure.substr(at + kSaw.size());
  told = told.substr(0, told.find('\n'));
  std::size_t number = 0;
  const auto read = std::from_chars(told.data(), told.data() + told.size(), number);
  if (read.ec != std::errc()) return std::nullopt;
  told.remove_prefix(static_cast<std::size_t>(read.ptr - told.data()));
  if (!told.starts_with(": ")) return std::nullopt;
  told.remove_prefix(2);
  const auto tree = whole_tree(test.text, clock);
  if (!tree) return std::nullopt;
  const auto found = comparisons(*tree);
  if (number >= found.size() || !is_plain_value(told, clock)) return std::nullopt;
  const analysis::SyntaxNode& literal = (*tree)[found[number].literal];
  const std::uint32_t start = (*tree)[found[number].statement].start;
  const std::size_t line = start == 0 ? 0 : test.text.rfind('\n', start - 1) + 1;
  const std::string indent(start - line, ' ');
  if (test.text.substr(line, start - line) != indent) return std::nullopt;  // after a `;` or a `:`
  ProposedTest out = test;
  out.text = test.text.substr(0, literal.start) + std::string(told) + test.text.substr(literal.end);
  out.text.insert(start, "# Observed; the model expected " +
                             base::one_line(tree->text(found[number].literal), 80) + ".\n" +
                             indent);
  out.observed = true;
  return out;
}

}  // namespace testgen::llm
