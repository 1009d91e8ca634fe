#include <algorithm>
#include <array>

#include "analysis/mutation_operators.h"
#include "analysis/queries.h"

namespace testgen::analysis {
namespace {

constexpr std::array<std::string_view, 7> kScoring{
    "break_continue",  "handler_emptied",     "augmented_plain", "loop_runs",
    "operand_dropped", "comparison_constant", "conditional_side"};

class ScoringChanges {
 public:
  ScoringChanges(const SyntaxTree& tree, const Surroundings& where, std::vector<Change>& out)
      : tree_(tree), where_(where), out_(out) {}

  void visit(Index i) {
    switch (tree_[i].kind) {
      case Kind::BreakStatement:
        return replace("break_continue", i, "continue");
      case Kind::ContinueStatement:
        return replace("break_continue", i, "break");
      case Kind::ExceptClause:
        return handler(i);
      case Kind::AugmentedAssignment:
        return augmented(i);
      case Kind::ForStatement:
      case Kind::WhileStatement:
        return loop(i);
      case Kind::BooleanOperator:
        return operands(i);
      case Kind::ComparisonOperator:
        if (changes_names(tree_, i)) return;
        replace("comparison_constant", i, "True");
        return replace("comparison_constant", i, "False");
      case Kind::ConditionalExpression:
        return sides(i);
      default:
        return;
    }
  }

 private:
  void replace(std::string_view operation, Index node, std::string text) {
    out_.push_back(Change{operation, tree_[node].start, tree_[node].end, std::move(text)});
  }
  void cut(std::string_view operation, std::uint32_t begin, std::uint32_t end) {
    out_.push_back(Change{operation, begin, end, ""});
  }

  void handler(Index i) {
    for (const Index child : tree_.named_children(i)) {
      if (tree_[child].kind != Kind::Block || binds_nonlocal(tree_, child, where_)) continue;
      const std::vector<Index> statements = tree_.named_children(child);
      if (statements.empty() || tree_[statements[0]].kind == Kind::PassStatement) continue;
      // A loop's own bytes may be inside; the statement that begins the block tells.
      out_.push_back(Change{"handler_emptied", tree_[statements.front()].start,
                            tree_[statements.back()].end, "pass"});
    }
  }

  void augmented(Index i) {
    const Index token = tree_.child(i, Field::Operator);
    if (token != kNoNode) replace("augmented_plain", token, "=");
  }

  // No time, and once.
  void loop(Index i) {
    const bool is_while = tree_[i].kind == Kind::WhileStatement;
    const Index head = tree_.child(i, is_while ? Field::Condition : Field::Right);
    const Index body = tree_.child(i, Field::Body);
    if (head == kNoNode || body == kNoNode) return;
    if (!changes_names(tree_, head) && !tree_.has_token(i, "async")) {
      replace("loop_runs", head, is_while ? "False" : "()");
    }
    const std::vector<Index> statements = tree_.named_children(body);
    if (statements.empty()) return;
    switch (tree_[statements.back()].kind) {
      case Kind::ExpressionStatement: {
        const std::uint32_t end = tree_[statements.back()].end;
        out_.push_back(Change{"loop_runs", end, end, "; break"});
        return;
      }
      default:
        return;
    }
  }

  void operands(Index i) {
    const Index left = tree_.child(i, Field::Left);
    const Index right = tree_.child(i, Field::Right);
    if (left == kNoNode || right == kNoNode) return;
    if (!changes_names(tree_, right)) cut("operand_dropped", tree_[left].end, tree_[right].end);
    if (!changes_names(tree_, left)) cut("operand_dropped", tree_[left].start, tree_[right].start);
  }

  void sides(Index i) {
    const std::vector<Index> parts = tree_.named_children(i);
    if (parts.size() != 3 || changes_names(tree_, i)) return;
    cut("conditional_side", tree_[parts[0]].end, tree_[parts[2]].end);
    cut("conditional_side", tree_[parts[0]].start, tree_[parts[2]].start);
  }

  const SyntaxTree& tree_;
  const Surroundings& where_;
  std::vector<Change>& out_;
};

}  // namespace

void add_scoring_changes(const SyntaxTree& tree, Index node, const Surroundings& where,
                         std::vector<Change>& out) {
  ScoringChanges(tree, where, out).visit(node);
}

bool is_scoring_operation(std::string_view operation) {
  return std::find(kScoring.begin(), kScoring.end(), operation) != kScoring.end();
}

}  // namespace testgen::analysis
