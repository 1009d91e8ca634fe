#include <algorithm>

#include "analysis/instrument.h"
#include "analysis/queries.h"

namespace testgen::analysis {
namespace {

// Byte ranges to drop, collected in any order; they never overlap.
using Ranges = std::vector<std::pair<std::size_t, std::size_t>>;

class Remover {
 public:
  explicit Remover(const SyntaxTree& tree) : tree_(tree), text_(tree.text()) {}

  std::string run() {
    for (Index i = 0; i < tree_.size(); ++i) {
      if (tree_[i].kind != Kind::Call) continue;
      const Index function = tree_.child(i, Field::Function);
      if (function == kNoNode || tree_[function].kind != Kind::Identifier) continue;
      const std::string_view name = tree_.text(function);
      if (!is_probe_name(name)) continue;
      if (name == "_tg_h") {
        remove_hit(i);
      } else if (name == "_tg_isinstance") {
        drop(tree_[function].start, 4);
        const std::size_t open = tree_[tree_.child(i, Field::Arguments)].start + 1;
        drop(open, text_.find(',', open) + 1 - open);
      } else {
        remove_wrapper(i);
      }
    }
    std::sort(ranges_.begin(), ranges_.end());
    std::string out;
    std::size_t done = 0;
    for (const auto& [start, length] : ranges_) {
      if (start < done) continue;
      out.append(text_, done, start - done);
      done = start + length;
    }
    out.append(text_, done);
    return out;
  }

 private:
  void drop(std::size_t start, std::size_t length) { ranges_.emplace_back(start, length); }

  // `_tg_h(1);` before a statement, or `(_tg_h(1),X)[1]`.
  void remove_hit(Index call) {
    const SyntaxNode& node = tree_[call];
    const Index parent = node.parent;
    if (tree_[parent].kind != Kind::Tuple) {
      drop(node.start, node.end + 1 - node.start);
      return;
    }
    const SyntaxNode& tuple = tree_[parent];
    drop(tuple.start, node.end + 1 - tuple.start);
    drop(tuple.end - 1, 4);
  }

  // `_tg_p(1,X)`, ` _tg_p(1, X)` after a word, `_tg_i(1 ,(X))` around a bare list, and
  // `_tg_lt(1,A ,"<"and B)`.
  void remove_wrapper(Index call) {
    const SyntaxNode& node = tree_[call];
    const std::size_t comma = text_.find(',', node.start);
    const bool parenthesized = text_[comma - 1] == ' ';
    const bool after_word = text_[comma + 1] == ' ';
    const std::size_t start = node.start - (after_word ? 1 : 0);
    drop(start, comma + 1 + (after_word ? 1 : 0) + (parenthesized ? 1 : 0) - start);
    drop(node.end - (parenthesized ? 2 : 1), parenthesized ? 2 : 1);
    const Index list = tree_.child(call, Field::Arguments);
    const std::vector<Index> arguments = tree_.named_children(list);
    if (arguments.size() != 3 || tree_[arguments[2]].kind != Kind::BooleanOperator) return;
    const SyntaxNode& operation = tree_[tree_.child(arguments[2], Field::Left)];
    drop(operation.start - 1, 2);
    drop(operation.end - 1, 5);
  }

  const SyntaxTree& tree_;
  const std::string& text_;
  Ranges ranges_;
};

}  // namespace

base::Result<std::string> uninstrument(std::string_view instrumented, const base::Clock& clock) {
  ParseLimits limits;
  limits.max_bytes *= 8;
  limits.max_depth *= 8;
  TG_ASSIGN(const SyntaxTree tree, parse_python(instrumented, clock, limits));
  return Remover(tree).run();
}

}  // namespace testgen::analysis
