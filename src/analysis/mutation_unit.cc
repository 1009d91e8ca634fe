#include "analysis/mutation_unit.h"

#include <algorithm>

namespace testgen::analysis {
namespace {

bool joins_words(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_' || byte >= 0x80;
}

bool is_statement_with_block(Kind kind) {
  switch (kind) {
    case Kind::IfStatement:
    case Kind::WhileStatement:
    case Kind::ForStatement:
    case Kind::TryStatement:
    case Kind::WithStatement:
    case Kind::MatchStatement:
    case Kind::ClassDefinition:
      return true;
    default:
      return false;
  }
}

}  // namespace

UnitBuilder::UnitBuilder(const SyntaxTree& tree, const std::vector<LoopProbe>& loops)
    : tree_(tree) {
  for (const LoopProbe& loop : loops) {
    const SyntaxNode& node = tree[loop.node];
    const bool space = node.start > 0 && joins_words(tree.text()[node.start - 1]);
    std::string open = space ? " " : "";
    open += (loop.is_while ? "_tg_w(" : "_tg_i(") + std::to_string(loop.goal) + ",";
    if (loop.parenthesize) open += '(';
    insertions_.push_back(Insertion{node.start, std::move(open)});
    insertions_.push_back(Insertion{node.end, loop.parenthesize ? "))" : ")"});
  }
  // Conditions and iterables hold no statements, but for those of other loops' bodies that
  // follow them, so no two insertions share an offset in a file that parses.
  std::stable_sort(insertions_.begin(), insertions_.end(),
                   [](const Insertion& a, const Insertion& b) { return a.offset < b.offset; });
  sums_.reserve(insertions_.size() + 1);
  sums_.push_back(0);
  for (const Insertion& insertion : insertions_) {
    sums_.push_back(sums_.back() + insertion.text.size());
  }
}

std::uint32_t UnitBuilder::line_start(std::uint32_t offset) const {
  const std::size_t newline =
      offset == 0 ? std::string::npos : tree_.text().find_last_of("\r\n", offset - 1);
  return newline == std::string::npos ? 0 : static_cast<std::uint32_t>(newline) + 1;
}

std::string UnitBuilder::heads(Index definition) const {
  std::vector<std::string> lines;
  for (Index i = tree_[definition].parent; i != kNoNode; i = tree_[i].parent) {
    if (!is_statement_with_block(tree_[i].kind)) continue;
    const std::uint32_t start = line_start(tree_[i].start);
    std::string line = tree_.text().substr(start, tree_[i].start - start);
    if (tree_[i].kind == Kind::ClassDefinition) {
      const Index name = tree_.child(i, Field::Name);
      line += "class " + std::string(tree_.text(name));
      for (const Index child : tree_.named_children(i)) {
        if (tree_[child].kind == Kind::TypeParameter) line += tree_.text(child);
      }
      line += ":\n";
    } else {
      line += "if 1:\n";
    }
    lines.push_back(std::move(line));
  }
  std::string out;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) out += *line;
  return out;
}

void UnitBuilder::append_probed(std::string& out, std::uint32_t begin, std::uint32_t end) const {
  auto next = std::lower_bound(
      insertions_.begin(), insertions_.end(), begin,
      [](const Insertion& insertion, std::uint32_t offset) { return insertion.offset < offset; });
  std::uint32_t done = begin;
  for (; next != insertions_.end() && next->offset <= end; ++next) {
    out.append(tree_.text(), done, next->offset - done);
    out += next->text;
    done = next->offset;
  }
  out.append(tree_.text(), done, end - done);
}

model::MutationUnit UnitBuilder::function_unit(Index definition) const {
  model::MutationUnit unit;
  const SyntaxNode& node = tree_[definition];
  unit.def_line = node.line;
  unit.decorated_line = node.line;
  if (tree_[node.parent].kind == Kind::DecoratedDefinition) {
    unit.decorated_line = tree_[node.parent].line;
  }
  for (Index i = definition; i != kNoNode; i = tree_[i].parent) {
    if (tree_[i].kind != Kind::ClassDefinition && i != definition) continue;
    const Index name = tree_.child(i, Field::Name);
    unit.scope.insert(unit.scope.begin(), std::string(tree_.text(name)));
  }
  unit.text = heads(definition);
  const auto lines =
      static_cast<std::uint32_t>(std::count(unit.text.begin(), unit.text.end(), '\n'));
  unit.first_line = node.line > lines ? node.line - lines : 1;
  append_probed(unit.text, line_start(node.start), node.end);
  unit.text += '\n';
  return unit;
}

model::MutationUnit UnitBuilder::module_unit() const {
  model::MutationUnit unit;
  append_probed(unit.text, 0, static_cast<std::uint32_t>(tree_.text().size()));
  return unit;
}

std::uint64_t UnitBuilder::inserted(std::uint32_t offset, bool inclusive) const {
  const auto end =
      std::partition_point(insertions_.begin(), insertions_.end(), [&](const Insertion& insertion) {
        return insertion.offset < offset || (inclusive && insertion.offset == offset);
      });
  return sums_[static_cast<std::size_t>(end - insertions_.begin())];
}

UnitBuilder::Frame UnitBuilder::frame(Index definition) const {
  Frame out;
  if (definition == kNoNode) return out;
  out.start = line_start(tree_[definition].start);
  out.base = heads(definition).size();
  out.before = inserted(out.start, false);
  return out;
}

UnitBuilder::Position UnitBuilder::locate(const Frame& frame, std::uint32_t begin,
                                          std::uint32_t end) const {
  const auto at = [&](std::uint32_t offset, bool inclusive) {
    return static_cast<std::uint32_t>(frame.base + (offset - frame.start) +
                                      inserted(offset, inclusive) - frame.before);
  };
  Position out;
  out.begin = at(begin, true);
  out.end = begin == end ? out.begin : at(end, false);
  return out;
}

}  // namespace testgen::analysis
