// Reads Python literals. The text comes from hostile ground: everything is bounded, and what is
// not understood is refused.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "base/strings.h"
#include "engine/explorer/value.h"

namespace testgen::engine {
namespace {

constexpr int kMaxDepth = 40;
constexpr std::size_t kMaxNodes = 4000;

constexpr std::array<std::string_view, 13> kAllowedCalls{"float",
                                                         "pathlib.Path",
                                                         "set",
                                                         "frozenset",
                                                         "decimal.Decimal",
                                                         "fractions.Fraction",
                                                         "datetime.date",
                                                         "datetime.datetime",
                                                         "datetime.time",
                                                         "datetime.timedelta",
                                                         "complex",
                                                         "bytearray",
                                                         "range"};

constexpr std::array<std::string_view, 16> kBuiltinTypes{
    "int", "str",       "float",  "bool", "bytes",   "list",      "tuple", "dict",
    "set", "frozenset", "object", "type", "complex", "bytearray", "range", "Exception"};

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class LiteralParser {
 public:
  LiteralParser(std::string_view text, std::string_view names_under, bool calls_under = false)
      : text_(text), names_under_(names_under), calls_under_(calls_under) {}

  std::optional<Value> parse() {
    auto value = parse_value(0);
    skip_space();
    if (!value || at_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) {
      ++at_;
    }
  }
  bool take(char c) {
    skip_space();
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  std::optional<Value> parse_value(int depth) {
    if (depth > kMaxDepth || ++nodes_ > kMaxNodes) return std::nullopt;
    skip_space();
    const char c = peek();
    if (c == '[') return parse_sequence(ValueKind::List, ']', depth);
    if (c == '(') return parse_parenthesis(depth);
    if (c == '{') return parse_brace(depth);
    if (c == '-' || c == '+' || is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      return parse_number();
    }
    if (c == '\'' || c == '"' || starts_string_prefix()) return parse_strings();
    if (is_name_start(c)) return parse_name(depth);
    return std::nullopt;
  }

  [[nodiscard]] bool starts_string_prefix() const {
    std::size_t i = 0;
    while (i < 2 && std::string_view("rRbBuU").find(peek(i)) != std::string_view::npos &&
           peek(i) != '\0') {
      ++i;
    }
    return i > 0 && (peek(i) == '\'' || peek(i) == '"');
  }

  std::optional<std::vector<Value>> parse_items(char close, int depth, bool& trailing_comma) {
    std::vector<Value> items;
    trailing_comma = false;
    while (true) {
      if (take(close)) return items;
      if (!items.empty() && !trailing_comma) return std::nullopt;
      auto item = parse_value(depth + 1);
      if (!item) return std::nullopt;
      items.push_back(*std::move(item));
      trailing_comma = take(',');
    }
  }

  std::optional<Value> parse_sequence(ValueKind kind, char close, int depth) {
    ++at_;
    bool comma = false;
    auto items = parse_items(close, depth, comma);
    if (!items) return std::nullopt;
    return Value::container(kind, *std::move(items));
  }

  std::optional<Value> parse_parenthesis(int depth) {
    ++at_;
    bool comma = false;
    auto items = parse_items(')', depth, comma);
    if (!items) return std::nullopt;
    if (items->size() == 1 && !comma) return std::move(items->front());
    return Value::container(ValueKind::Tuple, *std::move(items));
  }

  std::optional<Value> parse_brace(int depth) {
    ++at_;
    if (take('}')) return Value::container(ValueKind::Dict, {});
    std::vector<Value> items;
    std::optional<bool> is_dict;
    while (true) {
      auto key = parse_value(depth + 1);
      if (!key) return std::nullopt;
      items.push_back(*std::move(key));
      const bool has_value = take(':');
      if (is_dict.value_or(has_value) != has_value) return std::nullopt;
      is_dict = has_value;
      if (has_value) {
        auto value = parse_value(depth + 1);
        if (!value) return std::nullopt;
        items.push_back(*std::move(value));
      }
      const bool comma = take(',');
      if (take('}')) break;
      if (!comma) return std::nullopt;
    }
    return Value::container(*is_dict ? ValueKind::Dict : ValueKind::Set, std::move(items));
  }

  std::optional<Value> parse_number() {
    std::string digits;
    bool negative = false;
    while (peek() == '-' || peek() == '+') {
      negative ^= peek() == '-';
      ++at_;
    }
    if (text_.substr(at_, 3) == "inf") return std::nullopt;
    const std::size_t start = at_;
    int base = 10;
    if (peek() == '0' && std::string_view("xXoObB").find(peek(1)) != std::string_view::npos &&
        peek(1) != '\0') {
      const char mark = static_cast<char>(peek(1) | 0x20);
      base = mark == 'x' ? 16 : mark == 'o' ? 8 : 2;
      at_ += 2;
    }
    bool real = false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool hex = base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
      if (is_digit(c) || hex) {
        digits += c;
      } else if (c == '.' && base == 10) {
        real = true;
        digits += c;
      } else if ((c == 'e' || c == 'E') && base == 10 && !digits.empty()) {
        real = true;
        digits += c;
        if (peek(1) == '-' || peek(1) == '+') digits += text_[++at_];
      } else if (c != '_') {
        break;
      }
      ++at_;
      if (at_ - start > 400) return std::nullopt;
    }
    if (is_name_start(peek())) return std::nullopt;  // 1j, 0777L and the like
    if (digits.empty()) return std::nullopt;
    if (real) {
      char* end = nullptr;
      const double value = std::strtod(digits.c_str(), &end);
      if (end != digits.c_str() + digits.size()) return std::nullopt;
      return Value::floating(negative ? -value : value);
    }
    if (negative) digits.insert(digits.begin(), '-');
    std::int64_t number = 0;
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    if (failure == std::errc() && end == digits.data() + digits.size()) {
      return Value::integer(number);
    }
    if (base != 10) return std::nullopt;
    Value big = Value::integer(0);
    big.text = digits;
    return big;
  }

  std::optional<Value> parse_strings() {
    std::optional<Value> joined;
    while (peek() == '\'' || peek() == '"' || starts_string_prefix()) {
      auto piece = parse_one_string();
      if (!piece || (joined && joined->kind != piece->kind)) return std::nullopt;
      if (joined) {
        joined->text += piece->text;
      } else {
        joined = *std::move(piece);
      }
      skip_space();
    }
    if (joined && joined->kind == ValueKind::String &&
        base::find_invalid_utf8(joined->text) != std::string::npos) {
      return std::nullopt;  // lone surrogates cannot be written in a source file
    }
    return joined;
  }

  std::optional<Value> parse_one_string() {
    bool raw = false;
    bool bytes = false;
    while (peek() != '\'' && peek() != '"') {
      const char mark = static_cast<char>(peek() | 0x20);
      raw |= mark == 'r';
      bytes |= mark == 'b';
      ++at_;
    }
    const char quote = peek();
    const bool triple = peek(1) == quote && peek(2) == quote;
    at_ += triple ? 3 : 1;
    std::string out;
    while (true) {
      if (at_ >= text_.size()) return std::nullopt;
      if (peek() == quote && (!triple || (peek(1) == quote && peek(2) == quote))) {
        at_ += triple ? 3 : 1;
        return bytes ? Value::bytes(std::move(out)) : Value::string(std::move(out));
      }
      if (peek() == '\\') {
        if (raw) {
          out += text_[at_++];
          if (at_ < text_.size()) out += text_[at_++];
        } else if (!parse_escape(out, bytes)) {
          return std::nullopt;
        }
      } else {
        out += text_[at_++];
      }
    }
  }

  bool parse_escape(std::string& out, bool bytes) {
    ++at_;
    if (at_ >= text_.size()) return false;
    const char c = text_[at_++];
    switch (c) {
      case '\n':
        return true;
      case 'n':
        out += '\n';
        return true;
      case 't':
        out += '\t';
        return true;
      case 'r':
        out += '\r';
        return true;
      case 'a':
        out += '\a';
        return true;
      case 'b':
        out += '\b';
        return true;
      case 'f':
        out += '\f';
        return true;
      case 'v':
        out += '\v';
        return true;
      case '\\':
      case '\'':
      case '"':
        out += c;
        return true;
      case 'x':
        return append_code(out, 2, bytes);
      case 'u':
        if (bytes) break;
        return append_code(out, 4, false);
      case 'U':
        if (bytes) break;
        return append_code(out, 8, false);
      case 'N':
        return false;
      default:
        break;
    }
    if (c >= '0' && c <= '7') {
      unsigned code = static_cast<unsigned>(c - '0');
      for (int i = 0; i < 2 && peek() >= '0' && peek() <= '7'; ++i) {
        code = code * 8 + static_cast<unsigned>(text_[at_++] - '0');
      }
      if (bytes) {
        out += static_cast<char>(code & 0xFFU);
      } else {
        base::append_utf8(out, code);
      }
      return true;
    }
    out += '\\';  // an unknown escape keeps its backslash
    out += c;
    return true;
  }

  bool append_code(std::string& out, std::size_t digits, bool raw_byte) {
    if (at_ + digits > text_.size()) return false;
    unsigned code = 0;
    const char* first = text_.data() + at_;
    const auto [end, failure] = std::from_chars(first, first + digits, code, 16);
    if (failure != std::errc() || end != first + digits || code > 0x10FFFF) return false;
    at_ += digits;
    if (raw_byte) {
      out += static_cast<char>(code);
    } else {
      base::append_utf8(out, code);
    }
    return true;
  }

  std::optional<Value> parse_name(int depth) {
    const std::size_t start = at_;
    while (is_name_start(peek()) || is_digit(peek()) || (peek() == '.' && is_name_start(peek(1)))) {
      ++at_;
    }
    const std::string_view name = text_.substr(start, at_ - start);
    if (name.size() > 200) return std::nullopt;
    if (name == "None") return Value::none();
    if (name == "True") return Value::boolean(true);
    if (name == "False") return Value::boolean(false);
    if (name == "tmp_path") return parse_path(start);
    if (name == "datetime.timezone.utc") return Value::name(std::string(name));
    const bool called = peek() == '(';
    if (called && name == "str" && text_.compare(at_ + 1, 8, "tmp_path") == 0) {
      at_ += 9;
      if (!parse_path(start) || !take(')')) return std::nullopt;
      return Value::name(std::string(text_.substr(start, at_ - start)));
    }
    if (called &&
        std::find(kAllowedCalls.begin(), kAllowedCalls.end(), name) != kAllowedCalls.end()) {
      ++at_;
      return parse_call(name, depth);
    }
    const bool under = !names_under_.empty() && name.size() > names_under_.size() + 1 &&
                       name.starts_with(names_under_) && name[names_under_.size()] == '.';
    const bool stream = name == "io.StringIO" || name == "io.BytesIO";
    if (called && calls_under_ && (under || stream)) {
      ++at_;
      return parse_call(name, depth);
    }
    if (called) return std::nullopt;
    const bool builtin =
        std::find(kBuiltinTypes.begin(), kBuiltinTypes.end(), name) != kBuiltinTypes.end();
    if (under || (builtin && !names_under_.empty())) return Value::name(std::string(name));
    return std::nullopt;
  }

  // `tmp_path`, or a path below it: `tmp_path / "a.txt"`. The name itself has been read.
  std::optional<Value> parse_path(std::size_t start) {
    if (text_.compare(at_, 4, " / \"") == 0) {
      at_ += 4;
      while (peek() != '"') {
        if (static_cast<unsigned char>(peek()) < 0x20) return std::nullopt;  // also the end
        at_ += peek() == '\\' ? 2 : 1;
      }
      ++at_;
    }
    return Value::name(std::string(text_.substr(start, at_ - start)));
  }

  std::optional<Value> parse_call(std::string_view name, int depth) {
    Value call = Value::call(std::string(name), {});
    bool comma = true;
    while (!take(')')) {
      if (!comma) return std::nullopt;
      skip_space();
      std::size_t ahead = 0;
      while (is_name_start(peek(ahead)) || (ahead > 0 && is_digit(peek(ahead)))) ++ahead;
      const bool keyword = ahead > 0 && peek(ahead) == '=';
      const std::string_view label = text_.substr(at_, ahead);
      if (keyword) at_ += ahead + 1;
      auto argument = parse_value(depth + 1);
      if (!argument) return std::nullopt;
      if (keyword) {
        call.keywords.emplace_back(label, *std::move(argument));
      } else {
        call.items.push_back(*std::move(argument));
      }
      comma = take(',');
    }
    if (name == "set" && call.items.empty()) return Value::container(ValueKind::Set, {});
    if (name == "frozenset") {
      std::vector<Value> items;
      if (!call.items.empty()) items = call.items.front().items;
      return Value::container(ValueKind::FrozenSet, std::move(items));
    }
    if (name == "float" && call.items.size() == 1 && call.items[0].kind == ValueKind::String) {
      const std::string& word = call.items[0].text;
      if (word != "inf" && word != "-inf" && word != "nan") return std::nullopt;
      return Value::floating(std::strtod(word.c_str(), nullptr));
    }
    return call;
  }

  std::string_view text_;
  std::string_view names_under_;
  bool calls_under_ = false;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
};

}  // namespace

std::optional<Value> parse_literal(std::string_view text, std::string_view names_under) {
  if (text.size() > 100'000) return std::nullopt;
  return LiteralParser(text, names_under).parse();
}

std::optional<Value> parse_construction(std::string_view text, std::string_view alias) {
  if (text.size() > 100'000 || alias.empty()) return std::nullopt;
  return LiteralParser(text, alias, true).parse();
}

}  // namespace testgen::engine
