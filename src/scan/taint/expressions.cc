// Expressions: literals are folded, names and members become dotted names, input is carried along.
#include <charconv>
#include <cmath>

#include "base/strings.h"
#include "scan/taint/interpreter.h"

namespace testgen::scan {

using ir::Id;
using ir::kNone;
using ir::Op;

namespace {

constexpr std::size_t kMaxPath = 200;
constexpr std::size_t kMaxText = 4096;  // of folded texts
constexpr int kMaxEvaluation = 900;

double parse_number(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    if (c != '_') clean += c;
  }
  if (clean.size() > 2 && clean[0] == '0' && (clean[1] == 'x' || clean[1] == 'X')) {
    return static_cast<double>(std::strtoull(clean.c_str() + 2, nullptr, 16));
  }
  if (clean.size() > 2 && clean[0] == '0' && (clean[1] == 'o' || clean[1] == 'b')) {
    return static_cast<double>(std::strtoull(clean.c_str() + 2, nullptr, clean[1] == 'o' ? 8 : 2));
  }
  if (clean.size() > 1 && clean[0] == '0' &&
      clean.find_first_not_of("01234567") == std::string::npos) {
    return static_cast<double>(std::strtoull(clean.c_str(), nullptr, 8));
  }
  return std::strtod(clean.c_str(), nullptr);
}

}  // namespace

Ref Interpreter::evaluate(Id id) {
  if (id == kNone) return values_.unknown();
  if (--fuel_ < 0 || depth_ > kMaxEvaluation) return values_.unknown();
  const ir::Node& node = module_[id];
  ++depth_;
  Ref out = values_.unknown();
  switch (node.op) {
    case Op::Unknown: {
      const Origin* origins = nullptr;
      for (std::uint32_t i = 0; i < node.count; ++i) {
        const Id kid = module_.kids[node.kids + i];
        if (module_[kid].op >= Op::Block) {
          execute(kid);
        } else {
          origins = values_.join(origins, values_.deep_origins(evaluate(kid)));
        }
      }
      out = values_.unknown_with(origins);
      break;
    }
    case Op::String:
      out = values_.string(node.text);
      break;
    case Op::Number:
      out = values_.number(parse_number(node.text), node.text);
      break;
    case Op::True:
    case Op::False:
      out = values_.boolean(node.op == Op::True);
      break;
    case Op::Null:
      out = values_.null();
      break;
    case Op::Name:
      out = evaluate_name(id);
      break;
    case Op::Global:
      out = named(node.text, nullptr, id);
      break;
    case Op::Member:
      out = member(evaluate(module_.kid(id, 0)), node.text, id);
      break;
    case Op::Index: {
      const Ref object = evaluate(module_.kid(id, 0));
      out = element(object, evaluate(module_.kid(id, 1)), id);
      break;
    }
    case Op::Slice: {
      const Ref object = evaluate(module_.kid(id, 0));
      const Ref low = evaluate(module_.kid(id, 1));
      out = slice(object, low, evaluate(module_.kid(id, 2)));
      break;
    }
    case Op::Call:
    case Op::New:
      out = evaluate_call(id);
      break;
    case Op::KeyArg:
    case Op::Spread:
      out = evaluate(module_.kid(id, 0));
      break;
    case Op::Binary: {
      const Ref left = evaluate(module_.kid(id, 0));
      out = binary(node.text, left, evaluate(module_.kid(id, 1)));
      break;
    }
    case Op::Compare: {
      const Ref left = evaluate(module_.kid(id, 0));
      const Ref right = evaluate(module_.kid(id, 1));
      if (!rules_.compares.empty() && (node.text == "==" || node.text == "!=")) {
        const Arguments both{{{}, left, module_.kid(id, 0), false},
                             {{}, right, module_.kid(id, 1), false}};
        for (const Ref side : {left, right}) {
          if (side->kind != Value::Kind::Thing) continue;
          rules_.compares.visit(side->text, [&](const Hit& hit) {
            if (holds(hit.finder->when, left, both)) report(hit, id, nullptr);
          });
        }
      }
      const std::optional<bool> known = compare(node.text, left, right);
      out = known ? values_.boolean(*known) : values_.unknown();
      break;
    }
    case Op::And:
    case Op::Or:
      out = evaluate_logic(id);
      break;
    case Op::Not: {
      const std::optional<bool> known = truth(evaluate(module_.kid(id, 0)));
      out = known ? values_.boolean(!*known) : values_.unknown();
      break;
    }
    case Op::Negate: {
      const Ref of = evaluate(module_.kid(id, 0));
      if (of->kind == Value::Kind::Number) out = values_.number(-of->number);
      break;
    }
    case Op::Choice:
      out = evaluate_choice(id);
      break;
    case Op::Concat:
      out = concatenate(id);
      break;
    case Op::List: {
      std::vector<Ref> items;
      Ref rest = nullptr;
      for (std::uint32_t i = 0; i < node.count; ++i) {
        const Id kid = module_.kids[node.kids + i];
        const Ref item = evaluate(kid);
        if (module_[kid].op == Op::Spread) {
          if (item->kind == Value::Kind::List && item->rest == nullptr) {
            items.insert(items.end(), item->items.begin(), item->items.end());
          } else {
            rest = values_.join(rest, any_element(item, kid));
          }
        } else {
          items.push_back(item);
        }
      }
      out = values_.list(items);
      if (rest != nullptr) {
        Value* const open = values_.copy(*out);
        open->rest = values_.join(open->rest, rest);
        out = open;
      }
      break;
    }
    case Op::Map:
      out = evaluate_map(id);
      break;
    case Op::Pair:
      evaluate(module_.kid(id, 0));
      out = evaluate(module_.kid(id, 1));
      break;
    case Op::Function: {
      if (!quiet_) frame_->pending.push_back(node.number);
      out = values_.function(node.number);
      break;
    }
    case Op::Typed: {
      const Ref of = evaluate(module_.kid(id, 0));
      out = typed(node.text, of);
      break;
    }
    case Op::Each:
      out = evaluate_each(id);
      break;
    case Op::Assign: {
      const Id target = module_.kid(id, 0);
      Ref value = evaluate(module_.kid(id, 1));
      if (!node.text.empty() && node.text != "import") {
        const Ref old = evaluate(target);
        value = node.text == "??" || node.text == "||" ? values_.join(old, value)
                                                       : binary(node.text, old, value);
      }
      assign(target, value, id);
      out = value;
      break;
    }
    default:
      execute(id);
      break;
  }
  --depth_;
  return out;
}

