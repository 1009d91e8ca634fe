#include "analysis/instrument.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "analysis/edits.h"
#include "analysis/queries.h"
#include "base/strings.h"

namespace testgen::analysis {
namespace {

using base::Error;
using base::ErrorCode;
using model::GoalKind;

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kComparisonProbes{{
    {"<", "_tg_lt"},
    {"<=", "_tg_le"},
    {">", "_tg_gt"},
    {">=", "_tg_ge"},
    {"==", "_tg_eq"},
    {"!=", "_tg_ne"},
    {"in", "_tg_in"},
    {"not in", "_tg_nin"},
}};

// Goals and sites repeat names and patterns, so both are bounded.
constexpr std::size_t kMaxName = 1000;
constexpr std::size_t kMaxDetail = 2000;

// Methods whose receiver (and first argument) say which input would change the outcome.
constexpr std::array<std::string_view, 33> kTextMethods{
    "startswith", "endswith",  "find",         "rfind",      "index",        "rindex",
    "count",      "get",       "split",        "rsplit",     "strip",        "lstrip",
    "rstrip",     "replace",   "partition",    "rpartition", "removeprefix", "removesuffix",
    "isdigit",    "isalpha",   "isalnum",      "isspace",    "isupper",      "islower",
    "isnumeric",  "isdecimal", "isidentifier", "istitle",    "isascii",      "isprintable",
    "setdefault", "issubset",  "issuperset"};

constexpr std::array<std::string_view, 8> kRegexFunctions{
    "match", "search", "fullmatch", "findall", "finditer", "split", "sub", "subn"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view comparison_probe(std::string_view operation) {
  for (const auto& [text, probe] : kComparisonProbes) {
    if (text == operation) return probe;
  }
  return {};
}

constexpr std::size_t kCondition = 120;  // bytes of a predicate that are shown

class Instrumenter {
 public:
  explicit Instrumenter(const SyntaxTree& tree) : tree_(tree), edits_(tree), owners_(tree) {}

  base::Result<Instrumentation> run() {
    TG_TRY(survey());
    for (Index i = 0; i < tree_.size();) {
      owners_.advance(i);
      i = visit(i) ? i + 1 : tree_[i].end_index;
    }
    out_.text = edits_.apply();
    return std::move(out_);
  }

 private:
  // Looks for reserved names, for whether `isinstance` is the builtin, and for named patterns.
  base::Status survey() {
    for (Index i = 0; i < tree_.size(); ++i) {
      const SyntaxNode& node = tree_[i];
      if (node.kind == Kind::Identifier) {
        const std::string_view name = tree_.text(i);
        if (name.size() > kMaxName) {
          return Error{ErrorCode::Unsupported,
                       "line " + std::to_string(node.line) + ": a name of " +
                           std::to_string(name.size()) + " bytes",
                       "names may have " + std::to_string(kMaxName) + " bytes"};
        }
        if (is_probe_name(name)) {
          return Error{ErrorCode::Unsupported,
                       "line " + std::to_string(node.line) + ": the name " + std::string(name) +
                           " is reserved for coverage probes",
                       "rename it"};
        }
        if (name == "isinstance" && node.field != Field::Function &&
            tree_[node.parent].kind != Kind::ArgumentList) {
          isinstance_rebound_ = true;
        }
      } else if (node.kind == Kind::Assignment) {
        note_pattern(i);
      }
    }
    return {};
  }

  // NAME = re.compile(LITERAL…)
  void note_pattern(Index assignment) {
    const Index left = tree_.child(assignment, Field::Left);
    const Index right = tree_.child(assignment, Field::Right);
    if (left == kNoNode || right == kNoNode || tree_[right].kind != Kind::Call) return;
    const std::string_view callee = tree_.text(tree_.child(right, Field::Function));
    if (callee != "re.compile" && callee != "compile") return;
    const std::vector<Index> arguments = call_arguments(tree_, right);
    if (arguments.empty() || !is_known_text(arguments[0])) return;
    patterns_[last_name(left)] = std::string(tree_.text(arguments[0]));
  }

  bool is_known_text(Index node) const {
    return tree_.text(node).size() <= kMaxDetail && is_plain_string(tree_, node);
  }

  std::string last_name(Index node) const {
    const std::string_view text = tree_.text(node);
    return std::string(text.substr(text.rfind('.') + 1));
  }

  // Handles one node; false when its descendants must stay as they are.
  bool visit(Index i) {
    const SyntaxNode& node = tree_[i];
    switch (node.kind) {
      case Kind::Decorator:
      case Kind::Parameters:
      case Kind::LambdaParameters:
      case Kind::Type:
      case Kind::TypeParameter:
      case Kind::TypeAlias:
      case Kind::String:
      case Kind::ConcatenatedString:
      case Kind::CasePattern:
      case Kind::AsPatternTarget:
      case Kind::DeleteStatement:
      case Kind::GlobalStatement:
      case Kind::ImportStatement:
      case Kind::ImportFromStatement:
      case Kind::FutureImport:
        return false;
      case Kind::FunctionDefinition: {
        const Index body = tree_.child(i, Field::Body);
        if (body != kNoNode) enter_block(body, true, "def " + name_of(i));
        return true;
      }
      default:
        break;
    }
    if (node.field == Field::Superclasses || is_target(i)) return false;
    if (!owners_.in_function()) return true;
    switch (node.kind) {
      case Kind::IfStatement:
      case Kind::ElifClause: {
        const auto goal = condition(tree_.child(i, Field::Condition), "_tg_p", branches_by_line(i));
        if (goal) alternatives(i, *goal);
        break;
      }
      case Kind::WhileStatement: {
        const auto goal = condition(tree_.child(i, Field::Condition), "_tg_w", branches_by_line(i));
        if (goal) add_region(tree_.child(i, Field::Body), *goal);
        break;
      }
      case Kind::ConditionalExpression: {
        const std::vector<Index> parts = tree_.named_children(i);
        if (parts.size() != 3) break;
        if (const auto goal = condition(parts[1], "_tg_p", false)) {
          add_region(parts[0], *goal);
          add_region(parts[2], *goal + 1);
        }
        break;
      }
      case Kind::AssertStatement:
      case Kind::IfClause: {
        const std::vector<Index> parts = tree_.named_children(i);
        if (!parts.empty()) condition(parts[0], "_tg_p", false);
        break;
      }
      case Kind::ForStatement:
        loop(i);
        break;
      case Kind::ExceptClause:
        for (const Index child : tree_.named_children(i)) {
          if (tree_[child].kind != Kind::Block) continue;
          const std::string_view head = tree_.text(i).substr(0, tree_[child].start - node.start);
          enter_block(child, false, head.substr(0, head.rfind(':')));
        }
        break;
      case Kind::ElseClause:
        if (tree_[node.parent].kind != Kind::IfStatement) {
          enter_block(tree_.child(i, Field::Body), false, "else");
        }
        break;
      case Kind::CaseClause: {
        const Index body = tree_.child(i, Field::Consequence);
        if (body == kNoNode) break;
        const std::string_view head = tree_.text(i).substr(0, tree_[body].start - node.start);
        enter_block(body, false, head.substr(0, head.rfind(':')));
        break;
      }
      case Kind::MatchStatement:
        match_subject(i);
        break;
      case Kind::ComparisonOperator:
        comparison(i);
        break;
      case Kind::Call:
        call(i);
        break;
      case Kind::ListComprehension:
      case Kind::SetComprehension:
      case Kind::DictionaryComprehension:
      case Kind::GeneratorExpression:
        for (const Index child : tree_.named_children(i)) {
          if (tree_[child].kind == Kind::ForInClause && tree_.has_token(child, "async"))
            return false;
        }
        break;
      default:
        break;
    }
    return true;
  }

  // What is bound, not evaluated: left sides of =, += and `for … in`.
  bool is_target(Index i) const {
    const SyntaxNode& node = tree_[i];
    if (node.field != Field::Left) return false;
    const Kind parent = tree_[node.parent].kind;
    return parent == Kind::Assignment || parent == Kind::AugmentedAssignment ||
           parent == Kind::ForStatement || parent == Kind::ForInClause;
  }

  std::string name_of(Index definition) const {
    const Index name = tree_.child(definition, Field::Name);
    return name == kNoNode ? std::string() : std::string(tree_.text(name));
  }

  std::size_t add_goal(GoalKind kind, std::uint32_t line, std::string_view condition,
                       bool is_branch) {
    out_.goals.push_back(model::Goal{kind, line, owners_.function(),
                                     base::one_line(condition, kCondition), is_branch});
    return out_.goals.size() - 1;
  }

  std::size_t add_pair(GoalKind first, GoalKind second, Index node, bool is_branch) {
    const std::size_t goal = add_goal(first, tree_[node].line, tree_.text(node), is_branch);
    add_goal(second, tree_[node].line, tree_.text(node), is_branch);
    return goal;
  }

  std::size_t add_site(std::string_view operation, Index node, std::string detail = {}) {
    out_.compare_sites.push_back(model::CompareSite{std::string(operation), tree_[node].line,
                                                    owners_.function(), std::move(detail)});
    return out_.compare_sites.size() - 1;
  }

  // coverage.py sees jumps between lines: `if x: y` on one line is a branch to it only when y
  // leaves for another place than the next line.
  bool branches_by_line(Index statement) const {
    Index body = tree_.child(statement, Field::Consequence);
    if (body == kNoNode) body = tree_.child(statement, Field::Body);
    if (body == kNoNode) return false;
    if (tree_[body].line != tree_[statement].line) return true;
    const std::vector<Index> statements = tree_.named_children(body);
    if (statements.empty()) return false;
    const Kind last = tree_[statements.back()].kind;
    return last == Kind::ReturnStatement || last == Kind::RaiseStatement ||
           last == Kind::BreakStatement || last == Kind::ContinueStatement;
  }

  void add_region(Index node, std::size_t goal) {
    if (node != kNoNode) out_.regions.push_back(Region{node, static_cast<std::uint32_t>(goal)});
  }

  // What an `if` or `elif` decides: its block, and the clause after it.
  void alternatives(Index statement, std::size_t goal) {
    add_region(tree_.child(statement, Field::Consequence), goal);
    const bool is_elif = tree_[statement].kind == Kind::ElifClause;
    Index i = is_elif ? tree_[statement].next_sibling : tree_.first_child(statement);
    while (i != kNoNode && tree_[i].field != Field::Alternative) i = tree_[i].next_sibling;
    add_region(i, goal + 1);
  }

  void add_loop(Index node, std::size_t goal, bool is_while, bool parenthesize) {
    out_.loops.push_back(LoopProbe{node, static_cast<std::uint32_t>(goal), is_while, parenthesize});
  }

  // The first of its goals, when it has both.
  std::optional<std::size_t> condition(Index node, std::string_view probe, bool is_branch) {
    if (node == kNoNode) return std::nullopt;
    const bool is_while = probe == "_tg_w";
    if (is_constant(tree_, node)) {
      // Only one side can happen, so there is nothing to search; a loop still burns fuel.
      if (is_while && is_true_constant(tree_, node)) {
        const std::size_t goal =
            add_goal(GoalKind::BranchTrue, tree_[node].line, tree_.text(node), false);
        edits_.wrap(node, probe, goal);
        add_loop(node, goal, true, false);
      }
      return std::nullopt;
    }
    const std::size_t goal = add_pair(GoalKind::BranchTrue, GoalKind::BranchFalse, node, is_branch);
    edits_.wrap(node, probe, goal);
    if (is_while) add_loop(node, goal, true, false);
    for (const Index operand : boolean_operands(tree_, node)) {
      if (is_constant(tree_, operand)) continue;
      edits_.wrap(operand, "_tg_v",
                  add_pair(GoalKind::BranchTrue, GoalKind::BranchFalse, operand, false));
    }
    return goal;
  }

  void loop(Index statement) {
    if (tree_.has_token(statement, "async")) return;
    const Index items = tree_.child(statement, Field::Right);
    if (items == kNoNode) return;
    const std::size_t goal =
        add_pair(GoalKind::LoopEntered, GoalKind::LoopFinished, items, branches_by_line(statement));
    const bool bare_list = tree_[items].kind == Kind::ExpressionList;
    edits_.wrap(items, "_tg_i", goal, bare_list);
    add_loop(items, goal, false, bare_list);
    add_region(tree_.child(statement, Field::Body), goal);
  }

  // Marks that control reached a block, at the first place where that can be written.
  void enter_block(Index block, bool may_have_docstring, std::string_view what) {
    if (block == kNoNode) return;
    const auto goal = [&](Index at) {
      const std::size_t number = add_goal(GoalKind::Block, tree_[at].line, what, false);
      add_region(block, number);
      return number;
    };
    std::vector<Index> statements = tree_.named_children(block);
    bool docstring = may_have_docstring;
    for (std::size_t k = 0; k < statements.size(); ++k) {
      const Index statement = statements[k];
      const bool skip = docstring && is_docstring(tree_, statement);
      docstring = false;
      if (skip) continue;
      switch (tree_[statement].kind) {
        case Kind::FunctionDefinition:
        case Kind::ClassDefinition:
        case Kind::DecoratedDefinition:
          continue;  // defining falls through to the next statement
        case Kind::IfStatement:
        case Kind::WhileStatement:
        case Kind::ForStatement:
        case Kind::MatchStatement:
          return;  // their own probes say as much
        case Kind::TryStatement: {
          const Index body = tree_.child(statement, Field::Body);
          if (body == kNoNode) return;
          statements = tree_.named_children(body);
          k = static_cast<std::size_t>(-1);
          continue;
        }
        case Kind::WithStatement: {
          const Index manager = first_context_manager(tree_, statement);
          if (manager == kNoNode) return;
          edits_.surround(manager, "(_tg_h(" + std::to_string(goal(statement)) + "),", ")[1]");
          return;
        }
        default:
          edits_.insert(tree_[statement].start, "_tg_h(" + std::to_string(goal(statement)) + ");");
          return;
      }
    }
  }

  void comparison(Index i) {
    std::vector<Index> operands;
    std::vector<Index> operators;
    for (Index child = tree_.first_child(i); child != kNoNode; child = tree_[child].next_sibling) {
      const Kind kind = tree_[child].kind;
      if (kind == Kind::Comment || kind == Kind::LineContinuation) continue;
      (tree_[child].field == Field::Operators ? operators : operands).push_back(child);
    }
    if (operands.size() != operators.size() + 1) return;
    if (operators.size() == 1) {
      const std::string_view operation = tree_.text(operators[0]);
      const std::string_view probe = comparison_probe(operation);
      if (probe.empty()) return;
      const SyntaxNode& token = tree_[operators[0]];
      edits_.wrap(i, probe, add_site(operation, i));
      edits_.insert(token.start, ",\"");
      edits_.insert(token.end, "\"and ");
      return;
    }
    // One site an operator; inner operands are the right of one and the left of the next.
    for (std::size_t k = 0; k < operators.size(); ++k) {
      const std::string_view operation = tree_.text(operators[k]);
      if (comparison_probe(operation).empty()) continue;
      const std::size_t site = add_site(operation, i);
      edits_.wrap(operands[k], "_tg_m", site);
      edits_.wrap(operands[k + 1], "_tg_a", site);
    }
  }

  void call(Index i) {
    const Index function = tree_.child(i, Field::Function);
    if (function == kNoNode) return;
    const std::vector<Index> arguments = call_arguments(tree_, i);
    if (tree_[function].kind == Kind::Identifier) {
      const Index list = tree_.child(i, Field::Arguments);
      if (tree_.text(function) != "isinstance" || isinstance_rebound_ || arguments.size() != 2 ||
          tree_.named_children(list).size() != 2) {
        return;
      }
      edits_.surround(function, "_tg_", "");
      edits_.insert(tree_[list].start + 1, std::to_string(add_site("isinstance", i)) + ",");
      return;
    }
    if (tree_[function].kind != Kind::Attribute) return;
    const Index receiver = tree_.child(function, Field::Object);
    const Index attribute = tree_.child(function, Field::Attribute);
    if (receiver == kNoNode || attribute == kNoNode) return;
    const std::string_view method = tree_.text(attribute);
    if (contains(kRegexFunctions, method)) {
      // The text to match: after what replaces it, and after the pattern.
      std::size_t place = method == "sub" || method == "subn" ? 1 : 0;
      const std::string operation = "re." + std::string(method);
      if (tree_.text(receiver) == "re") {
        if (arguments.size() < ++place + 1) return;
        const std::string pattern = pattern_text(arguments[0]);
        const std::size_t site = add_site(operation, i, pattern);
        if (pattern.empty()) edits_.wrap(arguments[0], "_tg_m", site);
        edits_.wrap(arguments[place], "_tg_a", site);
        return;
      }
      const auto known = patterns_.find(last_name(receiver));
      if (known != patterns_.end()) {
        if (arguments.size() < place + 1) return;
        edits_.wrap(arguments[place], "_tg_a", add_site(operation, i, known->second));
        return;
      }
      // Whatever it is, its pattern is seen at run time when it has one.
      if (method != "split" && arguments.size() > place) {
        const std::size_t site = add_site(operation, i);
        edits_.wrap(receiver, "_tg_m", site);
        edits_.wrap(arguments[place], "_tg_a", site);
        return;
      }
    }
    if (!contains(kTextMethods, method)) return;
    const std::size_t site = add_site(method, i);
    edits_.wrap(receiver, "_tg_m", site);
    if (!arguments.empty()) edits_.wrap(arguments[0], "_tg_a", site);
  }

  std::string pattern_text(Index node) const {
    if (is_known_text(node)) return std::string(tree_.text(node));
    const auto known = patterns_.find(last_name(node));
    return known == patterns_.end() ? std::string() : known->second;
  }

  void match_subject(Index statement) {
    Index subject = kNoNode;
    for (Index child = tree_.first_child(statement); child != kNoNode;
         child = tree_[child].next_sibling) {
      if (tree_[child].kind == Kind::Token && tree_.text(child) == ",") return;
      if (tree_[child].field != Field::Subject) continue;
      if (subject != kNoNode) return;
      subject = child;
    }
    if (subject == kNoNode || tree_[subject].kind == Kind::ListSplat) return;
    const std::string literals = case_literals(tree_, statement);
    if (literals.empty()) return;
    edits_.wrap(subject, "_tg_a", add_site("match", statement, literals));
  }

  const SyntaxTree& tree_;
  Edits edits_;
  Owners owners_;
  Instrumentation out_;
  std::map<std::string, std::string> patterns_;
  bool isinstance_rebound_ = false;
};

}  // namespace

bool is_probe_name(std::string_view name) {
  constexpr std::array<std::string_view, 8> kOthers{"_tg_p", "_tg_w", "_tg_v", "_tg_i",
                                                    "_tg_h", "_tg_m", "_tg_a", "_tg_isinstance"};
  if (name.substr(0, 4) != "_tg_") return false;
  return contains(kOthers, name) ||
         std::any_of(kComparisonProbes.begin(), kComparisonProbes.end(),
                     [&](const auto& entry) { return entry.second == name; });
}

base::Result<Instrumentation> instrument(const SyntaxTree& tree) {
  return Instrumenter(tree).run();
}

}  // namespace testgen::analysis
