// Statements: branches are followed unless their condition is known, loops twice, and what holds
// at the end of each way is joined.
#include "scan/taint/interpreter.h"

namespace testgen::scan {

using ir::Id;
using ir::kNone;
using ir::Op;

namespace {
constexpr int kMaxCallDepth = 3;
constexpr int kMaxEvaluation = 900;  // nested evaluations, calls included
constexpr long kFuelPerNode = 40;
constexpr long kLeastFuel = 200'000;
}  // namespace

Interpreter::Interpreter(const RuleSet& rules, const ir::Module& module)
    : rules_(rules),
      module_(module),
      fuel_(kLeastFuel + kFuelPerNode * static_cast<long>(module.nodes.size())),
      done_(module.functions.size(), false),
      fields_(module.classes.size()) {
  for (std::uint32_t i = 0; i < module.classes.size(); ++i) {
    class_names_.try_emplace(module.classes[i].name, i);
  }
}

void Interpreter::run() {
  Frame top;
  frame_ = top_ = &top;
  for (const std::string_view name : module_.imports) {
    rules_.imports.visit(name, [&](const Hit& hit) { report(hit, module_.body, nullptr); });
  }
  execute(module_.body);
  run_pending(top);
  frame_ = top_ = nullptr;
}

void Interpreter::execute(Id id) {
  if (id == kNone || !frame_->here.alive || --fuel_ < 0) return;
  if (depth_ > kMaxEvaluation) return;
  ++depth_;
  const ir::Node& node = module_[id];
  switch (node.op) {
    case Op::Block:
      for (std::uint32_t i = 0; i < node.count; ++i) {
        const Id kid = module_.kids[node.kids + i];
        // A label: what is known is what was known last.
        if (module_[kid].op == Op::Block && module_[kid].flag == 1) enter_label();
        execute(kid);
      }
      break;
    case Op::If:
      (void)execute_if(id);
      break;
    case Op::Loop:
      execute_loop(id);
      break;
    case Op::Switch:
      (void)execute_switch(id);
      break;
    case Op::Try:
      execute_try(id);
      break;
    case Op::Return: {
      const Id of = module_.kid(id, 0);
      const Ref value = of == kNone ? values_.null() : evaluate(of);
      check_return(value, id);
      frame_->result = values_.join(frame_->result, value);
      frame_->here.alive = false;
      break;
    }
    case Op::Raise:
      for (std::uint32_t i = 0; i < node.count; ++i) evaluate(module_.kids[node.kids + i]);
      frame_->here.alive = false;
      break;
    case Op::Break:
      if (frame_->breaks != nullptr) frame_->breaks->merge(frame_->here, values_);
      frame_->here.alive = false;
      break;
    case Op::Continue:
      if (frame_->continues != nullptr) frame_->continues->merge(frame_->here, values_);
      frame_->here.alive = false;
      break;
    case Op::Class:
      execute_class(id);
      break;
    case Op::Case:
      break;  // the parts of a switch
    default:
      evaluate(id);
      break;
  }
  --depth_;
}

// Its value where branches have values.
Ref Interpreter::execute_body(Id id) {
  if (id == kNone || !frame_->here.alive) return nullptr;
  if (module_.language == Language::Rust) {
    const Ref value = evaluate(id);
    return frame_->here.alive ? value : nullptr;
  }
  execute(id);
  return nullptr;
}

// Execution may come from anywhere above: what was made true of a value on one way need not be on
// another.
void Interpreter::enter_label() {
  if (frame_->here.alive) return;
  frame_->here.alive = true;
  for (auto& [symbol, value] : frame_->here.variables) {
    if (value->facts == 0) continue;
    Value* const plain = values_.copy(*value);
    plain->facts = 0;
    value = plain;
  }
}

Ref Interpreter::execute_if(Id id) {
  const std::optional<bool> known = truth(evaluate(module_.kid(id, 0)));
  Ref out = nullptr;
  if (known) {
    out = execute_body(module_.kid(id, *known ? 1 : 2));
  } else {
    const Environment before = frame_->here;
    assume(module_.kid(id, 0), true);
    out = execute_body(module_.kid(id, 1));
    Environment then = std::move(frame_->here);
    frame_->here = before;
    assume(module_.kid(id, 0), false);
    out = values_.join(out, execute_body(module_.kid(id, 2)));
    frame_->here.merge(then, values_);
  }
  return out == nullptr ? values_.unknown() : out;
}

void Interpreter::execute_loop(Id id) {
  const bool iterates = module_[id].flag == 1;
  const Id target = module_.kid(id, 0);
  const Id over = module_.kid(id, 1);
  const Id body = module_.kid(id, 2);
  Environment out;
  out.alive = false;
  Environment again;
  Environment* const outer_breaks = std::exchange(frame_->breaks, &out);
  Environment* const outer_continues = std::exchange(frame_->continues, &again);
  for (int round = 0; round < 2 && frame_->here.alive; ++round) {
    const Ref value = evaluate(over);
    if (!iterates) {
      const std::optional<bool> known = truth(value);
      if (known && !*known) break;
      // `while True` is left by break alone.
      if (!known) {
        Environment left = frame_->here;
        std::swap(left, frame_->here);
        assume(over, false);
        std::swap(left, frame_->here);
        out.merge(left, values_);
        assume(over, true);
      } else if (round == 1) {
        out.merge(frame_->here, values_);  // whatever ends it in the end
      }
    } else {
      out.merge(frame_->here, values_);
      const bool empty = value->kind == Value::Kind::List && value->items.empty() &&
                         value->rest == nullptr && value->origins == nullptr;
      if (empty) {
        frame_->here.alive = false;
        break;
      }
      assign(target, any_element(value, over), over);
    }
    again.alive = false;
    execute(body);
    frame_->here.merge(again, values_);
  }
  frame_->breaks = outer_breaks;
  frame_->continues = outer_continues;
  frame_->here.merge(out, values_);
  execute(module_.kid(id, 3));
}

Ref Interpreter::execute_switch(Id id) {
  const ir::Node& node = module_[id];
  Ref value = nullptr;
  const Ref subject = evaluate(module_.kid(id, 0));
  Environment out;
  out.alive = false;
  Environment* const outer_breaks = std::exchange(frame_->breaks, &out);
  Environment through;  // what falls into the next case
  through.alive = false;
  bool decided = false;  // a case is known to be the one
  bool has_default = false;
  const Environment before = frame_->here;
  for (std::uint32_t i = 1; i < node.count; ++i) {
    const Id one = module_.kids[node.kids + i];
    const ir::Node& entry = module_[one];
    bool matches = entry.count <= 1;  // the default
    bool surely = matches;
    has_default = has_default || matches;
    for (std::uint32_t k = 1; k < entry.count; ++k) {
      const Ref pattern = evaluate(module_.kids[entry.kids + k]);
      const std::optional<bool> same = compare("==", subject, pattern);
      matches = matches || !same || *same;
      surely = surely || (same && *same);
    }
    // A default that stands before other cases is taken only when none of them is.
    const bool last_resort = entry.count <= 1 && i + 1 < node.count;
    frame_->here = before;
    frame_->here.alive = before.alive && matches && !decided;
    frame_->here.merge(through, values_);
    through.alive = false;
    value = values_.join(value, execute_body(module_.kid(one, 0)));
    if (entry.flag == 1) {
      through = frame_->here;
    } else {
      out.merge(frame_->here, values_);
    }
    if (matches && surely && !last_resort && subject->is_scalar()) decided = true;
  }
  out.merge(through, values_);
  if (!has_default && !decided) out.merge(before, values_);
  frame_->breaks = outer_breaks;
  frame_->here = std::move(out);
  return value == nullptr ? values_.unknown() : value;
}

void Interpreter::execute_try(Id id) {
  const ir::Node& node = module_[id];
  const Environment before = frame_->here;
  execute(module_.kid(id, 0));
  Environment out = frame_->here;
  Environment thrown = before;
  // The body may have thrown at its end, even when it never gets past it.
  Environment at_end = frame_->here;
  at_end.alive = true;
  thrown.merge(at_end, values_);
  for (std::uint32_t i = 2; i < node.count; ++i) {
    frame_->here = thrown;
    execute(module_.kids[node.kids + i]);
    out.merge(frame_->here, values_);
  }
  const Id last = module_.kid(id, 1);
  if (module_[last].op == Op::Block) {
    const bool alive = out.alive;
    if (!alive) out = thrown;
    frame_->here = std::move(out);
    execute(last);
    frame_->here.alive = frame_->here.alive && alive;
  } else {
    frame_->here = std::move(out);
  }
}

void Interpreter::execute_class(Id id) {
  const std::uint32_t index = module_[id].number;
  const ir::Class& made = module_.classes[index];
  for (const Id decorator : made.decorators) evaluate(decorator);
  check_decorators(made.decorators);
  Value* const type = values_.copy(*values_.thing(made.name));
  type->index = index;
  if (!made.name.empty()) {
    const std::uint32_t symbol = module_.symbol_of(made.name);
    if (symbol != kNone) frame_->here.set(symbol, type);
  }
  Frame inside;
  inside.owner = index;
  inside.outer = frame_;
  inside.caller = frame_;
  inside.depth = frame_->depth;
  frame_ = &inside;
  execute(made.body);
  frame_ = inside.outer;
  for (const auto& [symbol, value] : inside.here.variables) {
    if (symbol < module_.symbol_names.size()) {
      fields_[index].insert_or_assign(module_.symbol_names[symbol], value);
    }
  }
  // Methods see the names around the class; they run when all of those are known.
  frame_->pending_classes.push_back(index);
  for (const std::uint32_t function : inside.pending) {
    if (module_.functions[function].owner != index) frame_->pending.push_back(function);
  }
  for (const std::uint32_t other : inside.pending_classes) frame_->pending_classes.push_back(other);
}

void Interpreter::assign(Id target, Ref value, Id at) {
  if (target == kNone) return;
  const ir::Node& node = module_[target];
  if (node.op == Op::List) {
    std::uint32_t i = 0;
    for (; i < node.count; ++i) {
      const Id part = module_.kids[node.kids + i];
      const Ref item =
          value->kind == Value::Kind::List && i < value->items.size() && value->rest == nullptr
              ? value->items[i]
              : any_element(value, at);
      assign(part, item, at);
    }
    return;
  }
  if (node.op == Op::Map) {  // destructuring
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const Id pair = module_.kids[node.kids + i];
      if (module_[pair].op != Op::Pair) continue;
      const Ref key = evaluate(module_.kid(pair, 0));
      const Ref part =
          key->kind == Value::Kind::String ? member(value, key->text, at) : any_element(value, at);
      assign(module_.kid(pair, 1), part, at);
    }
    return;
  }
  if (node.op == Op::Spread) {
    assign(module_.kid(target, 0), value, at);
    return;
  }
  if (node.op == Op::Assign) {  // a default inside a pattern
    assign(module_.kid(target, 0), values_.join(value, evaluate(module_.kid(target, 1))), at);
    return;
  }
  if (value->origins != nullptr && node.op == Op::Name) {
    value = values_.with_origins(
        value, values_.add_step(value->origins, module_[at].start, module_[at].end, node.text));
  }
  check_assign(target, value, at);
  store(target, value);
}