Ref Interpreter::look_up(std::uint32_t symbol) {
  for (const Frame* frame = frame_; frame != nullptr; frame = frame->outer) {
    if (const Ref found = frame->here.get(symbol)) return found;
  }
  return nullptr;
}

Ref Interpreter::evaluate_name(Id id) {
  const ir::Node& node = module_[id];
  Ref found = look_up(node.number);
  if (found == nullptr) {
    // A field or method of the class around, where a language lets them stand alone.
    if (module_.language != Language::Python) {
      for (const Frame* frame = frame_; frame != nullptr; frame = frame->outer) {
        if (frame->owner == kNone) continue;
        const auto field = fields_[frame->owner].find(node.text);
        if (field != fields_[frame->owner].end()) {
          found = field->second;
          break;
        }
      }
    }
    if (found == nullptr) {
      if (const auto known = class_names_.find(node.text); known != class_names_.end()) {
        Value* const type = values_.copy(*values_.thing(node.text));
        type->index = known->second;
        return type;
      }
      return named(node.text, nullptr, id);
    }
  }
  if (found->kind == Value::Kind::Thing && !rules_.names.empty()) check_name(found->text, id);
  return found;
}

// The thing of that name. `from` is what it is part of: its input is ours.
Ref Interpreter::named(std::string_view path, Ref from, Id at) {
  if (path.size() > kMaxPath) {
    return from == nullptr ? values_.unknown() : values_.unknown_with(from->origins);
  }
  auto found = things_.find(std::string(path));
  if (found == things_.end()) {
    const std::string_view kept = values_.keep(path);
    const Model::Source* source = nullptr;
    rules_.sources.visit(kept, [&](const Model::Source* row) { source = row; });
    found = things_.emplace(std::string(path), values_.thing(kept)).first;
    if (source != nullptr) source_of_.emplace(kept, source);
  }
  Ref out = found->second;
  if (from != nullptr && from->origins != nullptr) out = values_.with_origins(out, from->origins);
  if (at == kNone) return out;
  if (!rules_.names.empty()) check_name(out->text, at);
  if (out->origins == nullptr) {
    if (const auto source = source_of_.find(out->text); source != source_of_.end()) {
      Origin* const origin = values_.copy(Origin{});
      origin->root = std::hash<std::string_view>{}(out->text);
      origin->kinds = source->second->kinds;
      origin->source = source->second;
      origin->step = values_.step(module_[at].start, module_[at].end, out->text, nullptr);
      out = values_.with_origins(out, origin);
    }
  }
  return out;
}

