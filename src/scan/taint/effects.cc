// What a call does to what it is given: it fills a buffer with input, copies input from one
// argument to another, or makes something true of an argument ("freed").
#include "scan/taint/interpreter.h"

namespace testgen::scan {

using ir::Id;
using ir::kNone;
using ir::Op;

namespace {

// What is written where an argument is meant: the x of &x and of (char *)x.
Id place_of(const ir::Module& module, Id node) {
  for (int depth = 0; node != kNone && depth < 8; ++depth) {
    const Op op = module[node].op;
    if (op != Op::Assign && op != Op::Typed && op != Op::Binary) return node;
    node = module.kid(node, 0);
  }
  return kNone;
}

}  // namespace

const Origin* Interpreter::filled_with(const Model::Fill& fill, std::string_view path,
                                       const Arguments& arguments, Id at) {
  if (!fill.from) {
    Origin* const origin = values_.copy(Origin{});
    origin->root = std::hash<std::string_view>{}(path) ^ module_[at].start;
    origin->source = &fill.source;
    origin->step = values_.step(module_[at].start, module_[at].end, path, nullptr);
    return origin;
  }
  const Origin* origins = nullptr;
  for (const Argument* argument : selected(*fill.from, arguments)) {
    origins = values_.join(origins, values_.deep_origins(argument->value));
  }
  return origins == nullptr
             ? nullptr
             : values_.add_step(origins, module_[at].start, module_[at].end, last_part(path));
}

void Interpreter::apply_effects(std::string_view path, Ref receiver, const Arguments& arguments,
                                Id at) {
  rules_.fills.visit(path, [&](const Model::Fill* fill) {
    const Origin* const origins = filled_with(*fill, path, arguments, at);
    for (const Argument* argument : selected(fill->into, arguments)) {
      const Id place = place_of(module_, argument->node);
      Ref value = argument->value;
      if (place == kNone || (origins == nullptr && !value->is_literal())) continue;
      // A text that was there is there no more.
      if (value->is_literal()) value = values_.unknown_with(value->origins);
      store(place, values_.with_origins(value, values_.join(value->origins, origins)));
    }
  });
  rules_.facts.visit(path, [&](const Model::Fact* fact) {
    if (!fact->argument || !holds(fact->when, receiver, arguments)) return;
    for (const Argument* argument : selected(*fact->argument, arguments)) {
      if (argument->node == kNone || module_[argument->node].op != Op::Name) continue;
      Value* const marked = values_.copy(*argument->value);
      marked->facts |= std::uint64_t{1} << fact->fact;
      store(argument->node, marked);
    }
  });
}

}  // namespace testgen::scan
