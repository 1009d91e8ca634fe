// Calls that make texts of texts, folded as far as the texts are known.
#include <algorithm>
#include <array>

#include "base/strings.h"
#include "scan/taint/interpreter.h"

namespace testgen::scan {
namespace {

template <std::size_t N>
bool one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The same text in another form.
bool is_same_text(std::string_view name) {
  static constexpr std::array<std::string_view, 20> kNames{
      "encode",   "decode",   "toString", "ToString", "intern",    "valueOf",   "getBytes",
      "getvalue", "c_str",    "data",     "as_str",   "to_string", "to_owned",  "clone",
      "into",     "as_bytes", "GetBytes", "to_vec",   "as_ref",    "into_bytes"};
  return one_of(name, kNames);
}

}  // namespace

// A format's text with its arguments in it.
Ref Interpreter::formatted(Ref format, const Arguments& arguments, std::size_t first) {
  const Origin* origins = format->origins;
  bool literal = true;
  for (std::size_t i = first; i < arguments.size(); ++i) {
    origins = values_.join(origins, values_.deep_origins(arguments[i].value));
    literal = literal && arguments[i].value->is_literal();
  }
  if (literal) return values_.with_origins(values_.literal(), origins);
  Value* const built = values_.copy(Value{});
  built->built = true;
  built->origins = origins;
  built->text = format->text.substr(0, format->text.find_first_of("{%"));
  return built;
}

// Functions that give back their argument as another type, and those that format.
std::optional<Ref> Interpreter::text_function(std::string_view path, const Arguments& arguments) {
  if (path.empty() || arguments.empty()) return std::nullopt;
  if (rules_.same.matches(path)) return arguments[0].value;
  static constexpr std::array<std::string_view, 5> kFormats{
      "string.Format", "String.Format", "String.format", "fmt.Sprintf", "fmt.format"};
  if (arguments[0].value->kind == Value::Kind::String && one_of(path, kFormats)) {
    return formatted(arguments[0].value, arguments, 1);
  }
  return std::nullopt;
}

std::optional<Ref> Interpreter::text_method(std::string_view method, Ref receiver,
                                            const Arguments& arguments) {
  if (receiver->kind != Value::Kind::String) {
    if (is_same_text(method) && arguments.empty() && method != "encode" && method != "decode" &&
        (receiver->kind == Value::Kind::Unknown || receiver->is_literal())) {
      return receiver;
    }
    return std::nullopt;
  }
  const std::string_view text = receiver->text;
  const std::size_t count = arguments.size();
  const auto literal_text = [&](std::size_t i) -> std::optional<std::string_view> {
    if (i >= count || arguments[i].value->kind != Value::Kind::String) return std::nullopt;
    return arguments[i].value->text;
  };
  const auto literal_number = [&](std::size_t i) -> std::optional<std::size_t> {
    if (i >= count || arguments[i].value->kind != Value::Kind::Number) return std::nullopt;
    if (arguments[i].value->number < 0) return std::nullopt;
    return static_cast<std::size_t>(arguments[i].value->number);
  };
  if (method == "lower" || method == "toLowerCase" || method == "ToLower") {
    return values_.with_origins(values_.kept_string(base::to_lower(text)), receiver->origins);
  }
  if (method == "strip" || method == "trim" || method == "Trim") {
    return count == 0 ? values_.with_origins(values_.string(base::trim(text)), receiver->origins)
                      : values_.literal();
  }
  if (is_same_text(method)) return receiver;
  if (method == "length" || method == "size") {
    return values_.number(static_cast<double>(text.size()));
  }
  if (method == "charAt" && literal_number(0) && *literal_number(0) < text.size()) {
    return values_.string(text.substr(*literal_number(0), 1));
  }
  if ((method == "substring" || method == "Substring") && literal_number(0) &&
      *literal_number(0) <= text.size()) {
    const auto end = literal_number(1);
    if (method == "substring" && end && *end >= *literal_number(0)) {
      return values_.string(text.substr(*literal_number(0), *end - *literal_number(0)));
    }
    if (count == 1) return values_.string(text.substr(*literal_number(0)));
  }
  if (const auto other = literal_text(0)) {
    if (method == "startswith" || method == "startsWith") {
      return values_.boolean(text.starts_with(*other));
    }
    if (method == "endswith" || method == "endsWith") {
      return values_.boolean(text.ends_with(*other));
    }
    if (method == "contains" || method == "includes" || method == "Contains") {
      return values_.boolean(text.find(*other) != std::string_view::npos);
    }
    if (method == "equals") return values_.boolean(text == *other);
    if (method == "concat") return joined_text(receiver, arguments[0].value);
    if ((method == "replace" || method == "Replace") && literal_text(1) && !other->empty()) {
      return values_.kept_string(base::replace_all(std::string(text), *other, *literal_text(1)));
    }
    if (method == "split" && other->size() == 1) {
      std::vector<Ref> parts;
      for (const std::string& part : base::split(text, other->front())) {
        parts.push_back(values_.kept_string(part));
      }
      return values_.list(parts);
    }
  }
  if (method == "join" && count == 1) {
    const Ref over = arguments[0].value;
    Ref out = values_.string({});
    if (over->kind == Value::Kind::List && over->rest == nullptr && over->items.size() <= 64) {
      for (std::size_t i = 0; i < over->items.size(); ++i) {
        if (i > 0) out = joined_text(out, receiver);
        out = joined_text(out, over->items[i]);
      }
      return out;
    }
    Value* const built = values_.copy(Value{});
    built->built = true;
    built->origins = values_.deep_origins(over);
    return built;
  }
  if (method == "format" || method == "formatted" || method == "Format") {
    return formatted(receiver, arguments, 0);
  }
  for (const Argument& argument : arguments) {
    if (!argument.value->is_literal()) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace testgen::scan
