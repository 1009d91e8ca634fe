#include "engine/explorer/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace testgen::engine {
namespace {

void append_hex(std::string& out, unsigned code, int digits) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out.push_back(kDigits[(code >> static_cast<unsigned>(shift)) & 15U]);
  }
}

// Decodes one UTF-8 sequence at `at`; the text is known to be valid.
unsigned decode_utf8(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  int extra = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  unsigned code = extra == 0 ? lead : lead & (0x3FU >> static_cast<unsigned>(extra));
  ++at;
  while (extra-- > 0 && at < text.size()) code = (code << 6U) | (byte(at++) & 0x3FU);
  return code;
}

void append_escape(std::string& out, unsigned code, char quote) {
  switch (code) {
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\\':
      out += "\\\\";
      return;
    default:
      break;
  }
  if (code == static_cast<unsigned char>(quote)) {
    out += '\\';
    out += quote;
  } else if (code >= 0x20 && code < 0x7F) {
    out += static_cast<char>(code);
  } else if (code < 0x100) {
    out += "\\x";
    append_hex(out, code, 2);
  } else if (code < 0x10000) {
    out += "\\u";
    append_hex(out, code, 4);
  } else {
    out += "\\U";
    append_hex(out, code, 8);
  }
}

// The quotes that need fewer backslashes; double ones when it is the same.
char quote_for(std::string_view text) {
  const auto doubles = std::count(text.begin(), text.end(), '"');
  return doubles > std::count(text.begin(), text.end(), '\'') ? '\'' : '"';
}

std::string render_bytes(std::string_view raw) {
  const char quote = quote_for(raw);
  std::string out = std::string("b") + quote;
  for (const char c : raw) append_escape(out, static_cast<unsigned char>(c), quote);
  return out + quote;
}

std::string render_float(double value) {
  if (std::isnan(value)) return "float(\"nan\")";
  if (std::isinf(value)) return value > 0 ? "float(\"inf\")" : "float(\"-inf\")";
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string out(buffer.data(), end);
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

void append_items(std::string& out, const std::vector<Value>& items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ", ";
    out += render(items[i]);
  }
}

std::string wrapped(const char* open, const std::vector<Value>& items, const char* close) {
  std::string out = open;
  append_items(out, items);
  return out + close;
}

}  // namespace

Value::Value() = default;
Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

Value Value::none() {
  return {};
}

Value Value::boolean(bool value) {
  Value out;
  out.kind = ValueKind::Bool;
  out.number = value ? 1 : 0;
  return out;
}

Value Value::integer(std::int64_t value) {
  Value out;
  out.kind = ValueKind::Int;
  out.number = value;
  return out;
}

Value Value::floating(double value) {
  Value out;
  out.kind = ValueKind::Float;
  out.real = value;
  return out;
}

Value Value::string(std::string value) {
  Value out;
  out.kind = ValueKind::String;
  out.text = std::move(value);
  return out;
}

Value Value::bytes(std::string value) {
  Value out;
  out.kind = ValueKind::Bytes;
  out.text = std::move(value);
  return out;
}

Value Value::container(ValueKind kind, std::vector<Value> items) {
  Value out;
  out.kind = kind;
  out.items = std::move(items);
  return out;
}

Value Value::name(std::string source) {
  Value out;
  out.kind = ValueKind::Name;
  out.text = std::move(source);
  return out;
}

Value Value::fixture(std::string name, std::int64_t type) {
  Value out;
  out.kind = ValueKind::Fixture;
  out.text = std::move(name);
  out.number = type;
  return out;
}

Value Value::repeat(Value unit, std::int64_t times) {
  Value out;
  out.kind = ValueKind::Repeat;
  out.number = times;
  out.items.push_back(std::move(unit));
  return out;
}

Value Value::call(std::string callee, std::vector<Value> arguments) {
  Value out;
  out.kind = ValueKind::Call;
  out.text = std::move(callee);
  out.items = std::move(arguments);
  return out;
}

bool Value::operator==(const Value& other) const {
  return kind == other.kind && number == other.number &&
         (real == other.real || (std::isnan(real) && std::isnan(other.real))) &&
         text == other.text && items == other.items && keywords == other.keywords;
}

std::string render_string(std::string_view utf8) {
  const char quote = quote_for(utf8);
  std::string out(1, quote);
  for (std::size_t at = 0; at < utf8.size();) append_escape(out, decode_utf8(utf8, at), quote);
  return out + quote;
}

std::string render(const Value& value) {
  switch (value.kind) {
    case ValueKind::None:
      return "None";
    case ValueKind::Bool:
      return value.number != 0 ? "True" : "False";
    case ValueKind::Int:
      return value.text.empty() ? std::to_string(value.number) : value.text;
    case ValueKind::Float:
      return render_float(value.real);
    case ValueKind::String:
      return render_string(value.text);
    case ValueKind::Bytes:
      return render_bytes(value.text);
    case ValueKind::List:
      return wrapped("[", value.items, "]");
    case ValueKind::Tuple:
      return wrapped("(", value.items, value.items.size() == 1 ? ",)" : ")");
    case ValueKind::Set:
      return value.items.empty() ? "set()" : wrapped("{", value.items, "}");
    case ValueKind::FrozenSet:
      return value.items.empty() ? "frozenset()" : wrapped("frozenset({", value.items, "})");
    case ValueKind::Dict: {
      std::string out = "{";
      for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) {
        if (i > 0) out += ", ";
        out += render(value.items[i]) + ": " + render(value.items[i + 1]);
      }
      return out + "}";
    }
    case ValueKind::Name:
    case ValueKind::Fixture:
      return value.text;
    case ValueKind::Repeat:
      return render(value.items.at(0)) + " * " + std::to_string(value.number);
    case ValueKind::Call: {
      std::string out = value.text + "(";
      // As a person writes it: io.StringIO() for io.StringIO("").
      if (value.text.starts_with("io.") && value.items.size() == 1 && value.keywords.empty() &&
          value.items[0].text.empty() &&
          (value.items[0].kind == ValueKind::String || value.items[0].kind == ValueKind::Bytes)) {
        return out + ")";
      }
      append_items(out, value.items);
      bool first = value.items.empty();
      for (const auto& [keyword, item] : value.keywords) {
        if (!first) out += ", ";
        first = false;
        out += keyword + "=" + render(item);
      }
      return out + ")";
    }
  }
  return "None";
}

bool is_hashable(const Value& value) {
  switch (value.kind) {
    case ValueKind::List:
    case ValueKind::Set:
    case ValueKind::Dict:
    case ValueKind::Fixture:
      return false;
    case ValueKind::Call:
      // Numbers and times of the library are; of others nobody knows.
      return value.text.starts_with("decimal.") || value.text.starts_with("fractions.") ||
             value.text.starts_with("datetime.");
    case ValueKind::Tuple:
    case ValueKind::Repeat:
      return std::all_of(value.items.begin(), value.items.end(), is_hashable);
    default:
      return true;
  }
}

std::size_t weight(const Value& value) {
  std::size_t total = 1;
  if (value.kind == ValueKind::String || value.kind == ValueKind::Bytes) {
    total += value.text.size() / 4;
  }
  if (value.kind == ValueKind::Float) ++total;  // a whole number reads more easily
  if (value.kind == ValueKind::Int && (value.number > 100 || value.number < -100)) ++total;
  for (const Value& item : value.items) total += weight(item);
  for (const auto& [keyword, item] : value.keywords) total += 1 + weight(item);
  return total;
}

}  // namespace testgen::engine