// Puts the value where the target says, through members and items of variables.
void Interpreter::store(Id target, Ref value) {
  const ir::Node& node = module_[target];
  if (node.op == Op::Name) {
    frame_->here.set(node.number, value);
    return;
  }
  if (node.op != Op::Member && node.op != Op::Index) return;
  const bool was_quiet = std::exchange(quiet_, true);
  const Id object_node = module_.kid(target, 0);
  const Ref object = evaluate(object_node);
  const Ref key =
      node.op == Op::Member ? values_.string(node.text) : evaluate(module_.kid(target, 1));
  quiet_ = was_quiet;
  if (node.op == Op::Member && object->kind == Value::Kind::Thing && object->index != kNone) {
    Ref& field = fields_[object->index][node.text];
    field = frame_->constructor || field == nullptr ? value : values_.join(field, value);
    return;
  }
  if (module_[object_node].op == Op::Name || module_[object_node].op == Op::Member ||
      module_[object_node].op == Op::Index) {
    store(object_node, values_.with_entry(object, key, value));
  }
}

// --- functions ----------------------------------------------------------------------------------

Ref Interpreter::parameter_value(const ir::Function& function, const ir::Parameter& parameter,
                                 bool tainted) {
  const std::string_view type = resolve_type(parameter.type);
  Ref value = nullptr;
  if (!type.empty() && type != parameter.type) {
    value = named(type, nullptr, kNone);
  } else if (!type.empty() && module_.language != Language::Python) {
    value = typed(parameter.type, values_.unknown());
  } else {
    value = values_.thing(values_.keep("$." + std::string(parameter.name)));
  }
  if (tainted && value->origins == nullptr && !is_number_type(type)) {
    static const Model::Source kParameter{"", "a parameter of the request", false, false,
                                          kAllKinds};
    Origin* const origin = values_.copy(Origin{});
    origin->root = std::hash<std::string_view>{}(parameter.name);
    origin->source = &kParameter;
    origin->step = values_.step(function.start, function.start, "is called with input", nullptr);
    value = values_.with_origins(value, origin);
  }
  return value;
}

