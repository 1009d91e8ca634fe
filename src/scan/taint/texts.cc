// Texts put together, arithmetic on literals, and declared types.
#include <algorithm>
#include <cmath>

#include "scan/taint/interpreter.h"

namespace testgen::scan {

using ir::Id;
using ir::kNone;

namespace {
constexpr std::size_t kMaxText = 4096;  // of folded texts
}  // namespace

Ref Interpreter::slice(Ref object, Ref low, Ref high) {
  const bool text = object->kind == Value::Kind::String;
  if (text || (object->kind == Value::Kind::List && object->rest == nullptr)) {
    const auto size = static_cast<double>(text ? object->text.size() : object->items.size());
    const auto bound = [&](Ref at, double standard) -> std::optional<double> {
      if (at == values_.unknown()) return standard;
      if (at->kind != Value::Kind::Number) return std::nullopt;
      return std::min(std::max(at->number < 0 ? at->number + size : at->number, 0.0), size);
    };
    const auto from = bound(low, 0);
    const auto to = bound(high, size);
    if (from && to) {
      const auto begin = static_cast<std::size_t>(*from);
      const auto count = static_cast<std::size_t>(std::max(*to - *from, 0.0));
      if (text) return values_.string(object->text.substr(begin, count));
      Value* const out = values_.copy(*object);
      out->items = object->items.subspan(begin, count);
      return out;
    }
  }
  if (object->is_literal()) return values_.literal();
  if (object->kind == Value::Kind::List) {
    Value* const out = values_.copy(Value{});
    out->kind = Value::Kind::List;
    out->rest = any_element(object, kNone);
    out->origins = object->origins;
    return out;
  }
  return values_.unknown_with(values_.deep_origins(object));
}

// Text put together; what is known of its beginning is kept.
Ref Interpreter::joined_text(Ref left, Ref right) {
  const auto as_text = [](Ref v) {
    return v->kind == Value::Kind::String || (v->kind == Value::Kind::Number && !v->text.empty());
  };
  const Origin* const origins =
      values_.join(values_.deep_origins(left), values_.deep_origins(right));
  if (as_text(left) && as_text(right) && left->text.size() + right->text.size() <= kMaxText) {
    return values_.with_origins(
        values_.kept_string(std::string(left->text) + std::string(right->text)), origins);
  }
  if (left->is_literal() && right->is_literal()) {
    return values_.with_origins(values_.literal(), origins);
  }
  Value* const out = values_.copy(Value{});
  out->origins = origins;
  out->built = true;
  out->own_head = left->own_head ||
                  (left->origins == nullptr && !right->is_literal() && right->origins == nullptr) ||
                  (left->origins == nullptr && !left->is_literal() && !left->built);
  if (as_text(left)) {
    out->text = left->text;
  } else if (left->kind == Value::Kind::Unknown && left->built) {
    out->text = left->text;
  } else {
    out->text = {};
  }
  return out;
}

Ref Interpreter::concatenate(Id id) {
  const ir::Node& node = module_[id];
  Ref out = values_.string({});
  for (std::uint32_t i = 0; i < node.count; ++i) {
    out = joined_text(out, evaluate(module_.kids[node.kids + i]));
  }
  return out;
}

Ref Interpreter::binary(std::string_view op, Ref left, Ref right) {
  if (left->kind == Value::Kind::Number && right->kind == Value::Kind::Number) {
    const double a = left->number;
    const double b = right->number;
    if (op == "+") return values_.number(a + b);
    if (op == "-") return values_.number(a - b);
    if (op == "*") return values_.number(a * b);
    const bool whole_language =
        module_.language != Language::Python && module_.language != Language::JavaScript &&
        module_.language != Language::TypeScript && module_.language != Language::Tsx;
    if (op == "/" && b != 0) return values_.number(whole_language ? std::trunc(a / b) : a / b);
    if (op == "//" && b != 0) return values_.number(std::floor(a / b));
    if (op == "%" && b != 0) return values_.number(std::fmod(a, b));
    if (op == "**") return values_.number(std::pow(a, b));
    const auto x = static_cast<std::int64_t>(a);
    const auto y = static_cast<std::int64_t>(b);
    if (op == "|") return values_.number(static_cast<double>(x | y));
    if (op == "&") return values_.number(static_cast<double>(x & y));
    if (op == "<<" && y >= 0 && y < 32) return values_.number(static_cast<double>(x << y));
    return values_.literal();
  }
  if (op == "+") {
    if (left->kind == Value::Kind::List && right->kind == Value::Kind::List) {
      std::vector<Ref> items(left->items.begin(), left->items.end());
      items.insert(items.end(), right->items.begin(), right->items.end());
      Value* const out = values_.copy(*values_.list(items));
      out->rest = values_.join(left->rest, right->rest);
      return out;
    }
    return joined_text(left, right);
  }
  const Origin* const origins =
      values_.join(values_.deep_origins(left), values_.deep_origins(right));
  // "…%s…" % values: what stands before the first % is known.
  if (op == "%" && left->kind == Value::Kind::String && module_.language == Language::Python) {
    bool literal = right->is_literal();
    if (right->kind == Value::Kind::List && right->rest == nullptr) {
      literal = true;
      for (const Ref item : right->items) literal = literal && item->is_literal();
    }
    if (literal) return values_.with_origins(values_.literal(), origins);
    Value* const out = values_.copy(Value{});
    out->built = true;
    out->origins = origins;
    out->text = left->text.substr(0, left->text.find('%'));
    return out;
  }
  if (op == "/" && origins != nullptr) {  // pathlib
    Value* const out = values_.copy(Value{});
    out->origins = origins;
    out->built = true;
    return out;
  }
  if (op == "|" && left->kind == Value::Kind::Thing) {
    // Flags: all of them are in the name.
    return values_.with_origins(left, origins);
  }
  if (left->is_literal() && right->is_literal()) {
    return values_.with_origins(values_.literal(), origins);
  }
  if (op == "%") return values_.unknown_with(origins);
  // Differences, products and shifts are numbers.
  if (op == "-" || op == "*" || op == "**" || op == "//" || op == "/" || op == "<<" || op == ">>") {
    return op == "*" ? values_.unknown_with(origins) : values_.unknown();
  }
  return values_.unknown_with(origins);
}

// The type's whole name, as imports have it; without type arguments and marks.
std::string_view Interpreter::resolve_type(std::string_view type) {
  while (!type.empty() && (type.front() == '*' || type.front() == '&' || type.front() == '[' ||
                           type.front() == ']' || type.front() == ' ')) {
    type.remove_prefix(1);
  }
  type = type.substr(0, type.find_first_of("<[?| *&"));
  if (type.empty()) return type;
  const std::size_t dot = type.find('.');
  const std::string_view first = type.substr(0, dot);
  const std::uint32_t symbol = module_.symbol_of(first);
  const Ref known = symbol == kNone ? nullptr : look_up(symbol);
  if (known == nullptr || known->kind != Value::Kind::Thing) return type;
  if (dot == std::string_view::npos) return known->text;
  return values_.keep(std::string(known->text) + std::string(type.substr(dot)));
}

// What is of such a type holds no text.
bool Interpreter::is_number_type(std::string_view type) {
  static constexpr std::string_view kNumbers[] = {
      "int",     "long",    "short",  "byte",     "double",  "float",     "boolean",  "bool",
      "Integer", "Long",    "Double", "Float",    "Short",   "Byte",      "Boolean",  "uint",
      "ulong",   "decimal", "int64",  "int32",    "uint64",  "i32",       "i64",      "u32",
      "u64",     "usize",   "number", "Guid",     "UUID",    "LocalDate", "DateTime", "size_t",
      "ssize_t", "uint8_t", "int8_t", "uint16_t", "int16_t", "uint32_t",  "int32_t",  "uint64_t",
      "int64_t", "off_t",   "uid_t",  "pid_t",    "time_t",  "unsigned",  "u8",       "u16",
      "i8",      "i16",     "f32",    "f64",      "Uuid"};
  return std::find(std::begin(kNumbers), std::end(kNumbers), type) != std::end(kNumbers);
}

Ref Interpreter::typed(std::string_view type, Ref value) {
  const std::string_view whole = resolve_type(type);
  const bool list = type.find('[') != std::string_view::npos;
  if (list && value->kind != Value::Kind::Thing) return value;
  if (!list && is_number_type(whole)) return value->is_literal() ? value : values_.unknown();
  if (whole.empty() || whole == "var" || whole == "auto" || whole == "String" ||
      whole == "string" || whole == "Object" || whole == "any" || whole == "char" ||
      whole == "const" || whole == "let") {
    return value;
  }
  // A plain name and what a call gave say less than a declaration does; names of our own more.
  const bool vague =
      value->kind == Value::Kind::Thing && !value->instance &&
      (value->text.starts_with("$.") ||
       (!value->text.starts_with("$") &&
        (value->text.ends_with("()") || value->text.find('.') == std::string_view::npos)));
  if (value->kind == Value::Kind::Unknown || vague) {
    Value* const out = values_.copy(*named(whole, nullptr, kNone));
    out->origins = value->origins;
    out->facts = value->facts;
    if (const auto known = class_names_.find(whole); known != class_names_.end()) {
      out->index = known->second;
      out->instance = true;
    }
    return out;
  }
  return value;
}

}  // namespace testgen::scan
