// Small questions about a SyntaxTree that the instrumenter and the model builder share.
// All are pure and run without recursion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/syntax_tree.h"

namespace testgen::analysis {

// Follows a preorder walk and knows which function or class a node belongs to. Nested
// functions, and classes inside functions, belong to the outermost function.
class Owners {
 public:
  explicit Owners(const SyntaxTree& tree) : tree_(tree) {}
  // Call with ascending indices; a definition's own node counts as inside it.
  void advance(Index index);
  [[nodiscard]] bool in_function() const { return !function_.empty(); }
  [[nodiscard]] const std::string& function() const { return function_; }  // "Cart.total"
  [[nodiscard]] const std::string& class_name() const { return class_; }   // "Cart"

 private:
  struct Scope {
    Index end;
    bool is_function;
    std::string name;
  };
  void rename();

  const SyntaxTree& tree_;
  std::vector<Scope> scopes_;
  std::string function_;
  std::string class_;
};

// Positional arguments of a call up to the first *splat, keyword or **splat.
[[nodiscard]] std::vector<Index> call_arguments(const SyntaxTree& tree, Index call);
// The expression inside any parentheses.
[[nodiscard]] Index without_parentheses(const SyntaxTree& tree, Index node);
// A string or implicit concatenation without f-strings (their value is known).
[[nodiscard]] bool is_plain_string(const SyntaxTree& tree, Index node);
[[nodiscard]] bool is_docstring(const SyntaxTree& tree, Index statement);
// A condition whose truth never changes: True, 1, "x", None, __debug__.
[[nodiscard]] bool is_constant(const SyntaxTree& tree, Index node);
[[nodiscard]] bool is_true_constant(const SyntaxTree& tree, Index node);
// The operands that `and` and `or` join in a condition, through `not` and parentheses; none
// when the condition is a single operand.
[[nodiscard]] std::vector<Index> boolean_operands(const SyntaxTree& tree, Index condition);
// The expression of the first manager of a `with`, or kNoNode when it cannot be told from the
// parentheses around several managers.
[[nodiscard]] Index first_context_manager(const SyntaxTree& tree, Index with_statement);
// The literals in the case patterns of a match statement, one a line.
[[nodiscard]] std::string case_literals(const SyntaxTree& tree, Index match_statement);

}  // namespace testgen::analysis
