#include "analysis/mutation_operators.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "analysis/queries.h"

namespace testgen::analysis {
namespace {

// The nearest neighbour first: it is the one that a careless suite misses.
struct Alternatives {
  std::string_view token;
  std::array<std::string_view, 2> replacements;
};

constexpr std::array<Alternatives, 10> kRelational{{
    {"<", {"<=", ">="}},
    {"<=", {"<", ">"}},
    {">", {">=", "<="}},
    {">=", {">", "<"}},
    {"==", {"!=", ""}},
    {"!=", {"==", ""}},
    {"in", {"not in", ""}},
    {"not in", {"in", ""}},
    {"is", {"is not", ""}},
    {"is not", {"is", ""}},
}};

constexpr std::array<Alternatives, 12> kArithmetic{{
    {"+", {"-", ""}},
    {"-", {"+", ""}},
    {"*", {"+", ""}},
    {"/", {"*", ""}},
    {"//", {"*", ""}},
    {"%", {"*", ""}},
    {"**", {"*", ""}},
    {"<<", {">>", ""}},
    {">>", {"<<", ""}},
    {"&", {"|", ""}},
    {"|", {"&", ""}},
    {"^", {"&", ""}},
}};

template <std::size_t N>
const Alternatives* find(const std::array<Alternatives, N>& table, std::string_view token) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Alternatives& entry) { return entry.token == token; });
  return found == table.end() ? nullptr : &*found;
}

// The value of an integer literal up to 2^62; none for larger ones.
std::optional<std::int64_t> integer_value(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '_') digits += c;
  }
  int base = 10;
  if (digits.size() > 2 && digits[0] == '0') {
    const char kind = static_cast<char>(digits[1] | 0x20);
    base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 10;
    if (base != 10) digits.erase(0, 2);
  }
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
  if (error != std::errc() || stop != end || value > (std::int64_t{1} << 62U)) return std::nullopt;
  return value;
}

std::optional<std::string> float_plus_one(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '_') digits += c;
  }
  double value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  const double next = value + 1 != value ? value + 1 : value / 2;
  std::array<char, 64> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), next);
  std::string out(buffer.data(), written.ptr);
  if (out.find_first_of(".en") == std::string::npos) out += ".0";
  return out;
}

class SearchChanges {
 public:
  SearchChanges(const SyntaxTree& tree, const Surroundings& where, std::vector<Change>& out)
      : tree_(tree), where_(where), out_(out) {}

  void visit(Index i) {
    switch (tree_[i].kind) {
      case Kind::ComparisonOperator:
        return relational(i);
      case Kind::BinaryOperator:
        return binary(i);
      case Kind::AugmentedAssignment:
        return augmented(i);
      case Kind::BooleanOperator:
        return logical(i);
      case Kind::NotOperator:
      case Kind::UnaryOperator:
        return unary(i);
      case Kind::Integer:
        return integer(i);
      case Kind::Float:
        if (const auto next = float_plus_one(tree_.text(i))) replace("constant", i, *next);
        return;
      case Kind::True:
        return replace("constant", i, "False");
      case Kind::False:
        return replace("constant", i, "True");
      case Kind::None:
        return none(i);
      case Kind::String:
      case Kind::ConcatenatedString:
        return string(i);
      case Kind::IfStatement:
      case Kind::ElifClause:
      case Kind::WhileStatement:
        return negate(tree_.child(i, Field::Condition));
      case Kind::IfClause: {
        const std::vector<Index> parts = tree_.named_children(i);
        if (!parts.empty()) negate(parts[0]);
        return;
      }
      case Kind::ConditionalExpression: {
        const std::vector<Index> parts = tree_.named_children(i);
        if (parts.size() == 3) negate(parts[1]);
        return;
      }
      case Kind::ReturnStatement:
        return returned(i);
      case Kind::ExpressionStatement:
      case Kind::RaiseStatement:
      case Kind::DeleteStatement:
        return deletion(i);
      default:
        return;
    }
  }

 private:
  void replace(std::string_view operation, Index node, std::string text) {
    out_.push_back(Change{operation, tree_[node].start, tree_[node].end, std::move(text)});
  }

  void alternatives(std::string_view operation, Index token, const Alternatives* entry) {
    if (entry == nullptr) return;
    for (const std::string_view text : entry->replacements) {
      if (!text.empty()) replace(operation, token, std::string(text));
    }
  }

  void relational(Index i) {
    for (Index child = tree_.first_child(i); child != kNoNode; child = tree_[child].next_sibling) {
      if (tree_[child].field != Field::Operators || tree_[child].kind != Kind::Token) continue;
      alternatives("relational", child, find(kRelational, tree_.text(child)));
    }
  }

  bool is_text(Index node) const {
    const Kind kind = node == kNoNode ? Kind::Other : tree_[without_parentheses(tree_, node)].kind;
    return kind == Kind::String || kind == Kind::ConcatenatedString;
  }

  // Between texts an operator can only be broken: `"%s" - x` says nothing about a suite.
  void binary(Index i) {
    if (is_text(tree_.child(i, Field::Left)) || is_text(tree_.child(i, Field::Right))) return;
    const Index token = tree_.child(i, Field::Operator);
    if (token != kNoNode) alternatives("arithmetic", token, find(kArithmetic, tree_.text(token)));
  }