Ref Interpreter::member(Ref object, std::string_view name, Id at) {
  if (object->index != kNone && object->kind == Value::Kind::Thing) {
    const auto& fields = fields_[object->index];
    if (const auto field = fields.find(name); field != fields.end()) return field->second;
    for (const std::uint32_t method : module_.classes[object->index].methods) {
      if (module_.functions[method].name == name) {
        Value* const bound = values_.copy(*values_.function(method));
        bound->rest = object;  // whose method it is
        return bound;
      }
    }
  }
  for (std::size_t i = 0; i + 1 < object->entries.size(); i += 2) {
    if (object->entries[i]->kind == Value::Kind::String && object->entries[i]->text == name) {
      return object->entries[i + 1];
    }
  }
  if (object->kind == Value::Kind::Map) {
    return object->rest != nullptr ? object->rest : values_.unknown_with(object->origins);
  }
  if (object->kind == Value::Kind::Thing) {
    std::string path(object->text);
    path += '.';
    path += name;
    Ref out = named(path, object, at);
    if (object->origins != nullptr && source_of_.contains(object->text)) {
      out = values_.with_origins(out, values_.refined(object->origins, name));
    }
    return out;
  }
  std::string path = "?.";
  path += name;
  if (at != kNone && !rules_.names.empty()) check_name(path, at);
  if (object->origins == nullptr) return named(path, nullptr, kNone);
  return values_.unknown_with(object->origins);
}

Ref Interpreter::any_element(Ref object, Id) {
  if (object->kind == Value::Kind::Thing) {
    std::string path(object->text);
    path += "[]";
    return named(path, object, kNone);
  }
  Ref out = object->rest;
  for (const Ref item : object->items) out = values_.join(out, item);
  if (object->kind == Value::Kind::Map || out == nullptr) {
    return values_.unknown_with(values_.deep_origins(object));
  }
  if (object->origins == nullptr) return out;
  return values_.with_origins(out, values_.join(out->origins, object->origins));
}

Ref Interpreter::element(Ref object, Ref key, Id at) {
  if (key->is_scalar()) {
    for (std::size_t i = 0; i + 1 < object->entries.size(); i += 2) {
      if (same_literal(*object->entries[i], *key)) return object->entries[i + 1];
    }
    if (key->kind == Value::Kind::Number && object->rest == nullptr) {
      double at_index = key->number;
      const auto size = static_cast<double>(
          object->kind == Value::Kind::String ? object->text.size() : object->items.size());
      if (at_index < 0) at_index += size;
      if (at_index >= 0 && at_index < size) {
        const auto i = static_cast<std::size_t>(at_index);
        if (object->kind == Value::Kind::List) return object->items[i];
        if (object->kind == Value::Kind::String) return values_.string(object->text.substr(i, 1));
      }
    }
  }
  switch (object->kind) {
    case Value::Kind::Thing: {
      std::string path(object->text);
      path += "[]";
      Ref out = named(path, object, at);
      if (object->rest != nullptr) {
        out = values_.with_origins(out, values_.join(out->origins, object->rest->origins));
      }
      if (out->origins != nullptr && key->kind == Value::Kind::String &&
          source_of_.contains(object->text)) {
        out = values_.with_origins(out, values_.refined(out->origins, key->text));
      }
      return out;
    }
    case Value::Kind::List:
      return any_element(object, at);
    case Value::Kind::Map:
      if (key->is_scalar() && object->rest == nullptr) {
        return values_.unknown_with(object->origins);
      }
      return values_.unknown_with(values_.deep_origins(object));
    case Value::Kind::String:
    case Value::Kind::Literal:
    case Value::Kind::OneOf:
      return values_.literal();
    default:
      return values_.unknown_with(object->origins);
  }
}

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

