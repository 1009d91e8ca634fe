// Calls: the rules are asked, then what the call gives back is worked out, from the file's own
// functions, containers, the models, or else from what goes in.
#include <algorithm>
#include <array>

#include "base/strings.h"
#include "scan/taint/interpreter.h"

namespace testgen::scan {

using ir::Id;
using ir::kNone;
using ir::Op;

namespace {

template <std::size_t N>
bool one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 14> kLists{
    "list", "set",   "deque",   "ArrayList", "LinkedList", "Vector", "Stack",
    "List", "Array", "HashSet", "frozenset", "tuple",      "Set",    "ArrayDeque"};
constexpr std::array<std::string_view, 12> kMaps{
    "dict",      "OrderedDict", "defaultdict",       "HashMap",    "LinkedHashMap", "TreeMap",
    "Hashtable", "Map",         "ConcurrentHashMap", "Dictionary", "Properties",    "Object"};
constexpr std::array<std::string_view, 4> kBuilders{"StringBuilder", "StringBuffer", "StringIO",
                                                    "StringWriter"};
// What these do to a receiver nobody knows: it takes the argument in.
constexpr std::array<std::string_view, 22> kTakesIn{
    "append",      "add",        "addAll",     "push",     "put",     "set",
    "setProperty", "insert",     "extend",     "update",   "write",   "writeString",
    "WriteString", "Append",     "Add",        "push_str", "unshift", "addElement",
    "offer",       "appendleft", "AppendLine", "Write"};

bool is_pass_method(std::string_view name) {
  static constexpr std::array<std::string_view, 58> kNames{
      "strip",       "lstrip",    "rstrip",   "lower",      "upper",       "title",   "capitalize",
      "replace",     "split",     "rsplit",   "splitlines", "encode",      "decode",  "format",
      "join",        "trim",      "toString", "substring",  "substr",      "slice",   "toLowerCase",
      "toUpperCase", "concat",    "get",      "getlist",    "items",       "values",  "keys",
      "read",        "readlines", "readline", "pop",        "nextElement", "next",    "getBytes",
      "toCharArray", "charAt",    "padStart", "padEnd",     "map",         "filter",  "first",
      "ToString",    "Trim",      "ToLower",  "ToUpper",    "Substring",   "Replace", "Split",
      "valueOf",     "elements",  "iterator", "stream",     "remove",      "intern",  "Get",
      "to_string",   "as_str"};
  return one_of(name, kNames);
}

}  // namespace

Arguments Interpreter::evaluate_arguments(Id id) {
  const ir::Node& node = module_[id];
  Arguments out;
  for (std::uint32_t i = 1; i < node.count; ++i) {
    const Id kid = module_.kids[node.kids + i];
    const ir::Node& argument = module_[kid];
    const Ref value = evaluate(kid);
    out.push_back({argument.op == Op::KeyArg ? argument.text : std::string_view(), value,
                   argument.op == Op::KeyArg ? module_.kid(kid, 0) : kid,
                   argument.op == Op::Spread});
    if (argument.op == Op::KeyArg && !rules_.keys.empty()) check_key(argument.text, value, kid);
  }
  return out;
}

Ref Interpreter::evaluate_call(Id id) {
  const Id callee_node = module_.kid(id, 0);
  const bool is_new = module_[id].op == Op::New;
  Ref receiver = nullptr;
  Id receiver_node = kNone;
  Ref callee = nullptr;
  if (module_[callee_node].op == Op::Member) {
    receiver_node = module_.kid(callee_node, 0);
    receiver = evaluate(receiver_node);
    callee = member(receiver, module_[callee_node].text, callee_node);
  } else {
    callee = evaluate(callee_node);
  }
  const Arguments arguments = evaluate_arguments(id);
  std::string made;
  std::string_view path;
  const bool named_thing = callee->kind == Value::Kind::Thing &&
                           (receiver == nullptr || !callee->text.starts_with("?."));
  if (named_thing) {
    path = callee->text;
  } else if (receiver != nullptr && callee->kind != Value::Kind::Function) {
    switch (receiver->kind) {
      case Value::Kind::String:
      case Value::Kind::OneOf:
      case Value::Kind::Literal:
        made = "str.";
        break;
      case Value::Kind::List:
        made = "list.";
        break;
      case Value::Kind::Map:
        made = "dict.";
        break;
      default:
        made = "?.";
    }
    made += module_[callee_node].text;
    path = values_.keep(made);
  }
  if (callee->kind == Value::Kind::Function) {
    const Ref self = callee->rest != nullptr ? callee->rest : receiver;
    std::uint32_t index = callee->index;
    const ir::Function& function = module_.functions[index];
    if (function.owner != kNone) {
      // Overloads: the one with as many parameters.
      index = std::min(method_of(function.owner, function.name, arguments.size()),
                       static_cast<std::uint32_t>(module_.functions.size() - 1));
    }
    return call_function(index, self, arguments, id);
  }
  if (callee->kind == Value::Kind::Thing && callee->index != kNone) {
    // An object of one of the file's own classes.
    const ir::Class& type = module_.classes[callee->index];
    Value* const object = values_.copy(*values_.thing(type.name));
    object->index = callee->index;
    object->instance = true;
    for (const std::string_view name :
         {std::string_view("__init__"), std::string_view("constructor"), type.name}) {
      const std::uint32_t constructor = method_of(callee->index, name, arguments.size());
      if (constructor == kNone || arguments.empty()) continue;
      const Ref made_by = call_function(constructor, object, arguments, id);
      (void)made_by;
      break;
    }
    return object;
  }
  if (!path.empty()) {
    check_call(path, receiver, arguments, id);
    apply_effects(path, receiver, arguments, id);
  }
  const Ref out = call_result(id, path, callee, receiver, receiver_node, arguments);
  if (!path.empty() && rules_.exits.matches(path)) frame_->here.alive = false;
  if (is_new && out->kind == Value::Kind::Thing && out->text.ends_with("()")) {
    Ref type = named(out->text.substr(0, out->text.size() - 2), nullptr, kNone);
    if (out->origins != nullptr || out->facts != 0) {
      Value* const copied = values_.copy(*type);
      copied->origins = out->origins;
      copied->facts = out->facts;
      type = copied;
    }
    return type;
  }
  return out;
}

std::uint32_t Interpreter::method_of(std::uint32_t owner, std::string_view name,
                                     std::size_t arguments) const {
  std::uint32_t any = kNone;
  for (const std::uint32_t method : module_.classes[owner].methods) {
    const ir::Function& function = module_.functions[method];
    if (function.name != name) continue;
    std::size_t wanted = function.parameters.size();
    if (module_.language == Language::Python && !function.is_static && wanted > 0) --wanted;
    if (wanted == arguments) return method;
    if (any == kNone) any = method;
  }
  return any;
}

Ref Interpreter::call_result(Id id, std::string_view path, Ref callee, Ref receiver,
                             Id receiver_node, const Arguments& arguments) {
  const std::string_view method = last_part(path);
  // Facts first: "setFeature" says something of its receiver.
  if (!path.empty() && !rules_.facts.empty()) {
    std::uint64_t on_receiver = 0;
    rules_.facts.visit(path, [&](const Model::Fact* fact) {
      if (!fact->on_result && !fact->argument && holds(fact->when, receiver, arguments)) {
        on_receiver |= std::uint64_t{1} << fact->fact;
      }
    });
    if (on_receiver != 0 && receiver != nullptr && receiver_node != kNone) {
      Value* const marked = values_.copy(*receiver);
      marked->facts |= on_receiver;
      store(receiver_node, marked);
      receiver = marked;
    }
  }
  if (const auto made = text_function(path, arguments)) return *made;
  if (receiver != nullptr) {
    if (const auto kept = boxed(method, receiver, receiver_node, arguments)) return *kept;
    if (const auto kept = container_method(method, receiver, receiver_node, arguments, id)) {
      return *kept;
    }
    if (const auto folded = text_method(method, receiver, arguments)) return *folded;
  } else if (const bool plain = path.find('.') == std::string_view::npos ||
                                module_[id].op == Op::New || path.starts_with("collections.") ||
                                path.starts_with("io.");
             plain) {
    if (one_of(method, kLists)) {
      if (arguments.empty()) return values_.list({});
      if (arguments.size() == 1 && arguments[0].value->kind == Value::Kind::List) {
        return arguments[0].value;
      }
    }
    if (one_of(method, kMaps) && arguments.empty()) {
      Value* const out = values_.copy(Value{});
      out->kind = Value::Kind::Map;
      return out;
    }
    if (one_of(method, kBuilders) &&
        (module_[id].op == Op::New || module_.language == Language::Python)) {
      return arguments.empty() || arguments[0].value->kind == Value::Kind::Number
                 ? values_.string({})
                 : arguments[0].value;
    }
    if (path == "str" && arguments.size() == 1) return arguments[0].value;
    if (path == "len" && arguments.size() == 1) {
      const Ref of = arguments[0].value;
      if (of->kind == Value::Kind::String)
        return values_.number(static_cast<double>(of->text.size()));
      if (of->kind == Value::Kind::List && of->rest == nullptr) {
        return values_.number(static_cast<double>(of->items.size()));
      }
      return values_.unknown();
    }
  }

  // What comes out is as dangerous as what goes in.
  const Origin* origins = receiver == nullptr ? callee->origins : values_.deep_origins(receiver);
  const bool of_text = receiver != nullptr && is_pass_method(method);
  const Origin* inputs = nullptr;
  bool literal = receiver == nullptr || receiver->is_literal();
  for (const Argument& argument : arguments) {
    inputs = values_.join(inputs, values_.deep_origins(argument.value));
    literal = literal && argument.value->is_literal();
    if (argument.value->kind == Value::Kind::Function) call_back(argument.value, receiver);
    // Whoever is handed the whole request gives back parts of it.
    if (argument.value->kind == Value::Kind::Thing && argument.value->origins == nullptr) {
      rules_.carriers.visit(argument.value->text, [&](const Model::Source* row) {
        Origin* const origin = values_.copy(Origin{});
        origin->root = std::hash<std::string_view>{}(argument.value->text);
        origin->source = row;
        origin->step =
            values_.step(module_[id].start, module_[id].end, argument.value->text, nullptr);
        inputs = values_.join(inputs, origin);
      });
    }
  }
  const bool known = of_text || rules_.pass.matches(path);
  // A key that something is looked up by does not make what is found dangerous.
  if (of_text && (method == "get" || method == "Get" || method == "pop")) inputs = nullptr;
  if (inputs != nullptr && receiver_node != kNone && one_of(method, kTakesIn) &&
      receiver->kind != Value::Kind::String && !rules_.sanitizers.matches(path)) {
    store(receiver_node, values_.with_origins(receiver, values_.join(receiver->origins, inputs)));
  }
  const bool had_inputs = inputs != nullptr;
  if (!known) inputs = values_.guessed(inputs);
  // request.args.get("name") is another input than .get("other").
  if (origins != nullptr && !arguments.empty() && arguments[0].value->kind == Value::Kind::String &&
      receiver != nullptr && receiver->kind == Value::Kind::Thing &&
      source_of_.contains(receiver->text)) {
    origins = values_.refined(origins, arguments[0].value->text);
  }
  origins = values_.join(origins, inputs);

  // A builder's methods give the builder back.
  std::uint64_t facts = known && receiver != nullptr ? receiver->facts : 0;
  if (!path.empty()) {
    rules_.facts.visit(path, [&](const Model::Fact* fact) {
      if (fact->on_result && holds(fact->when, receiver, arguments)) {
        facts |= std::uint64_t{1} << fact->fact;
      }
    });
    bool clean = rules_.clean.matches(path);
    Kinds safe = 0;
    rules_.sanitizers.visit(path, [&](const Model::Sanitizer* row) {
      if (holds(row->when, receiver, arguments)) safe |= row->kinds;
    });
    if (clean || safe == kAllKinds) origins = nullptr;
    if (safe != 0) origins = values_.without(origins, safe);
    if (clean) return values_.unknown();
  }
  if (origins != nullptr && had_inputs) {
    origins = values_.add_step(origins, module_[id].start, module_[id].end, method);
  }
  if (literal && known && !path.empty() && origins == nullptr) return values_.literal();
  if (path.empty()) return values_.unknown_with(origins);
  std::string result(path);
  rules_.types.visit(path, [&](const Model::Type* row) { result = row->is; });
  if (result == path) result += "()";
  Ref out = named(result, nullptr, id);
  // A source by itself is no part of what it was asked with.
  if (out->origins != nullptr) origins = nullptr;
  if (origins != nullptr || facts != 0) {
    Value* const copied = values_.copy(*out);
    copied->origins = values_.join(out->origins, origins);
    copied->facts |= facts;
    // A text made from input is a text, whatever made it.
    if (known && of_text) copied->kind = Value::Kind::Unknown, copied->text = {};
    out = copied;
  }
  return out;
}

// Objects that keep what is put into them under constant keys: configparser, sessions…
std::optional<Ref> Interpreter::boxed(std::string_view method, Ref receiver, Id receiver_node,
                                      const Arguments& arguments) {
  if (receiver->kind != Value::Kind::Thing || rules_.boxes.empty()) return std::nullopt;
  const Model::Box* box = nullptr;
  rules_.boxes.visit(receiver->text, [&](const Model::Box* row) { box = row; });
  if (box == nullptr) return std::nullopt;
  const auto key_of = [&](const std::vector<int>& positions) -> Ref {
    std::string key;
    for (const int position : positions) {
      const auto at = static_cast<std::size_t>(position);
      if (at >= arguments.size() || !arguments[at].value->is_scalar()) return values_.unknown();
      key += std::string(arguments[at].value->text) + '\x1f';
    }
    return values_.kept_string(std::move(key));
  };
  const auto among = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), method) != names.end();
  };
  if (among(box->put) && arguments.size() > static_cast<std::size_t>(box->put_value)) {
    const Ref value = arguments[static_cast<std::size_t>(box->put_value)].value;
    store(receiver_node, values_.with_entry(receiver, key_of(box->put_keys), value));
    return values_.null();
  }
  if (among(box->get)) {
    const Ref key = key_of(box->get_keys);
    for (std::size_t i = 0; i + 1 < receiver->entries.size(); i += 2) {
      if (same_literal(*receiver->entries[i], *key)) return receiver->entries[i + 1];
    }
    return values_.unknown_with(key->is_scalar() && receiver->rest == nullptr
                                    ? receiver->origins
                                    : values_.deep_origins(receiver));
  }
  return std::nullopt;
}