void Interpreter::bind_parameters(Frame& frame, const ir::Function& function, Ref self,
                                  const Arguments& arguments) {
  std::size_t next = 0;
  bool skip_self = self != nullptr && module_.language == Language::Python && !function.is_static;
  for (const ir::Parameter& parameter : function.parameters) {
    if (skip_self) {
      frame.here.set(parameter.symbol, self);
      skip_self = false;
      continue;
    }
    Ref value = nullptr;
    for (const Argument& argument : arguments) {
      if (!argument.name.empty() && argument.name == parameter.name) value = argument.value;
      if (argument.spread) value = values_.join(value, any_element(argument.value, kNone));
    }
    if (parameter.rest) {
      std::vector<Ref> items;
      for (; next < arguments.size(); ++next) {
        if (arguments[next].name.empty()) items.push_back(arguments[next].value);
      }
      value = values_.list(items);
    }
    while (value == nullptr && next < arguments.size()) {
      const Argument& argument = arguments[next++];
      if (argument.name.empty() && !argument.spread) value = argument.value;
    }
    if (value == nullptr && parameter.standard != kNone) {
      const bool was_quiet = std::exchange(quiet_, true);
      value = evaluate(parameter.standard);
      quiet_ = was_quiet;
    }
    if (value == nullptr) value = parameter_value(function, parameter, false);
    frame.here.set(parameter.symbol, value);
  }
}

