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
      if (node.flag == 1 && node.count == 1) {
        out = evaluate(module_.kid(id, 0));
        if (out->is_literal()) out = values_.unknown_with(values_.deep_origins(out));
        break;
      }
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
            if (fits(*hit.finder, left, both)) report(hit, id, nullptr);
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
      const bool handler = value->kind == Value::Kind::Function;  // added to an event
      if (!node.text.empty() && node.text != "import" && !handler) {
        const Ref old = evaluate(target);
        value = node.text == "??" || node.text == "||" ? values_.join(old, value)
                                                       : binary(node.text, old, value);
      }
      assign(target, value, id);
      out = value;
      break;
    }
    // Where a language lets statements stand for values.
    case Op::Block:
      for (std::uint32_t i = 0; i < node.count && frame_->here.alive; ++i) {
        const Id kid = module_.kids[node.kids + i];
        if (i + 1 == node.count) {
          out = evaluate(kid);
        } else {
          execute(kid);
        }
      }
      break;
    case Op::If:
      out = execute_if(id);
      break;
    case Op::Switch:
      out = execute_switch(id);
      break;
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

}  // namespace testgen::scan
