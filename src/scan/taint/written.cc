// What is asked of how a value is written, rather than of what it is.
#include <algorithm>

#include "scan/taint/interpreter.h"

namespace testgen::scan {

using ir::Id;
using ir::kNone;
using ir::Op;

namespace {

constexpr int kMaxDepth = 12;
constexpr std::string_view kNoLiteral = "\n";

std::string_view literal_text(const ir::Node& node) {
  switch (node.op) {
    case Op::True:
      return "true";
    case Op::False:
      return "false";
    case Op::Null:
      return "null";
    case Op::String:
    case Op::Number:
      return node.text;
    default:
      return kNoLiteral;
  }
}

// The literal that a body does nothing but return; "null" of one that does nothing at all.
std::string_view returned_literal(const ir::Module& module, Id body) {
  for (int depth = 0; body != kNone && depth < kMaxDepth; ++depth) {
    const ir::Node& node = module[body];
    const bool block = node.op == Op::Block;
    if ((block || node.op == Op::Return) && node.count == 0) return "null";
    if (node.op == Op::Return) return literal_text(module[module.kid(body, 0)]);
    if (!block || node.count != 1) break;
    body = module.kid(body, 0);
  }
  return kNoLiteral;
}

}  // namespace

bool Interpreter::is_named(const Pattern& pattern, Id id) const {
  if (id == kNone) return false;
  const ir::Node& node = module_[id];
  std::string_view name;
  if (node.op == Op::Name || node.op == Op::Member) name = node.text;
  if (node.op == Op::Index && module_[module_.kid(id, 1)].op == Op::String) {
    name = module_[module_.kid(id, 1)].text;
  }
  if (node.op == Op::Call) {
    const ir::Node& callee = module_[module_.kid(id, 0)];
    if (callee.op == Op::Name || callee.op == Op::Member) name = callee.text;
    // key.encode(): it is the key that matters.
    if (callee.op == Op::Member) {
      const ir::Node& object = module_[module_.kid(module_.kid(id, 0), 0)];
      if ((object.op == Op::Name || object.op == Op::Member) && pattern.found_in(object.text)) {
        return true;
      }
    }
  }
  return !name.empty() && pattern.found_in(name);
}

bool Interpreter::mentions(const Pattern& pattern, Id id, int depth) const {
  if (id == kNone || depth > kMaxDepth) return false;
  const ir::Node& node = module_[id];
  const bool name = node.op == Op::Name || node.op == Op::Member || node.op == Op::Global;
  if (name && pattern.found_in(last_part(node.text))) return true;
  if (node.op == Op::Call) {
    // A function by itself: a member of that name is another thing.
    const ir::Node& callee = module_[module_.kid(id, 0)];
    const bool function = callee.op == Op::Name || callee.op == Op::Global;
    if (function && pattern.found_in(std::string(last_part(callee.text)) + "()")) return true;
  }
  for (std::uint32_t i = 0; i < node.count; ++i) {
    if (mentions(pattern, module_.kids[node.kids + i], depth + 1)) return true;
  }
  return false;
}

bool Interpreter::returns_literal(Ref value, const std::vector<std::string>& texts) const {
  if (value->kind != Value::Kind::Function || value->index >= module_.functions.size()) {
    return false;
  }
  const ir::Function& function = module_.functions[value->index];
  if (function.body == kNone) return false;
  const std::string_view returned = function.expression ? literal_text(module_[function.body])
                                                        : returned_literal(module_, function.body);
  return std::find(texts.begin(), texts.end(), returned) != texts.end();
}

bool Interpreter::is_operation(const std::vector<std::string>& operators, Id id) const {
  if (id == kNone || module_[id].op != Op::Binary) return false;
  return std::find(operators.begin(), operators.end(), module_[id].text) != operators.end();
}

}  // namespace testgen::scan