void Interpreter::bind_this(Frame& frame, Ref self) {
  if (self == nullptr || module_.language == Language::Python) return;
  if (const std::uint32_t symbol = module_.symbol_of("this"); symbol != kNone) {
    frame.here.set(symbol, self);
  }
}

// By itself: nobody is known to call it, so its parameters are what their names and types say.
void Interpreter::run_function(std::uint32_t index, Frame* outer, const std::vector<Ref>& given,
                               Ref self) {
  const ir::Function& function = module_.functions[index];
  bool tainted = false;
  for (const Id decorator : function.decorators) {
    const Id called = module_[decorator].op == Op::Call ? module_.kid(decorator, 0) : decorator;
    const bool was_quiet = std::exchange(quiet_, true);
    Frame* const was = std::exchange(frame_, outer);
    const Ref name = evaluate(called);
    frame_ = was;
    quiet_ = was_quiet;
    if (name->kind != Value::Kind::Thing) continue;
    rules_.parameters.visit(name->text,
                            [&](const Model::Parameters* row) { tainted = row->tainted; });
  }
  {
    Frame* const was = std::exchange(frame_, outer);
    check_decorators(function.decorators);
    frame_ = was;
  }
  Frame frame;
  frame.function = index;
  frame.owner = function.owner;
  frame.outer = outer;
  frame.caller = frame_;
  frame.depth = frame_->depth;
  std::size_t at = 0;
  bool skip_self = self != nullptr && module_.language == Language::Python && !function.is_static;
  Frame* const was = std::exchange(frame_, &frame);
  for (const ir::Parameter& parameter : function.parameters) {
    if (skip_self) {
      frame.here.set(parameter.symbol, self);
      skip_self = false;
      continue;
    }
    Ref value = at < given.size() ? given[at] : nullptr;
    ++at;
    bool input = tainted;
    for (const Id annotation : parameter.annotations) {
      const ir::Node& node = module_[annotation];
      rules_.parameters.visit(node.text, [&](const Model::Parameters*) { input = true; });
    }
    if (value == nullptr) value = parameter_value(function, parameter, input);
    frame.here.set(parameter.symbol, value);
  }
  bind_this(frame, self);
  frame.constructor =
      function.name == "__init__" || function.name == "constructor" ||
      (function.owner != kNone && function.name == module_.classes[function.owner].name);
  if (function.expression) {
    const Ref value = evaluate(function.body);
    check_return(value, function.body);
  } else {
    execute(function.body);
  }
  frame.here.alive = true;
  run_pending(frame);
  frame_ = was;
}