std::optional<Ref> Interpreter::container_method(std::string_view method, Ref receiver,
                                                 Id receiver_node, const Arguments& arguments,
                                                 Id at) {
  const bool list = receiver->kind == Value::Kind::List;
  const bool map = receiver->kind == Value::Kind::Map;
  const std::size_t count = arguments.size();
  const auto update = [&](Value changed) { store(receiver_node, values_.copy(changed)); };
  if (list) {
    std::vector<Ref> items(receiver->items.begin(), receiver->items.end());
    Value changed = *receiver;
    if (one_of(method, std::array<std::string_view, 8>{"append", "add", "push", "addElement",
                                                       "addLast", "Add", "offer", "push_back"}) &&
        count >= 1) {
      if (count == 2 && arguments[0].value->kind == Value::Kind::Number) {
        const auto index = std::min(
            items.size(), static_cast<std::size_t>(std::max(0.0, arguments[0].value->number)));
        items.insert(items.begin() + static_cast<std::ptrdiff_t>(index), arguments[1].value);
      } else {
        for (const Argument& argument : arguments) items.push_back(argument.value);
      }
      const Ref rebuilt = values_.list(items);
      changed.items = rebuilt->items;
      changed.rest = values_.join(receiver->rest, rebuilt->rest);
      update(changed);
      return values_.unknown();
    }
    if (one_of(method,
               std::array<std::string_view, 4>{"insert", "unshift", "addFirst", "appendleft"})) {
      const bool indexed = method == "insert" && count == 2;
      std::size_t index = 0;
      if (indexed && arguments[0].value->kind == Value::Kind::Number) {
        index = std::min(items.size(),
                         static_cast<std::size_t>(std::max(0.0, arguments[0].value->number)));
      }
      if (count > 0) {
        items.insert(items.begin() + static_cast<std::ptrdiff_t>(index),
                     arguments[count - 1].value);
      }
      changed.items = values_.copy(std::span<const Ref>(items));
      update(changed);
      return values_.unknown();
    }
    if (one_of(method, std::array<std::string_view, 5>{"extend", "addAll", "update", "AddRange",
                                                       "concat"}) &&
        count == 1) {
      const Ref other = arguments[0].value;
      if (other->kind == Value::Kind::List) {
        items.insert(items.end(), other->items.begin(), other->items.end());
        changed.items = values_.copy(std::span<const Ref>(items));
        changed.rest = values_.join(receiver->rest, other->rest);
      } else {
        changed.rest = values_.join(receiver->rest, any_element(other, at));
      }
      if (method != "concat") update(changed);
      return values_.copy(changed);
    }
    const bool takes =
        one_of(method, std::array<std::string_view, 7>{"pop", "remove", "shift", "removeFirst",
                                                       "popleft", "poll", "RemoveAt"});
    if (takes && (count == 0 || (count == 1 && arguments[0].value->kind == Value::Kind::Number))) {
      if (items.empty() || receiver->rest != nullptr) return any_element(receiver, at);
      const bool first = method == "shift" || method == "removeFirst" || method == "popleft" ||
                         method == "poll" || (method == "remove" && count == 0);
      double index = count == 1 ? arguments[0].value->number
                     : first    ? 0.0
                                : static_cast<double>(items.size()) - 1;
      if (index < 0) index += static_cast<double>(items.size());
      if (index < 0 || index >= static_cast<double>(items.size())) return values_.unknown();
      const auto where = static_cast<std::size_t>(index);
      const Ref taken = items[where];
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(where));
      changed.items = values_.copy(std::span<const Ref>(items));
      update(changed);
      return taken;
    }
    if (one_of(method, std::array<std::string_view, 5>{"get", "at", "elementAt", "ElementAt",
                                                       "getFirst"}) &&
        count <= 1) {
      return element(receiver, count == 1 ? arguments[0].value : values_.number(0), at);
    }
    if (method == "clear") {
      update(*values_.list({}));
      return values_.null();
    }
    if (method == "join") {
      const Origin* const origins = values_.deep_origins(receiver);
      Value* const out = values_.copy(Value{});
      out->origins = origins;
      out->built = true;
      return out;
    }
    return std::nullopt;
  }
  if (map) {
    if (one_of(method,
               std::array<std::string_view, 5>{"put", "set", "setdefault", "Add", "setProperty"}) &&
        count == 2) {
      store(receiver_node, values_.with_entry(receiver, arguments[0].value, arguments[1].value));
      return arguments[1].value;
    }
    if (one_of(method, std::array<std::string_view, 5>{"get", "pop", "getOrDefault", "remove",
                                                       "getProperty"}) &&
        count >= 1) {
      const Ref found = element(receiver, arguments[0].value, at);
      if (count < 2) return found;
      for (std::size_t i = 0; i + 1 < receiver->entries.size(); i += 2) {
        if (same_literal(*receiver->entries[i], *arguments[0].value)) return found;
      }
      return values_.join(found, arguments[1].value);
    }
    if ((method == "update" || method == "putAll") && count == 1) {
      const Ref other = arguments[0].value;
      Ref merged = receiver;
      for (std::size_t i = 0; i + 1 < other->entries.size(); i += 2) {
        merged = values_.with_entry(merged, other->entries[i], other->entries[i + 1]);
      }
      Value changed = *merged;
      if (other->kind != Value::Kind::Map) {
        changed.rest = values_.join(changed.rest, any_element(other, at));
      }
      update(changed);
      return values_.null();
    }
    return std::nullopt;
  }
  // Text that is built up in place.
  const bool text = receiver->kind == Value::Kind::String ||
                    receiver->kind == Value::Kind::Literal ||
                    (receiver->kind == Value::Kind::Unknown && receiver->built);
  if (text && (method == "append" || method == "Append" || method == "write") && count >= 1) {
    const Ref longer = joined_text(receiver, arguments[0].value);
    store(receiver_node, longer);
    return longer;
  }
  return std::nullopt;
}

// A function handed to a call: what it is called on may reach its first parameter.
void Interpreter::call_back(Ref function, Ref receiver) {
  if (receiver == nullptr || frame_->depth >= 3) return;
  const Origin* const origins = values_.deep_origins(receiver);
  if (origins == nullptr) return;
  const Arguments arguments{{{}, values_.unknown_with(origins), kNone, false}};
  if (function->index >= module_.functions.size()) return;
  const Ref result = call_function(function->index, nullptr, arguments, module_.body);
  (void)result;
}

}  // namespace testgen::scan
