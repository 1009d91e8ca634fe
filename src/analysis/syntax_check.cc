#include <algorithm>
#include <optional>

#include "analysis/syntax_tree.h"
#include "base/strings.h"

namespace testgen::analysis {
namespace {

using base::Error;
using base::ErrorCode;

struct Problem {
  std::size_t at;  // byte offset
  std::string_view what;
  std::string_view hint = "mend the syntax error first";
};

// The white space before a statement that opens its line. A form feed starts the count anew.
std::optional<std::string_view> indentation(const std::string& text, std::size_t start) {
  std::size_t i = start;
  while (i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\t')) --i;
  const std::size_t first = i;
  while (i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\t' || text[i - 1] == '\f')) --i;
  if (i > 0 && text[i - 1] != '\n') return std::nullopt;
  if (i > 1 && text[i - 2] == '\\') return std::nullopt;
  return std::string_view(text).substr(first, start - first);
}

// The grammar takes `if x:` without a body, and lines of one block at different depths.
std::optional<Problem> check_block(const SyntaxTree& tree, Index block) {
  const std::vector<Index> statements = tree.named_children(block);
  const bool is_module = tree[block].kind == Kind::Module;
  if (statements.empty() && !is_module) {
    return Problem{tree[tree[block].parent].start, "an indented block is missing: "};
  }
  std::optional<std::string_view> expected;
  if (is_module) expected = "";
  for (const Index statement : statements) {
    const auto found = indentation(tree.text(), tree[statement].start);
    if (!found) continue;
    if (!expected) expected = found;
    if (*found != *expected) return Problem{tree[statement].start, "uneven indentation: "};
  }
  return std::nullopt;
}

std::optional<Problem> check_node(const SyntaxTree& tree, Index i) {
  const SyntaxNode& node = tree[i];
  if (node.kind == Kind::Error || node.missing) return Problem{node.start, "not valid Python: "};
  switch (node.kind) {
    case Kind::PrintStatement:
    case Kind::ExecStatement:
      return Problem{node.start, "Python 2 statement: ", "convert the file to Python 3 first"};
    case Kind::Module:
    case Kind::Block:
      return check_block(tree, i);
    case Kind::TryStatement: {
      const std::vector<Index> parts = tree.named_children(i);
      const bool handled = std::any_of(parts.begin(), parts.end(), [&](Index part) {
        return tree[part].kind == Kind::ExceptClause || tree[part].kind == Kind::FinallyClause;
      });
      if (!handled) return Problem{node.start, "try without except or finally: "};
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

Error describe(const std::string& text, const Problem& problem) {
  const std::size_t at = std::min(problem.at, text.size());
  const std::size_t line_start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  std::size_t column = 1;
  for (std::size_t i = line_start; i < at; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) ++column;
  }
  std::string shown =
      text.substr(line_start, std::min<std::size_t>(text.find('\n', line_start) - line_start, 120));
  while (!shown.empty() && base::find_invalid_utf8(shown) != std::string::npos) shown.pop_back();
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(at), '\n');
  return Error{ErrorCode::InvalidInput,
               "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " +
                   std::string(problem.what) + std::string(base::trim(shown)),
               std::string(problem.hint)};
}

}  // namespace

base::Status SyntaxTree::check_syntax() const {
  // Errors of the parser first: a block near one is often broken only because of it.
  for (Index i = 0; i < size(); ++i) {
    if (nodes_[i].kind != Kind::Error && !nodes_[i].missing) continue;
    return describe(text_, *check_node(*this, i));
  }
  for (Index i = 0; i < size(); ++i) {
    if (const auto problem = check_node(*this, i)) return describe(text_, *problem);
  }
  return {};
}

}  // namespace testgen::analysis
