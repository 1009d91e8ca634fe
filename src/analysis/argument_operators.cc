#include "analysis/mutation_operators.h"
#include "analysis/queries.h"

namespace testgen::analysis {
namespace {

class ArgumentChanges {
 public:
  ArgumentChanges(const SyntaxTree& tree, std::vector<Change>& out) : tree_(tree), out_(out) {}

  void visit(Index i) {
    if (tree_[i].kind == Kind::Slice) return slice(i);
    if (tree_[i].kind != Kind::Call) return;
    argument_order(i);
    keywords(i);
  }

 private:
  void cut(std::string_view operation, std::uint32_t begin, std::uint32_t end) {
    out_.push_back(Change{operation, begin, end, ""});
  }

  void slice(Index i) {
    for (const Index bound : tree_.named_children(i)) {
      if (!changes_names(tree_, bound)) cut("slice_bound", tree_[bound].start, tree_[bound].end);
    }
  }

  void argument_order(Index i) {
    const std::vector<Index> arguments = call_arguments(tree_, i);
    if (arguments.size() < 2) return;
    const Index first = arguments[0];
    const Index second = arguments[1];
    if (tree_.text(first) == tree_.text(second)) return;
    if (tree_[second].end - tree_[first].start > kMaxReplacement) return;
    const std::string& text = tree_.text();
    std::string swapped(tree_.text(second));
    swapped += text.substr(tree_[first].end, tree_[second].start - tree_[first].end);
    swapped += tree_.text(first);
    out_.push_back(
        Change{"argument_order", tree_[first].start, tree_[second].end, std::move(swapped)});
  }

  void keywords(Index i) {
    const Index list = tree_.child(i, Field::Arguments);
    if (list == kNoNode || tree_[list].kind != Kind::ArgumentList) return;
    const std::vector<Index> arguments = tree_.named_children(list);
    std::size_t count = 0;
    for (std::size_t k = 0; k < arguments.size() && count < 2; ++k) {
      if (tree_[arguments[k]].kind != Kind::KeywordArgument || changes_names(tree_, arguments[k]))
        continue;
      ++count;
      if (k + 1 < arguments.size()) {
        cut("keyword_dropped", tree_[arguments[k]].start, tree_[arguments[k + 1]].start);
      } else if (k > 0) {
        cut("keyword_dropped", tree_[arguments[k - 1]].end, tree_[arguments[k]].end);
      } else {
        cut("keyword_dropped", tree_[list].start + 1, tree_[list].end - 1);
      }
    }
  }

  const SyntaxTree& tree_;
  std::vector<Change>& out_;
};

}  // namespace

bool changes_names(const SyntaxTree& tree, Index node) {
  for (Index i = node; i < tree[node].end_index; ++i) {
    const Kind kind = tree[i].kind;
    if (kind == Kind::NamedExpression || kind == Kind::Yield) return true;
  }
  return false;
}

void add_argument_changes(const SyntaxTree& tree, Index node, std::vector<Change>& out) {
  ArgumentChanges(tree, out).visit(node);
}

}  // namespace testgen::analysis