  void augmented(Index i) {
    const Index token = tree_.child(i, Field::Operator);
    if (token == kNoNode || is_text(tree_.child(i, Field::Right))) return;
    const std::string_view text = tree_.text(token);
    if (text.size() < 2) return;
    if (const Alternatives* entry = find(kArithmetic, text.substr(0, text.size() - 1))) {
      replace("arithmetic", token, std::string(entry->replacements[0]) + "=");
    }
  }

  void logical(Index i) {
    const Index token = tree_.child(i, Field::Operator);
    if (token == kNoNode) return;
    replace("logical", token, tree_.text(token) == "and" ? "or" : "and");
  }

  void unary(Index i) {
    const Index operand = tree_.child(i, Field::Argument);
    if (operand == kNoNode || tree_.text(i)[0] == '+') return;
    out_.push_back(Change{"unary", tree_[i].start, tree_[operand].start, ""});
  }

  void integer(Index i) {
    const std::string_view text = tree_.text(i);
    if (text.back() == 'j' || text.back() == 'J') return;
    const auto value = integer_value(text);
    if (!value) return;
    replace("constant", i, std::to_string(*value + 1));
    replace("constant", i, std::to_string(*value - 1));
  }

  // Where None is a value. `x is None` and `return None` are mutated as what they are.
  void none(Index i) {
    const Field field = tree_[i].field;
    const Kind parent = tree_[tree_[i].parent].kind;
    const bool is_value = (parent == Kind::Assignment && field == Field::Right) ||
                          parent == Kind::ArgumentList || field == Field::Value;
    if (is_value) replace("constant", i, "1");
  }

  void string(Index i) {
    const Kind parent = tree_[tree_[i].parent].kind;
    if (where_.in_interpolation || parent == Kind::ConcatenatedString ||
        parent == Kind::ExpressionStatement) {
      return;
    }
    Index start = kNoNode;
    bool is_empty = true;
    for (Index k = i; k < tree_[i].end_index; ++k) {
      if (tree_[k].kind == Kind::StringStart && start == kNoNode) start = k;
      if (tree_[k].kind == Kind::StringContent || tree_[k].kind == Kind::Interpolation) {
        is_empty = false;
      }
    }
    if (start == kNoNode) return;
    const bool is_bytes = tree_.text(start).find_first_of("bB") != std::string_view::npos;
    // One change a text: most of them are messages, and code has more texts than anything else.
    if (!is_empty) return replace("constant", i, is_bytes ? "b\"\"" : "\"\"");
    out_.push_back(Change{"constant", tree_[start].end, tree_[start].end, "XX"});
  }

  // Comparisons and `not` have alternatives of their own that say the same.
  void negate(Index condition) {
    if (condition == kNoNode || is_constant(tree_, condition)) return;
    if (tree_.text(condition).size() > kMaxReplacement) return;
    const Index inner = without_parentheses(tree_, condition);
    if (tree_[inner].kind == Kind::NotOperator) return;
    if (tree_[inner].kind == Kind::ComparisonOperator && tree_.named_children(inner).size() <= 2) {
      return;
    }
    replace("negate", condition, "not (" + std::string(tree_.text(condition)) + ")");
  }

  void returned(Index i) {
    const std::vector<Index> parts = tree_.named_children(i);
    if (parts.empty() || tree_[without_parentheses(tree_, parts[0])].kind == Kind::None) return;
    if (binds_nonlocal(tree_, parts[0], where_)) return;
    out_.push_back(Change{"return", tree_[parts[0]].start, tree_[i].end, "None"});
  }

  void deletion(Index i) {
    const std::vector<Index> parts = tree_.named_children(i);
    if (!parts.empty() && tree_[i].kind == Kind::ExpressionStatement) {
      const Kind kind = tree_[parts[0]].kind;
      if (kind == Kind::String || kind == Kind::ConcatenatedString || kind == Kind::Ellipsis ||
          kind == Kind::Identifier || is_constant(tree_, parts[0])) {
        return;
      }
      if (kind == Kind::Assignment && tree_.child(parts[0], Field::Right) == kNoNode) return;
    }
    if (binds_nonlocal(tree_, i, where_)) return;
    replace("deletion", i, "pass");
  }

  const SyntaxTree& tree_;
  const Surroundings& where_;
  std::vector<Change>& out_;
};

}  // namespace

bool binds_nonlocal(const SyntaxTree& tree, Index node, const Surroundings& where) {
  if (where.nonlocals == nullptr || where.nonlocals->empty()) return false;
  for (Index i = node; i < tree[node].end_index; ++i) {
    if (tree[i].kind == Kind::Identifier && where.nonlocals->count(tree.text(i)) > 0) return true;
  }
  return false;
}

void add_search_changes(const SyntaxTree& tree, Index node, const Surroundings& where,
                        std::vector<Change>& out) {
  SearchChanges(tree, where, out).visit(node);
  add_argument_changes(tree, node, out);
}

}  // namespace testgen::analysis
