// What a condition says of values: whether it is known, and what holds once it is true or false.
#include <algorithm>
#include <array>

#include "scan/taint/interpreter.h"

namespace testgen::scan {

using ir::Id;
using ir::kNone;
using ir::Op;

std::optional<bool> Interpreter::truth(Ref value) const {
  switch (value->kind) {
    case Value::Kind::Bool:
    case Value::Kind::Number:
      return value->number != 0;
    case Value::Kind::Null:
      return false;
    case Value::Kind::String:
      return !value->text.empty();
    default:
      return std::nullopt;
  }
}

std::optional<bool> Interpreter::compare(std::string_view op, Ref left, Ref right) const {
  if ((op == "in" || op == "not in") && left->kind == Value::Kind::String &&
      right->kind == Value::Kind::String) {
    return (right->text.find(left->text) != std::string_view::npos) == (op == "in");
  }
  if (!left->is_scalar() || !right->is_scalar()) return std::nullopt;
  const bool same_kind = left->kind == right->kind;
  if (op == "==" || op == "is") return same_kind ? same_literal(*left, *right) : false;
  if (op == "!=" || op == "is not") return same_kind ? !same_literal(*left, *right) : true;
  if (!same_kind || left->kind != Value::Kind::Number) return std::nullopt;
  if (op == "<") return left->number < right->number;
  if (op == ">") return left->number > right->number;
  if (op == "<=") return left->number <= right->number;
  if (op == ">=") return left->number >= right->number;
  return std::nullopt;
}

// Everything that comes from where the subject comes from is safe here.
void Interpreter::clear(Ref subject, Kinds kinds) {
  const Origin* const roots = values_.deep_origins(subject);
  if (roots == nullptr || kinds == 0) return;
  for (auto& [symbol, value] : frame_->here.variables) {
    value = values_.made_safe(value, roots, kinds);
  }
}

// What a test of this expression against what is allowed says about the input in it: all of it
// when it is the input itself, where it leads when it is the host of it, and nothing when it is
// some other part.
Kinds Interpreter::tested_kinds(Id node) const {
  static constexpr std::array<std::string_view, 12> kHosts{
      "netloc",  "hostname", "host",     "origin",       "scheme",    "protocol",
      "getHost", "Host",     "Hostname", "getAuthority", "getScheme", "Scheme"};
  static constexpr std::array<std::string_view, 16> kSame{
      "lower", "upper", "strip",    "get",     "pop",     "toLowerCase", "toUpperCase",  "trim",
      "str",   "value", "toString", "ToLower", "ToUpper", "Get",         "getParameter", "String"};
  for (int depth = 0; depth < 8; ++depth) {
    const ir::Node& at = module_[node];
    switch (at.op) {
      case Op::Name:
        return kAllKinds;
      case Op::Typed:
        node = module_.kid(node, 0);
        continue;
      case Op::Index:
        return module_[module_.kid(node, 1)].op == Op::String ? kAllKinds : 0;
      case Op::Member: {
        if (std::find(kHosts.begin(), kHosts.end(), at.text) != kHosts.end()) {
          return kinds_named({"url", "redirect"});
        }
        // request.query.name: the input by its name.
        return module_[module_.kid(node, 0)].op == Op::Member ? kAllKinds : 0;
      }
      case Op::Call: {
        const Id callee = module_.kid(node, 0);
        const std::string_view name = module_[callee].text;
        if (std::find(kHosts.begin(), kHosts.end(), name) != kHosts.end()) {
          return kinds_named({"url", "redirect"});
        }
        if (std::find(kSame.begin(), kSame.end(), name) == kSame.end()) return 0;
        if (at.count > 1) return kAllKinds;  // get("name"), str(x)
        if (module_[callee].op != Op::Member) return 0;
        node = module_.kid(callee, 0);
        continue;
      }
      default:
        return 0;
    }
  }
  return 0;
}

void Interpreter::assume(Id condition, bool holds_true) {
  if (condition == kNone) return;
  const ir::Node& node = module_[condition];
  const bool was_quiet = std::exchange(quiet_, true);
  switch (node.op) {
    case Op::Not:
      assume(module_.kid(condition, 0), !holds_true);
      break;
    case Op::And:
    case Op::Or:
      // All parts are known to hold, or all are known not to.
      if (holds_true == (node.op == Op::And)) {
        for (std::uint32_t i = 0; i < node.count; ++i) {
          assume(module_.kids[node.kids + i], holds_true);
        }
      }
      break;
    case Op::Compare:
      assume_compare(condition, holds_true);
      break;
    case Op::Call:
      assume_call(condition, holds_true);
      break;
    default:
      break;
  }
  quiet_ = was_quiet;
}

namespace {

// Whether an expression that is anchored at both ends lets nothing through that means anything
// to a shell, a path, a query or a page.
bool is_strict(std::string_view pattern, bool anchored) {
  if (pattern.starts_with("^") || pattern.starts_with("\\A")) {
    pattern.remove_prefix(pattern.front() == '^' ? 1 : 2);
  } else if (!anchored) {
    return false;
  }
  if (pattern.ends_with("$")) {
    pattern.remove_suffix(1);
  } else if (pattern.ends_with("\\Z") || pattern.ends_with("\\z")) {
    pattern.remove_suffix(2);
  } else if (!anchored) {
    return false;
  }
  if (pattern.find('.') != std::string_view::npos &&
      pattern.find("\\.") == std::string_view::npos) {
    return false;
  }
  constexpr std::string_view kDangerous = "/<>'\";&`";
  if (pattern.find_first_of(kDangerous) != std::string_view::npos) return false;
  for (const std::string_view open : {".*", ".+", "[^", "\\S", "\\W", "\\D"}) {
    if (pattern.find(open) != std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

void Interpreter::assume_call(Id call, bool holds_true) {
  const Id callee = module_.kid(call, 0);
  Ref receiver = nullptr;
  Ref target = nullptr;
  std::string path;
  if (module_[callee].op == Op::Member) {
    receiver = evaluate(module_.kid(callee, 0));
    target = member(receiver, module_[callee].text, callee);
    path = target->kind == Value::Kind::Thing ? std::string(target->text)
                                              : "?." + std::string(module_[callee].text);
    if (path.starts_with("?.")) {
      const std::string_view kind = receiver->kind == Value::Kind::List  ? "list"
                                    : receiver->kind == Value::Kind::Map ? "dict"
                                    : receiver->is_literal()             ? "str"
                                                                         : "?";
      path.replace(0, 1, kind);
    }
  } else {
    target = evaluate(callee);
    if (target->kind != Value::Kind::Thing) return;
    path = target->text;
  }
  const Arguments arguments = evaluate_arguments(call);
  rules_.guards.visit(path, [&](const Model::Guard* guard) {
    if (guard->holds != holds_true || !holds(guard->when, receiver, arguments)) return;
    // A list of what is allowed that is asked for its own members clears nothing of itself.
    if (guard->subject.what == Selector::What::Receiver) {
      const Kinds tested =
          guard->kinds == kAllKinds ? tested_kinds(module_.kid(callee, 0)) : guard->kinds;
      if (receiver != nullptr) clear(receiver, tested);
      return;
    }
    for (const Argument* argument : selected(guard->subject, arguments)) {
      if (receiver != nullptr && values_.deep_origins(receiver) != nullptr &&
          guard->kinds == kAllKinds) {
        continue;
      }
      const Kinds tested = guard->kinds == kAllKinds ? tested_kinds(argument->node) : guard->kinds;
      clear(argument->value, tested);
    }
  });
  // Regular expressions that leave nothing dangerous.
  const std::string_view method = last_part(path);
  if (!holds_true) return;
  Ref pattern = nullptr;
  Ref subject = nullptr;
  bool anchored = false;
  if ((method == "match" || method == "fullmatch" || method == "search") && arguments.size() >= 2) {
    pattern = arguments[0].value;
    subject = arguments[1].value;
    anchored = method == "fullmatch";
  } else if ((method == "matches" || method == "match") && arguments.size() == 1 &&
             receiver != nullptr) {
    pattern = arguments[0].value;
    subject = receiver;
    anchored = method == "matches";
  } else if (method == "test" && arguments.size() == 1) {
    pattern = receiver;
    subject = arguments[0].value;
  }
  if (pattern == nullptr || pattern->kind != Value::Kind::String) return;
  std::string_view text = pattern->text;
  if (text.starts_with('/') && text.rfind('/') > 0) text = text.substr(1, text.rfind('/') - 1);
  if (is_strict(text, anchored)) clear(subject, kAllKinds);
}

void Interpreter::assume_compare(Id compare_node, bool holds_true) {
  const ir::Node& node = module_[compare_node];
  const Id left_node = module_.kid(compare_node, 0);
  const Ref left = evaluate(left_node);
  const Ref right = evaluate(module_.kid(compare_node, 1));
  std::string_view op = node.text;
  if (op == "not in" || op == "is not" || op == "!=") {
    holds_true = !holds_true;
    op = op == "not in" ? "in" : "==";
  }
  if (op == "in") {
    if (holds_true) {
      // In a list of what is allowed, whoever wrote it: not when it is text or input itself.
      const bool text = right->kind == Value::Kind::String || right->kind == Value::Kind::OneOf ||
                        (right->kind == Value::Kind::Unknown && right->built);
      if (!text && values_.deep_origins(right) == nullptr && !left->is_literal()) {
        clear(left, tested_kinds(left_node));
      }
      return;
    }
    // A mark that is known not to be there.
    if (left->kind != Value::Kind::String) return;
    if (left->text == ".." || left->text == "../") clear(right, kinds_named({"path"}));
    if (left->text == "'" || left->text == "\"") {
      clear(right, kinds_named({"xpath", "sql", "ldap", "code"}));
    }
    if (left->text == "/") clear(right, kinds_named({"path"}));
    return;
  }
  if (op == "==" || op == "is") {
    if (!holds_true) return;
    if (right->is_literal() && right->kind != Value::Kind::Null) {
      clear(left, tested_kinds(left_node));
    } else if (left->is_literal() && left->kind != Value::Kind::Null) {
      clear(right, tested_kinds(module_.kid(compare_node, 1)));
    } else if (left->origins != nullptr && right->origins == nullptr &&
               right->kind == Value::Kind::Thing) {
      clear(left, kinds_named({"url", "redirect"}));  // the host that was meant
    }
    return;
  }
}

Kinds Interpreter::kinds_named(std::initializer_list<const char*> names) const {
  Kinds out = 0;
  for (const char* const name : names) {
    const auto& known = rules_.kind_names();
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (known[i] == name) out |= Kinds{1} << i;
    }
  }
  return out;
}

}  // namespace testgen::scan