void Interpreter::run_pending(Frame& frame) {
  frame.here.alive = true;
  // Constructors first: they say what is in the fields.
  for (std::size_t i = 0; i < frame.pending_classes.size(); ++i) {
    const std::uint32_t index = frame.pending_classes[i];
    const ir::Class& made = module_.classes[index];
    Value* const self = values_.copy(*values_.thing(made.name));
    self->index = index;
    self->instance = true;
    for (const bool constructors : {true, false}) {
      for (const std::uint32_t method : made.methods) {
        const std::string_view name = module_.functions[method].name;
        const bool is_constructor =
            name == "__init__" || name == "constructor" || name == made.name;
        if (is_constructor != constructors || done_[method]) continue;
        done_[method] = true;
        run_function(method, &frame, {}, self);
      }
    }
  }
  for (std::size_t i = 0; i < frame.pending.size(); ++i) {
    const std::uint32_t function = frame.pending[i];
    if (done_[function] && frame.depth == 0) continue;
    if (module_.functions[function].owner != kNone) continue;
    done_[function] = true;
    run_function(function, &frame);
  }
}

Ref Interpreter::call_function(std::uint32_t index, Ref self, const Arguments& arguments, Id at) {
  const ir::Function& function = module_.functions[index];
  const Origin* inputs = nullptr;
  for (const Argument& argument : arguments) {
    inputs = values_.join(inputs, values_.deep_origins(argument.value));
  }
  if (frame_->depth >= kMaxCallDepth || fuel_ <= 0 || depth_ > kMaxEvaluation / 2) {
    return values_.unknown_with(values_.guessed(inputs));
  }
  for (const Frame* caller = frame_; caller != nullptr; caller = caller->caller) {
    if (caller->function == index) return values_.unknown_with(values_.guessed(inputs));
  }
  Frame frame;
  frame.function = index;
  frame.owner = function.owner;
  frame.caller = frame_;
  frame.depth = frame_->depth + 1;
  // Free names: of the frame that defines it, when that is still there.
  frame.outer = top_;
  for (Frame* candidate = frame_; candidate != nullptr; candidate = candidate->caller) {
    if (candidate->function == function.parent && function.parent != kNone) {
      frame.outer = candidate;
      break;
    }
  }
  Frame* const was = std::exchange(frame_, &frame);
  bind_parameters(frame, function, self, arguments);
  if (self == nullptr && function.owner != kNone) {
    Value* const made = values_.copy(*values_.thing(module_.classes[function.owner].name));
    made->index = function.owner;
    made->instance = true;
    self = made;
  }
  bind_this(frame, self);
  frame.constructor = false;
  if (function.expression) {
    frame.result = evaluate(function.body);
  } else {
    execute(function.body);
  }
  frame.here.alive = true;
  for (const std::uint32_t nested : frame.pending) {
    if (done_[nested] && inputs == nullptr) continue;
    if (module_.functions[nested].owner != kNone) continue;
    done_[nested] = true;
    run_function(nested, &frame);
  }
  frame_ = was;
  const Ref result = frame.result == nullptr ? values_.null() : frame.result;
  if (result->origins == nullptr) return result;
  return values_.with_origins(
      result, values_.add_step(result->origins, module_[at].start, module_[at].end, function.name));
}

}  // namespace testgen::scan
