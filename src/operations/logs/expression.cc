#include "operations/logs/expression.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/strings.h"

namespace testgen::operations {

using nlohmann::json;

namespace {

enum class Kind : std::uint8_t { Any, All, Not, Has, Compare };
enum class Operator : std::uint8_t {
  Equal,
  Unequal,
  Less,
  AtMost,
  More,
  AtLeast,
  Contains,
  Lacks,
  Begins
};

constexpr std::array<std::string_view, 9> kOperators{"==", "!=", "<",  "<=", ">",
                                                     ">=", "~",  "!~", "^="};
constexpr std::array<std::string_view, 5> kLevels{"debug", "info", "warning", "error", "critical"};
constexpr int kDeepest = 100;  // parentheses and negations within each other

std::optional<std::size_t> level_rank(std::string_view text) {
  const std::string lower = base::to_lower(text);
  // OpenTelemetry's names for the same.
  if (lower == "warn") return 2;
  if (lower == "fatal") return 4;
  for (std::size_t rank = 0; rank < kLevels.size(); ++rank) {
    if (kLevels[rank] == lower) return rank;
  }
  return std::nullopt;
}

bool is_level_field(std::string_view name) {
  return name == "level" || name == "log.level" || name == "severity_text" ||
         name == "SeverityText";
}

std::optional<double> number_of(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  double out = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

template <class T>
bool ordered(Operator how, const T& a, const T& b) {
  switch (how) {
    case Operator::Equal:
      return a == b;
    case Operator::Unequal:
      return a != b;
    case Operator::Less:
      return a < b;
    case Operator::AtMost:
      return a <= b;
    case Operator::More:
      return a > b;
    case Operator::AtLeast:
      return a >= b;
    default:
      return false;
  }
}

}  // namespace

struct Expression::Node {
  Kind kind = Kind::Has;
  std::string field;
  Operator how = Operator::Equal;
  json value;
  std::vector<std::unique_ptr<Node>> of;

