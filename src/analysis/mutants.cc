#include "analysis/mutants.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_set>

#include "analysis/mutation_operators.h"
#include "analysis/mutation_unit.h"
#include "analysis/queries.h"
#include "base/strings.h"

namespace testgen::analysis {
namespace {

constexpr std::size_t kMaxOriginal = 80;

bool is_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_' || byte >= 0x80;
}

std::string for_people(std::string_view text) {
  std::string out(text.substr(0, kMaxOriginal));
  while (!out.empty() && base::find_invalid_utf8(out) != std::string::npos) out.pop_back();
  return out;
}

bool is_dunder(std::string_view name) {
  return name.size() > 4 && name.substr(0, 2) == "__" && name.substr(name.size() - 2) == "__";
}

class MutantFinder {
 public:
  MutantFinder(const SyntaxTree& tree, const Instrumentation& instrumentation, MutantGroup group)
      : tree_(tree),
        group_(group),
        units_(tree, instrumentation.loops),
        owners_(tree),
        regions_(instrumentation.regions) {
    std::stable_sort(regions_.begin(), regions_.end(),
                     [](const Region& a, const Region& b) { return a.node < b.node; });
  }

  model::Mutation run() {
    for (Index i = 0; i < tree_.size();) {
      owners_.advance(i);
      enter(i);
      if (is_left_alone(i)) {
        i = tree_[i].end_index;
        continue;
      }
      visit(i);
      ++i;
    }
    return assemble();
  }

 private:
  struct Found {
    Change change;
    std::string function;
    std::uint32_t line = 0;
    Index definition = kNoNode;
    std::optional<std::uint32_t> goal;
    std::size_t sequence = 0;
  };

  // Keeps what surrounds the node: the outermost function's body, goals, f-strings.
  void enter(Index i) {
    if (i >= body_end_) definition_ = kNoNode;
    if (i >= interpolation_end_) where_.in_interpolation = false;
    while (!goals_.empty() && goals_.back().first <= i) goals_.pop_back();
    for (; next_region_ < regions_.size() && regions_[next_region_].node <= i; ++next_region_) {
      const Region& region = regions_[next_region_];
      if (region.node == i) goals_.emplace_back(tree_[i].end_index, region.goal);
    }
    if (tree_[i].kind == Kind::Interpolation && !where_.in_interpolation) {
      where_.in_interpolation = true;
      interpolation_end_ = tree_[i].end_index;
    }
    const Index parent = tree_[i].parent;
    if (definition_ == kNoNode && tree_[i].field == Field::Body &&
        tree_[parent].kind == Kind::FunctionDefinition) {
      definition_ = parent;
      body_end_ = tree_[i].end_index;
      find_nonlocals(i);
    }
  }

  void find_nonlocals(Index body) {
    nonlocals_.clear();
    for (Index i = body; i < tree_[body].end_index; ++i) {
      if (tree_[i].kind != Kind::GlobalStatement || tree_.text(i).substr(0, 8) != "nonlocal") {
        continue;
      }
      for (const Index name : tree_.named_children(i)) nonlocals_.insert(tree_.text(name));
    }
  }

  bool is_left_alone(Index i) const {
    const SyntaxNode& node = tree_[i];
    switch (node.kind) {
      case Kind::Type:
      case Kind::TypeParameter:
      case Kind::TypeAlias:
      case Kind::CasePattern:
      case Kind::ImportStatement:
      case Kind::ImportFromStatement:
      case Kind::FutureImport:
      case Kind::GlobalStatement:
        return true;
      case Kind::IfStatement:
        return definition_ == kNoNode && never_runs_in_tests(tree_.child(i, Field::Condition));
      case Kind::ExpressionStatement: {
        if (definition_ != kNoNode) return false;
        const std::vector<Index> parts = tree_.named_children(i);
        if (parts.size() != 1 || tree_[parts[0]].kind != Kind::Assignment) return false;
        const Index left = tree_.child(parts[0], Field::Left);
        return left != kNoNode && is_dunder(tree_.text(left));
      }
      default:
        return node.field == Field::Superclasses;
    }
  }

  bool never_runs_in_tests(Index condition) const {
    if (condition == kNoNode) return false;
    const Index inner = without_parentheses(tree_, condition);
    const std::string_view text = tree_.text(inner);
    if (text == "TYPE_CHECKING" || text == "typing.TYPE_CHECKING") return true;
    if (tree_[inner].kind != Kind::ComparisonOperator) return false;
    const std::vector<Index> operands = tree_.named_children(inner);
    return std::any_of(operands.begin(), operands.end(),
                       [&](Index k) { return tree_.text(k) == "__name__"; });
  }