Ref Interpreter::evaluate_map(Id id) {
  const ir::Node& node = module_[id];
  Value* empty = values_.copy(Value{});
  empty->kind = Value::Kind::Map;
  Ref out = empty;
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const Id kid = module_.kids[node.kids + i];
    if (module_[kid].op != Op::Pair) {
      const Ref other = evaluate(kid);
      Value* const merged = values_.copy(*out);
      merged->rest = values_.join(merged->rest, any_element(other, kid));
      out = merged;
      continue;
    }
    const Ref key = evaluate(module_.kid(kid, 0));
    const Ref value = evaluate(module_.kid(kid, 1));
    if (key->kind == Value::Kind::String && !rules_.keys.empty()) {
      check_key(key->text, value, kid);
    }
    out = values_.with_entry(out, key, value);
  }
  return out;
}

Ref Interpreter::evaluate_choice(Id id) {
  const std::optional<bool> known = truth(evaluate(module_.kid(id, 0)));
  if (known) return evaluate(module_.kid(id, *known ? 1 : 2));
  const Environment before = frame_->here;
  assume(module_.kid(id, 0), true);
  const Ref then = evaluate(module_.kid(id, 1));
  Environment after = std::exchange(frame_->here, before);
  assume(module_.kid(id, 0), false);
  const Ref otherwise = evaluate(module_.kid(id, 2));
  frame_->here.merge(after, values_);
  return values_.join(then, otherwise);
}

Ref Interpreter::evaluate_logic(Id id) {
  const ir::Node& node = module_[id];
  const bool is_and = node.op == Op::And;
  const Environment before = frame_->here;
  Ref out = nullptr;
  bool open = false;
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const Id kid = module_.kids[node.kids + i];
    const Ref value = evaluate(kid);
    const std::optional<bool> known = truth(value);
    out = out == nullptr || !open ? value : values_.join(out, value);
    if (known && *known != is_and) {
      if (!open) out = value;
      break;
    }
    if (!known) open = true;
    if (i + 1 < node.count) assume(kid, is_and);
  }
  // What the left side says holds only while the right one is evaluated.
  if (open) {
    frame_->here = before;
    const bool all_tests = node.count > 0;
    if (all_tests && truth(out)) return values_.unknown_with(values_.deep_origins(out));
  }
  return out == nullptr ? values_.unknown() : out;
}

Ref Interpreter::evaluate_each(Id id) {
  const Ref over = evaluate(module_.kid(id, 1));
  assign(module_.kid(id, 0), any_element(over, id), id);
  const Ref item = evaluate(module_.kid(id, 2));
  Value* const out = values_.copy(Value{});
  out->kind = Value::Kind::List;
  out->rest = item;
  return out;
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

Ref Interpreter::typed(std::string_view type, Ref value) {
  const std::string_view whole = resolve_type(type);
  static constexpr std::string_view kNumbers[] = {
      "int",     "long",    "short",  "byte",  "double", "float",     "boolean", "bool",
      "Integer", "Long",    "Double", "Float", "Short",  "Byte",      "Boolean", "uint",
      "ulong",   "decimal", "int64",  "int32", "uint64", "i32",       "i64",     "u32",
      "u64",     "usize",   "number", "Guid",  "UUID",   "LocalDate", "DateTime"};
  const bool list = type.find('[') != std::string_view::npos;
  if (list && value->kind != Value::Kind::Thing) return value;
  for (const std::string_view number : kNumbers) {
    if (!list && whole == number) return value->is_literal() ? value : values_.unknown();
  }
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