  [[nodiscard]] bool matches(const json& line) const;
  [[nodiscard]] bool compares(const json* found) const;
  [[nodiscard]] std::string text() const;
};

namespace {

using Node = Expression::Node;
using NodePtr = std::unique_ptr<Node>;

bool name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
}
bool name_part(char c) {
  return name_start(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  base::Result<NodePtr> whole() {
    skip();
    if (at_ == text_.size()) return NodePtr();
    TG_ASSIGN(NodePtr root, any(0));
    skip();
    if (at_ != text_.size()) {
      return wrong("this cannot follow; && or || is missing before it");
    }
    return root;
  }

 private:
  [[nodiscard]] base::Error wrong(std::string_view what) const {
    const std::string_view rest = text_.substr(std::min(at_, text_.size()));
    const std::string near =
        rest.empty() ? "at its end" : fmt::format("at \"{}\"", base::one_line(rest, 20));
    // People count characters, not bytes.
    std::size_t column = 1;
    for (const char c : text_.substr(0, at_))
      column += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    return {base::ErrorCode::InvalidArgument,
            fmt::format("the condition is wrong at character {}, {}: {}", column, near, what),
            "such as duration_ms>1000 && level==\"ERROR\""};
  }

  void skip() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }
  bool take(std::string_view word) {
    skip();
    if (!text_.substr(at_).starts_with(word)) return false;
    const std::size_t end = at_ + word.size();
    // "or" is not the beginning of "order".
    if (name_start(word.front()) && end < text_.size() && name_part(text_[end])) return false;
    at_ = end;
    return true;
  }

  base::Result<NodePtr> chain(Kind kind, int depth) {
    const auto next = [&] { return kind == Kind::Any ? chain(Kind::All, depth) : one(depth); };
    TG_ASSIGN(NodePtr first, next());
    NodePtr joined;
    while (kind == Kind::Any ? take("||") || take("or") : take("&&") || take("and")) {
      TG_ASSIGN(NodePtr another, next());
      if (!joined) {
        joined = std::make_unique<Node>();
        joined->kind = kind;
        joined->of.push_back(std::move(first));
      }
      joined->of.push_back(std::move(another));
    }
    return joined ? std::move(joined) : std::move(first);
  }
  base::Result<NodePtr> any(int depth) { return chain(Kind::Any, depth); }

  base::Result<NodePtr> one(int depth) {
    skip();
    if (depth > kDeepest) return wrong("nested too deeply");
    const bool operator_ahead =
        text_.substr(at_).starts_with("!=") || text_.substr(at_).starts_with("!~");
    if (!operator_ahead && (take("!") || take("not"))) {
      auto negation = std::make_unique<Node>();
      negation->kind = Kind::Not;
      TG_ASSIGN(NodePtr inner, one(depth + 1));
      negation->of.push_back(std::move(inner));
      return NodePtr(std::move(negation));
    }
    if (take("(")) {
      TG_ASSIGN(NodePtr inner, any(depth + 1));
      if (!take(")")) return wrong("a closing parenthesis is missing");
      return inner;
    }
    return comparison();
  }

  base::Result<std::string> field() {
    skip();
    if (at_ < text_.size() && text_[at_] == '`') {
      const std::size_t end = text_.find('`', at_ + 1);
      if (end == std::string_view::npos) return wrong("a closing backtick is missing");
      std::string name(text_.substr(at_ + 1, end - at_ - 1));
      if (name.empty()) return wrong("a name is missing between the backticks");
      at_ = end + 1;
      return name;
    }
    if (at_ == text_.size() || !name_start(text_[at_])) {
      return wrong("the name of a field is expected");
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && name_part(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  base::Result<NodePtr> comparison() {
    auto node = std::make_unique<Node>();
    TG_ASSIGN(node->field, field());
    skip();
    // Two characters before one, so that <= is not <.
    for (const std::string_view spelled : {"==", "!=", "<=", ">=", "!~", "^=", "<", ">", "~"}) {
      if (!take(spelled)) continue;
      for (std::size_t i = 0; i < kOperators.size(); ++i) {
        if (kOperators[i] == spelled) node->how = static_cast<Operator>(i);
      }
      node->kind = Kind::Compare;
      TG_ASSIGN(node->value, value());
      const bool textual = node->how == Operator::Contains || node->how == Operator::Lacks ||
                           node->how == Operator::Begins;
      if (textual && !node->value.is_string())
        return wrong("a text in quotes is expected before this");
      return NodePtr(std::move(node));
    }
    if (at_ < text_.size() && text_[at_] == '=') return wrong("write == to compare");
    return NodePtr(std::move(node));
  }

  base::Result<json> value() {
    skip();
    if (at_ == text_.size()) return wrong("a value is missing");
    const char c = text_[at_];
    if (c == '"' || c == '\'') return quoted(c);
    if (take("true")) return json(true);
    if (take("false")) return json(false);
    if (take("null")) return json(nullptr);
    double number = 0;
    const char* const begin = text_.data() + at_;
    const auto [end, problem] = std::from_chars(begin, text_.data() + text_.size(), number);
    if (problem != std::errc() || end == begin) {
      return wrong("a number, a text in quotes, true, false or null is expected");
    }
    const auto after = static_cast<std::size_t>(end - text_.data());
    if (after < text_.size() && name_part(text_[after])) {
      at_ = after;
      return wrong(
          "a number has no unit; durations are in the unit that their field's name ends in");
    }
    at_ = after;
    return json(number);
  }

  base::Result<json> quoted(char quote) {
    std::string out;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      char c = text_[i];
      if (c == quote) {
        at_ = i + 1;
        return json(std::move(out));
      }
      if (c == '\\' && i + 1 < text_.size()) {
        c = text_[++i];
        if (c == 'n') c = '\n';
        if (c == 't') c = '\t';
      }
      out += c;
    }
    return wrong("a closing quote is missing");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool Expression::Node::compares(const json* found) const {
  if (value.is_null()) {
    const bool none = found == nullptr || found->is_null();
    return how == Operator::Equal ? none : how == Operator::Unequal && !none;
  }
  if (found == nullptr || found->is_null()) {
    return how == Operator::Unequal || how == Operator::Lacks;
  }
  if (how == Operator::Contains || how == Operator::Lacks || how == Operator::Begins) {
    const std::string whole = text_of(*found);
    const auto& part = value.get_ref<const std::string&>();
    if (how == Operator::Begins) return whole.starts_with(part);
    return (whole.find(part) != std::string::npos) == (how == Operator::Contains);
  }
  if (value.is_boolean()) {
    const bool same = found->is_boolean() && *found == value;
    return how == Operator::Equal ? same : how == Operator::Unequal && !same;
  }
  if (value.is_number()) {
    const auto number = number_of(*found);
    return number ? ordered(how, *number, value.get<double>()) : how == Operator::Unequal;
  }
  const auto& wanted = value.get_ref<const std::string&>();
  if (is_level_field(field) && found->is_string()) {
    const auto rank = level_rank(found->get_ref<const std::string&>());
    const auto than = level_rank(wanted);
    if (rank && than) return ordered(how, *rank, *than);
  }
  return ordered(how, text_of(*found), wanted);
}

bool Expression::Node::matches(const json& line) const {
  switch (kind) {
    case Kind::Any:
      for (const auto& each : of) {
        if (each->matches(line)) return true;
      }
      return false;
    case Kind::All:
      for (const auto& each : of) {
        if (!each->matches(line)) return false;
      }
      return true;
    case Kind::Not:
      return !of.front()->matches(line);
    case Kind::Has: {
      const json* const found = find_field(line, field);
      return found != nullptr && !found->is_null() && *found != json(false);
    }
    case Kind::Compare:
      return compares(find_field(line, field));
  }
  return false;
}

std::string Expression::Node::text() const {
  if (kind == Kind::Not) return "!" + of.front()->text();
  if (kind == Kind::Any || kind == Kind::All) {
    std::string out = "(";
    for (const auto& each : of) {
      out += (&each == &of.front() ? "" : kind == Kind::Any ? " || " : " && ") + each->text();
    }
    return out + ")";
  }
  std::string out = "`" + field + "`";
  if (kind == Kind::Has) return out;
  out += std::string(kOperators[static_cast<std::size_t>(how)]);
  if (value.is_number()) return out + fmt::format("{}", value.get<double>());
  if (!value.is_string()) return out + value.dump();
  out += '"';
  for (const char c : value.get_ref<const std::string&>()) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

const json* find_field(const json& line, std::string_view name) {
  if (!line.is_object()) return nullptr;
  if (const auto found = line.find(name); found != line.end()) return &*found;
  // Each dot may be one between objects.
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos;
       dot = name.find('.', dot + 1)) {
    const auto outer = line.find(name.substr(0, dot));
    if (outer == line.end() || !outer->is_object()) continue;
    if (const json* const inner = find_field(*outer, name.substr(dot + 1)); inner != nullptr) {
      return inner;
    }
  }
  return nullptr;
}

Expression::Expression(std::unique_ptr<Node> root) : root_(std::move(root)) {}
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;
Expression::~Expression() = default;

base::Result<Expression> Expression::parse(std::string_view text) {
  TG_ASSIGN(std::unique_ptr<Node> root, Parser(text).whole());
  return Expression(std::move(root));
}

bool Expression::matches(const json& line) const {
  return !root_ || root_->matches(line);
}

std::string Expression::text() const {
  return root_ ? root_->text() : "";
}

}  // namespace testgen::operations