  void visit(Index i) {
    changes_.clear();
    where_.nonlocals = definition_ == kNoNode ? nullptr : &nonlocals_;
    add_search_changes(tree_, i, where_, changes_);
    if (group_ == MutantGroup::SearchAndScoring) add_scoring_changes(tree_, i, where_, changes_);
    const std::string_view text = tree_.text();
    for (Change& change : changes_) {
      if (text.substr(change.begin, change.end - change.begin) == change.replacement) continue;
      Found found;
      found.function = owners_.function();
      found.line = line_of(i, change.begin);
      found.definition = definition_;
      if (definition_ != kNoNode && !goals_.empty()) found.goal = goals_.back().second;
      found.change = std::move(change);
      found.sequence = found_.size();
      found_.push_back(std::move(found));
    }
  }

  // Of an offset at or after the node's own start.
  std::uint32_t line_of(Index i, std::uint32_t offset) const {
    const std::string& text = tree_.text();
    const auto first = text.begin() + tree_[i].start;
    const auto last = text.begin() + std::max(tree_[i].start, offset);
    return tree_[i].line + static_cast<std::uint32_t>(std::count(first, last, '\n'));
  }

  void drop_duplicates() {
    const auto key = [](const Found& found) {
      return std::tie(found.change.begin, found.change.end, found.change.replacement);
    };
    std::stable_sort(found_.begin(), found_.end(),
                     [&](const Found& a, const Found& b) { return key(a) < key(b); });
    found_.erase(std::unique(found_.begin(), found_.end(),
                             [&](const Found& a, const Found& b) { return key(a) == key(b); }),
                 found_.end());
    std::sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) {
      return std::tie(a.change.begin, a.sequence) < std::tie(b.change.begin, b.sequence);
    });
    if (found_.size() <= kMaxMutants) return;
    std::vector<Found> kept;
    kept.reserve(kMaxMutants);
    for (std::size_t k = 0; k < kMaxMutants; ++k) {
      kept.push_back(std::move(found_[k * found_.size() / kMaxMutants]));
    }
    found_ = std::move(kept);
  }

  model::Mutation assemble() {
    drop_duplicates();
    model::Mutation out;
    std::map<Index, std::pair<std::size_t, UnitBuilder::Frame>> known;
    const std::string_view text = tree_.text();
    for (Found& found : found_) {
      auto place = known.find(found.definition);
      if (place == known.end()) {
        out.units.push_back(found.definition == kNoNode ? units_.module_unit()
                                                        : units_.function_unit(found.definition));
        place = known
                    .emplace(found.definition,
                             std::make_pair(out.units.size() - 1, units_.frame(found.definition)))
                    .first;
      }
      const auto& [unit, frame] = place->second;
      const auto [begin, end] = units_.locate(frame, found.change.begin, found.change.end);
      model::Mutant mutant;
      mutant.operation = found.change.operation;
      mutant.function = std::move(found.function);
      mutant.line = found.line;
      mutant.unit = unit;
      mutant.begin = begin;
      mutant.end = end;
      mutant.original =
          for_people(text.substr(found.change.begin, found.change.end - found.change.begin));
      mutant.replacement =
          spaced(out.units[unit].text, begin, end, std::move(found.change.replacement));
      mutant.goal = found.goal;
      out.mutants.push_back(std::move(mutant));
    }
    return out;
  }

  // `return(a) < b` must not become `returnTrue`.
  static std::string spaced(const std::string& text, std::uint32_t begin, std::uint32_t end,
                            std::string replacement) {
    if (begin == end) return replacement;
    const char before = begin > 0 ? text[begin - 1] : ' ';
    const char after = end < text.size() ? text[end] : ' ';
    if (replacement.empty()) {
      return is_word(before) && is_word(after) ? " " : "";
    }
    if (is_word(before) && is_word(replacement.front())) replacement.insert(0, " ");
    if (is_word(replacement.back()) && is_word(after)) replacement += ' ';
    return replacement;
  }

  const SyntaxTree& tree_;
  MutantGroup group_;
  UnitBuilder units_;
  Owners owners_;
  std::vector<Region> regions_;
  std::size_t next_region_ = 0;
  std::vector<std::pair<Index, std::uint32_t>> goals_;  // end of the region, goal
  Index definition_ = kNoNode;
  Index body_end_ = 0;
  Index interpolation_end_ = 0;
  Surroundings where_;
  std::unordered_set<std::string_view> nonlocals_;
  std::vector<Change> changes_;
  std::vector<Found> found_;
};

}  // namespace

model::Mutation find_mutants(const SyntaxTree& tree, const Instrumentation& instrumentation,
                             MutantGroup group) {
  return MutantFinder(tree, instrumentation, group).run();
}

base::Result<model::Mutation> find_scoring_mutants(const model::SourceFile& source,
                                                   const base::Clock& clock) {
  TG_ASSIGN(const SyntaxTree tree, parse_python(source.text, clock));
  TG_TRY(tree.check_syntax());
  TG_ASSIGN(const Instrumentation instrumentation, instrument(tree));
  return find_mutants(tree, instrumentation, MutantGroup::SearchAndScoring);
}

}  // namespace testgen::analysis
