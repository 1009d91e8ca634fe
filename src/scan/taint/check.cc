// Asks the rules: whether what stands here is what one of them looks for.
#include <algorithm>

#include "base/strings.h"
#include "scan/taint/interpreter.h"

namespace testgen::scan {

using ir::Id;
using ir::kNone;
using ir::Op;

std::vector<const Argument*> Interpreter::selected(const Selector& selector,
                                                   const Arguments& arguments) {
  std::vector<const Argument*> out;
  switch (selector.what) {
    case Selector::What::Any:
      for (const Argument& argument : arguments) out.push_back(&argument);
      return out;
    case Selector::What::Rest:
      for (std::size_t i = static_cast<std::size_t>(selector.position); i < arguments.size(); ++i) {
        out.push_back(&arguments[i]);
      }
      return out;
    case Selector::What::Value:
    case Selector::What::Body:
      if (!arguments.empty()) out.push_back(&arguments[0]);
      return out;
    case Selector::What::Receiver:
      return out;
    case Selector::What::Argument:
      break;
  }
  int position = 0;
  for (const Argument& argument : arguments) {
    if (!argument.name.empty()) {
      if (std::find(selector.names.begin(), selector.names.end(), argument.name) !=
          selector.names.end()) {
        out.push_back(&argument);
      }
      continue;
    }
    if (position == selector.position) out.push_back(&argument);
    ++position;
  }
  return out;
}

bool Interpreter::holds(const std::vector<Condition>& all, Ref receiver,
                        const Arguments& arguments) const {
  return std::all_of(all.begin(), all.end(), [&](const Condition& condition) {
    return holds(condition, receiver, arguments);
  });
}

bool Interpreter::holds(const Condition& condition, Ref receiver,
                        const Arguments& arguments) const {
  using Test = Predicate::Test;
  if (condition.at.what == Selector::What::Receiver) {
    return std::all_of(condition.all.begin(), condition.all.end(), [&](const Predicate& test) {
      return receiver != nullptr && holds(test, receiver, kNone);
    });
  }
  const std::vector<const Argument*> found = selected(condition.at, arguments);
  // Arguments that are spread from a list or a map may be any of them.
  bool spread = false;
  for (const Argument& argument : arguments) spread = spread || argument.spread;
  for (const Predicate& test : condition.all) {
    if (test.test == Test::Missing) {
      const bool missing = found.empty() && !spread;
      if (missing == test.negated) return false;
      continue;
    }
    // The absence of an argument passes a test that says what it must not be.
    if (found.empty()) {
      const bool one = condition.at.what == Selector::What::Argument;
      if (!test.negated || spread || !one) return false;
      continue;
    }
    const bool any = std::any_of(found.begin(), found.end(), [&](const Argument* argument) {
      return holds(test, argument->value, argument->node);
    });
    if (!any) return false;
  }
  return true;
}

namespace {

// Made of nothing but literals and of functions that are written here.
bool is_constant(Ref value, int depth) {
  if (value->is_literal() || value->kind == Value::Kind::Function) return true;
  const bool container = value->kind == Value::Kind::List || value->kind == Value::Kind::Map;
  if (!container || depth == 0 || value->origins != nullptr) return false;
  if (value->rest != nullptr && !is_constant(value->rest, depth - 1)) return false;
  const auto all = [&](std::span<const Ref> items) {
    return std::all_of(items.begin(), items.end(),
                       [&](Ref item) { return is_constant(item, depth - 1); });
  };
  return all(value->items) && all(value->entries);
}

}  // namespace

bool Interpreter::holds(const Predicate& test, Ref value, Id node) const {
  using Test = Predicate::Test;
  const auto with = [&](const auto& check) {
    if (value->kind != Value::Kind::OneOf) return check(value);
    return std::any_of(value->items.begin(), value->items.end(), check);
  };
  const auto text_of = [](Ref one) -> std::string_view {
    switch (one->kind) {
      case Value::Kind::Bool:
        return one->number != 0 ? "true" : "false";
      case Value::Kind::Null:
        return "null";
      default:
        return one->text;
    }
  };
  bool out = false;
  switch (test.test) {
    case Test::Equals:
      out = with([&](Ref one) {
        if (!one->is_scalar()) return false;
        return std::any_of(test.texts.begin(), test.texts.end(), [&](const std::string& text) {
          if (one->kind == Value::Kind::Number)
            return std::strtod(text.c_str(), nullptr) == one->number && !text.empty() &&
                   (std::isdigit(static_cast<unsigned char>(text[0])) != 0 || text[0] == '-');
          return text_of(one) == text;
        });
      });
      break;
    case Test::In:
      out = with([&](Ref one) {
        if (!one->is_scalar()) return false;
        const std::string lower = base::to_lower(text_of(one));
        return std::find(test.texts.begin(), test.texts.end(), lower) != test.texts.end();
      });
      break;
    case Test::Matches:
      out = with([&](Ref one) {
        return one->kind == Value::Kind::String && test.pattern->found_in(one->text);
      });
      break;
    case Test::StartsWith:
    case Test::Begins:
      out = with([&](Ref one) {
        const bool begun =
            one->kind == Value::Kind::String || (one->kind == Value::Kind::Unknown && one->built);
        if (!begun) return false;
        if (test.pattern) return test.pattern->found_in(one->text);
        return std::any_of(test.texts.begin(), test.texts.end(),
                           [&](const std::string& text) { return one->text.starts_with(text); });
      });
      break;
    case Test::Missing:
      out = false;
      break;
    case Test::Constant:
      out = is_constant(value, 3);
      break;
    case Test::Headed:
      out = value->own_head;
      break;
    case Test::Listed:
      out = value->kind == Value::Kind::List;
      break;
    case Test::Built:
      out = value->built;
      break;
    case Test::Below:
      out = with(
          [&](Ref one) { return one->kind == Value::Kind::Number && one->number < test.number; });
      break;
    case Test::Above:
      out = with(
          [&](Ref one) { return one->kind == Value::Kind::Number && one->number > test.number; });
      break;
    case Test::Is:
      out = value->kind == Value::Kind::Thing &&
            std::any_of(test.texts.begin(), test.texts.end(), [&](const std::string& text) {
              if (text.starts_with("*.")) return last_part(value->text) == text.substr(2);
              return ends_as(value->text, text) ||
                     (text.ends_with("()") && value->text.starts_with(text));
            });
      break;
    case Test::Named:
      out = is_named(*test.pattern, node);
      break;
    case Test::Mentions:
      out = mentions(*test.pattern, node, 0);
      break;
    case Test::Operator:
      out = is_operation(test.texts, node);
      break;
    case Test::Returns:
      out = returns_literal(value, test.texts);
      break;
    case Test::Has:
      out = (value->facts >> test.fact & 1U) != 0;
      break;
    case Test::Contains: {
      const auto is_in = [&](Ref one) {
        return one->is_scalar() &&
               std::find(test.texts.begin(), test.texts.end(), text_of(one)) != test.texts.end();
      };
      out = std::any_of(value->items.begin(), value->items.end(), is_in);
      for (std::size_t i = 0; i < value->entries.size(); i += 2) {
        out = out || is_in(value->entries[i]);
      }
      if (value->kind == Value::Kind::String ||
          (value->kind == Value::Kind::Unknown && value->built)) {
        out = std::any_of(test.texts.begin(), test.texts.end(), [&](const std::string& text) {
          return value->text.find(text) != std::string_view::npos;
        });
      }
      break;
    }
    case Test::Tainted:
      for (const Origin* origin = value->origins; origin != nullptr; origin = origin->next) {
        out = out || (origin->kinds & test.kinds) != 0;
      }
      break;
  }
  return out != test.negated;
}

bool Interpreter::imports_ok(const Finder& finder) const {
  return finder.imports.empty() || imports_one_of(module_.imports, finder.imports);
}

bool Interpreter::fits(const Finder& finder, Ref receiver, const Arguments& arguments) const {
  return imports_ok(finder) && holds(finder.when, receiver, arguments) &&
         std::none_of(finder.unless.begin(), finder.unless.end(), [&](const Condition& condition) {
           return holds(condition, receiver, arguments);
         });
}

void Interpreter::check_call(std::string_view path, Ref receiver, const Arguments& arguments,
                             Id at) {
  // A callback that a framework will call.
  if (!rules_.entries.empty() && !quiet_) {
    rules_.entries.visit(path, [&](const Model::Entry* entry) {
      for (const Argument& argument : arguments) {
        if (argument.value->kind != Value::Kind::Function) continue;
        const std::uint32_t index = argument.value->index;
        if (done_[index]) continue;
        done_[index] = true;
        std::vector<Ref> given;
        const std::size_t count = module_.functions[index].parameters.size();
        // (err, req, res, next) is the shape of handlers of errors.
        if (count == 4 && entry->parameters.size() >= 2) given.push_back(nullptr);
        for (const std::string& name : entry->parameters) {
          given.push_back(named(name, nullptr, kNone));
          if (const auto source = source_of_.find(given.back()->text); source != source_of_.end()) {
            given.back() = named(name, nullptr, argument.node);
          }
        }
        run_function(index, frame_, given);
      }
    });
  }
  rules_.calls.visit(path, [&](const Hit& hit) {
    if (!fits(*hit.finder, receiver, arguments)) return;
    if (hit.rule->tainted) {
      report_tainted(hit, receiver, arguments, at);
    } else {
      report(hit, at, nullptr);
    }
  });
}

void Interpreter::report_tainted(const Hit& hit, Ref receiver, const Arguments& arguments, Id at) {
  const Origin* origins = nullptr;
  for (const Selector& selector : hit.finder->tainted) {
    if (selector.what == Selector::What::Receiver && receiver != nullptr) {
      origins = values_.join(origins, values_.deep_origins(receiver));
    }
    for (const Argument* argument : selected(selector, arguments)) {
      Ref value = argument->value;
      if (selector.what == Selector::What::Body) {
        if (value->kind == Value::Kind::Map) continue;
        if (value->kind == Value::Kind::List && !value->items.empty()) value = value->items[0];
      }
      origins = values_.join(origins, values_.deep_origins(value));
    }
    for (const Argument& argument : arguments) {
      if (argument.spread) origins = values_.join(origins, values_.deep_origins(argument.value));
    }
  }
  // The input that is surest and most remote speaks for all.
  const Origin* best = nullptr;
  for (const Origin* origin = origins; origin != nullptr; origin = origin->next) {
    if ((origin->kinds & hit.rule->kinds) == 0) continue;
    const auto rank = [](const Origin* one) {
      return (one->source != nullptr && one->source->local ? 0 : 2) + (one->guessed ? 0 : 1);
    };
    if (best == nullptr || rank(origin) > rank(best)) best = origin;
  }
  if (best != nullptr) report(hit, at, best);
}

void Interpreter::check_decorators(const std::vector<Id>& decorators) {
  if (quiet_ || rules_.decorators.empty()) return;
  for (const Id decorator : decorators) {
    const Id called = module_[decorator].op == Op::Call ? module_.kid(decorator, 0) : decorator;
    quiet_ = true;
    const Ref name = evaluate(called);
    quiet_ = false;
    if (name->kind != Value::Kind::Thing) continue;
    rules_.decorators.visit(name->text, [&](const Hit& hit) {
      if (imports_ok(*hit.finder)) report(hit, decorator, nullptr);
    });
  }
}

void Interpreter::check_name(std::string_view path, Id at) {
  if (quiet_) return;
  rules_.names.visit(path, [&](const Hit& hit) {
    if (imports_ok(*hit.finder)) report(hit, at, nullptr);
  });
}

void Interpreter::check_assign(Id target, Ref value, Id at) {
  if (quiet_ || rules_.assigns.empty()) return;
  const ir::Node& node = module_[target];
  std::string path;
  if (node.op == Op::Name) {
    path = node.text;
  } else if (node.op == Op::Member || node.op == Op::Index) {
    quiet_ = true;
    const Ref object = evaluate(module_.kid(target, 0));
    quiet_ = false;
    path = object->kind == Value::Kind::Thing ? std::string(object->text) : "?";
    if (node.op == Op::Member) {
      path += "." + std::string(node.text);
    } else {
      path += "[]";
      // x["password"] = …: expressions look at the key.
      const ir::Node& key = module_[module_.kid(target, 1)];
      if (key.op == Op::String && rules_.assigns.has_expressions()) {
        path = "?." + std::string(key.text);
        const Arguments keyed{{{}, value, module_.kid(at, 1), false}};
        rules_.assigns.visit(path, [&](const Hit& hit) {
          if (!hit.rule->tainted && fits(*hit.finder, nullptr, keyed)) report(hit, at, nullptr);
        });
        path = (object->kind == Value::Kind::Thing ? std::string(object->text) : "?") + "[]";
      }
    }
  } else {
    return;
  }
  Arguments arguments{{{}, value, module_[at].op == Op::Assign ? module_.kid(at, 1) : at, false}};
  if (node.op == Op::Index) {
    arguments.push_back({{}, evaluate(module_.kid(target, 1)), module_.kid(target, 1), false});
  }
  rules_.assigns.visit(path, [&](const Hit& hit) {
    if (!fits(*hit.finder, nullptr, arguments)) return;
    if (hit.rule->tainted) {
      report_tainted(hit, nullptr, arguments, at);
    } else {
      report(hit, at, nullptr);
    }
  });
}

void Interpreter::check_return(Ref value, Id at) {
  if (quiet_ || rules_.returns.empty() || frame_->function == kNone) return;
  const ir::Function& function = module_.functions[frame_->function];
  for (const Id decorator : function.decorators) {
    const Id called = module_[decorator].op == Op::Call ? module_.kid(decorator, 0) : decorator;
    quiet_ = true;
    Frame* const inside = std::exchange(frame_, frame_->outer != nullptr ? frame_->outer : frame_);
    const Ref name = evaluate(called);
    frame_ = inside;
    quiet_ = false;
    const std::string path = name->kind == Value::Kind::Thing
                                 ? std::string(name->text)
                                 : "?." + std::string(module_[called].text);
    const Arguments arguments{{{}, value, at, false}};
    rules_.returns.visit(path, [&](const Hit& hit) {
      if (!fits(*hit.finder, nullptr, arguments)) return;
      if (hit.rule->tainted) {
        report_tainted(hit, nullptr, arguments, at);
      } else {
        report(hit, at, nullptr);
      }
    });
  }
}

void Interpreter::check_key(std::string_view key, Ref value, Id at) {
  if (quiet_) return;
  const Arguments arguments{{{}, value, module_.kid(at, module_[at].count - 1), false}};
  rules_.keys.visit(key, [&](const Hit& hit) {
    if (fits(*hit.finder, nullptr, arguments)) report(hit, at, nullptr);
  });
}

void Interpreter::report(const Hit& hit, Id at, const Origin* origin) {
  if (quiet_ || at == kNone) return;
  const ir::Node& node = module_[at];
  if (!reported_.emplace(hit.rule, node.start).second) return;
  RawFinding found;
  found.hit = hit;
  found.at = at;
  found.start = node.start;
  found.end = node.end;
  found.function = frame_->function;
  found.confidence = hit.finder->confidence.value_or(hit.rule->confidence);
  if (origin != nullptr) {
    found.confidence = origin->guessed ? Confidence::Medium : Confidence::High;
    if (origin->source != nullptr) {
      found.local = origin->source->local;
      found.origin = origin->source->what;
    }
    for (const Step* step = origin->step; step != nullptr; step = step->earlier) {
      Step one = *step;
      found.flow.insert(found.flow.begin(), one);
    }
  }
  findings_.push_back(std::move(found));
}

}  // namespace testgen::scan
