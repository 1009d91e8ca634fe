// Python. Imports become assignments of whole names, so that aliases resolve like any variable.
#include "scan/ir/lowering.h"

namespace testgen::scan::ir {
namespace {

class Python : public Lowering<Python> {
 public:
  using Lowering::Lowering;
  const Handlers<Python>& handlers() const;

  Id dotted_name(CstIndex i) { return dotted(i, tree.text(i)); }

  Id assignment(CstIndex i) {
    const CstIndex right = tree.child(i, Field::right);
    const Id target = value(tree.child(i, Field::left));
    if (right == kNoCst) return kNone;  // an annotation
    return b.add(Op::Assign, i, {}, {target, value(right)});
  }
  Id augmented(CstIndex i) {
    std::string_view op = tree.text(tree.child(i, Field::operator_));
    op.remove_suffix(1);
    return b.add(Op::Assign, i, op,
                 {value(tree.child(i, Field::left)), value(tree.child(i, Field::right))});
  }
  Id named(CstIndex i) {
    return b.add(Op::Assign, i, {},
                 {value(tree.child(i, Field::name)), value(tree.child(i, Field::value))});
  }

  Id call(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::function))};
    const CstIndex arguments = tree.child(i, Field::arguments);
    if (arguments != kNoCst && tree.kind(arguments) == "argument_list") {
      for (const Id id : all(arguments)) kids.push_back(id);
    } else if (arguments != kNoCst) {
      kids.push_back(value(arguments));
    }
    return b.add(Op::Call, i, {}, kids);
  }
  Id keyword(CstIndex i) {
    return b.add(Op::KeyArg, i, tree.text(tree.child(i, Field::name)),
                 {value(tree.child(i, Field::value))});
  }
  Id spread(CstIndex i) { return b.add(Op::Spread, i, {}, {inner(i)}); }
  Id attribute(CstIndex i) {
    return b.add(Op::Member, i, tree.text(tree.child(i, Field::attribute)),
                 {value(tree.child(i, Field::object))});
  }
  Id subscript(CstIndex i) {
    const Id object = value(tree.child(i, Field::value));
    const CstIndex key = tree.child(i, Field::subscript);
    if (key == kNoCst) return over_parts(i);
    if (tree.kind(key) != "slice") return b.add(Op::Index, i, {}, {object, value(key)});
    Id bounds[2] = {b.unknown(key), b.unknown(key)};
    int at = 0;
    for (CstIndex c = tree.first(key); c != kNoCst && at < 2; c = tree[c].next) {
      if (tree.text(c) == ":") {
        ++at;
      } else if (tree[c].named) {
        bounds[at] = value(c);
      }
    }
    return b.add(Op::Slice, i, {}, {object, bounds[0], bounds[1]});
  }

  Id string(CstIndex i) {
    std::vector<Id> parts;
    std::string_view prefix;
    for (CstIndex c = tree.first(i); c != kNoCst; c = tree[c].next) {
      const std::string_view kind = tree.kind(c);
      if (kind == "string_start") {
        prefix = tree.text(c);
      } else if (kind == "string_content") {
        const bool raw = prefix.find_first_of("rR") != std::string_view::npos;
        parts.push_back(b.add(Op::String, c, raw ? tree.text(c) : b.decode(tree.text(c))));
      } else if (kind == "interpolation") {
        const CstIndex expression = tree.child(c, Field::expression);
        parts.push_back(expression == kNoCst ? inner(c) : value(expression));
      }
    }
    if (parts.empty()) return b.add(Op::String, i, "");
    if (parts.size() == 1 && module[parts[0]].op == Op::String) {
      return b.add(Op::String, i, module[parts[0]].text);
    }
    return b.add(Op::Concat, i, {}, parts);
  }
  Id joined(CstIndex i) { return b.add(Op::Concat, i, {}, all(i)); }

  Id comparison(CstIndex i) {
    std::vector<Id> comparisons;
    Id left = kNone;
    std::string_view op;
    for (CstIndex c = tree.first(i); c != kNoCst; c = tree[c].next) {
      if (!tree[c].named) {
        op = tree.text(c);
        if (tree.kind(c) == "not in" || tree.kind(c) == "is not") op = tree.kind(c);
        continue;
      }
      const Id right = value(c);
      if (left != kNone) {
        if (op == "<>") op = "!=";
        comparisons.push_back(b.add(Op::Compare, i, op, {left, right}));
      }
      left = right;
    }
    if (comparisons.size() == 1) return comparisons[0];
    return b.add(Op::And, i, {}, comparisons);
  }
  Id negation(CstIndex i) { return b.add(Op::Not, i, {}, {value(tree.child(i, Field::argument))}); }
  Id unary(CstIndex i) {
    const Id of = value(tree.child(i, Field::argument));
    const bool minus = tree.text(tree.child(i, Field::operator_)) == "-";
    return minus ? b.add(Op::Negate, i, {}, {of}) : b.add(Op::Unknown, i, {}, {of});
  }
  Id conditional(CstIndex i) {
    const std::vector<Id> kids = all(i);
    if (kids.size() != 3) return b.add(Op::Unknown, i, {}, kids);
    return b.add(Op::Choice, i, {}, {kids[1], kids[0], kids[2]});
  }
  Id dictionary(CstIndex i) { return b.add(Op::Map, i, {}, all(i)); }
  Id pair(CstIndex i) {
    return b.add(Op::Pair, i, {},
                 {value(tree.child(i, Field::key)), value(tree.child(i, Field::value))});
  }

  Id comprehension(CstIndex i) {
    Id result = value(tree.child(i, Field::body));
    std::vector<CstIndex> clauses;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree[c].field != Field::body) clauses.push_back(c);
    }
    for (auto it = clauses.rbegin(); it != clauses.rend(); ++it) {
      if (tree.kind(*it) == "for_in_clause") {
        result = b.add(
            Op::Each, i, {},
            {value(tree.child(*it, Field::left)), value(tree.child(*it, Field::right)), result});
      } else if (tree.kind(*it) == "if_clause") {
        result = b.add(Op::Choice, i, {}, {inner(*it), result, b.add(Op::Null, i)});
      }
    }
    return result;
  }

  Id lambda(CstIndex i) {
    return function(i, {}, [&](Function& made) {
      parameters(tree.child(i, Field::parameters), made);
      made.expression = true;
      made.body = value(tree.child(i, Field::body));
    });
  }
  Id definition(CstIndex i) {
    const std::string_view called = tree.text(tree.child(i, Field::name));
    std::vector<Id> decorators = std::exchange(pending_decorators_, {});
    const Id id = function(i, called, [&](Function& made) {
      made.decorators = std::move(decorators);
      parameters(tree.child(i, Field::parameters), made);
      for (const Id decorator : made.decorators) {
        if (module[decorator].text == "staticmethod") made.is_static = true;
      }
      made.body = value(tree.child(i, Field::body));
    });
    return b.add(Op::Assign, i, {}, {b.name(i, called), id});
  }
  Id class_definition(CstIndex i) {
    std::vector<std::string_view> bases;
    const CstIndex listed = tree.child(i, Field::superclasses);
    if (listed != kNoCst) {
      for (CstIndex c = tree.first_named(listed); c != kNoCst; c = tree.next_named(c)) {
        bases.push_back(tree.text(c));
      }
    }
    std::vector<Id> decorators = std::exchange(pending_decorators_, {});
    return class_block(i, tree.text(tree.child(i, Field::name)), std::move(bases),
                       tree.child(i, Field::body), std::move(decorators));
  }
  Id decorated(CstIndex i) {
    std::vector<Id> decorators;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "decorator") decorators.push_back(inner(c));
    }
    // The decorators run when the definition is met.
    pending_decorators_ = decorators;
    const Id defined = value(tree.child(i, Field::definition));
    pending_decorators_.clear();
    decorators.push_back(defined);
    return b.add(Op::Block, i, {}, decorators);
  }

  Id if_statement(CstIndex i) {
    std::vector<CstIndex> alternatives;
    for (CstIndex c = tree.first(i); c != kNoCst; c = tree[c].next) {
      if (tree[c].field == Field::alternative) alternatives.push_back(c);
    }
    Id rest = kNone;
    for (auto it = alternatives.rbegin(); it != alternatives.rend(); ++it) {
      rest =
          tree.kind(*it) == "elif_clause" ? branch(*it, rest) : value(tree.child(*it, Field::body));
    }
    return branch(i, rest);
  }
  Id while_statement(CstIndex i) {
    const Id condition = value(tree.child(i, Field::condition));
    return b.add(Op::Loop, i, {},
                 {b.unknown(i), condition, value(tree.child(i, Field::body)), otherwise(i)});
  }
  Id for_statement(CstIndex i) {
    const Id target = value(tree.child(i, Field::left));
    const Id over = value(tree.child(i, Field::right));
    const Id id =
        b.add(Op::Loop, i, {}, {target, over, value(tree.child(i, Field::body)), otherwise(i)});
    module.nodes[id].flag = 1;
    return id;
  }
  Id try_statement(CstIndex i) {
    std::vector<Id> body{value(tree.child(i, Field::body))};
    std::vector<Id> handlers;
    Id last = b.unknown(i);
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      const std::string_view kind = tree.kind(c);
      if (kind == "except_clause") handlers.push_back(block(c));
      if (kind == "else_clause") body.push_back(value(tree.child(c, Field::body)));
      if (kind == "finally_clause") last = block(c);
    }
    std::vector<Id> kids{b.add(Op::Block, i, {}, body), last};
    kids.insert(kids.end(), handlers.begin(), handlers.end());
    return b.add(Op::Try, i, {}, kids);
  }
  Id with_statement(CstIndex i) { return b.add(Op::Block, i, {}, all(i)); }
  Id with_clause(CstIndex i) { return b.add(Op::Block, i, {}, all(i)); }
  Id as_pattern(CstIndex i) {
    const Id opened = inner(i);
    const CstIndex target = tree.child(i, Field::alias);
    if (target == kNoCst) return opened;
    return b.add(Op::Assign, i, {}, {inner(target), opened});
  }

  Id match_statement(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::subject))};
    const CstIndex body = tree.child(i, Field::body);
    for (CstIndex c = body == kNoCst ? kNoCst : tree.first_named(body); c != kNoCst;
         c = tree.next_named(c)) {
      if (tree.kind(c) == "case_clause") kids.push_back(case_clause(c));
    }
    return b.add(Op::Switch, i, {}, kids);
  }
  Id case_clause(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::consequence))};
    const bool guarded = tree.child(i, Field::guard) != kNoCst;
    bool any = false;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "case_pattern") any = !pattern(c, kids) || any;
    }
    if (guarded) kids.push_back(b.unknown(i));
    if (any && !guarded) kids.resize(1);
    return b.add(Op::Case, i, {}, kids);
  }

  Id import_statement(CstIndex i) {
    std::vector<Id> out;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      const bool aliased = tree.kind(c) == "aliased_import";
      const std::string_view whole = tree.text(aliased ? tree.child(c, Field::name) : c);
      module.imports.push_back(whole);
      const std::string_view first = whole.substr(0, whole.find('.'));
      const std::string_view bound = aliased ? tree.text(tree.child(c, Field::alias)) : first;
      out.push_back(b.add(Op::Assign, c, "import",
                          {b.name(c, bound), b.add(Op::Global, c, aliased ? whole : first)}));
    }
    return b.add(Op::Block, i, {}, out);
  }
  Id import_from(CstIndex i) {
    const CstIndex from = tree.child(i, Field::module_name);
    std::string_view whole = from == kNoCst ? std::string_view() : tree.text(from);
    while (whole.starts_with('.') || whole.starts_with(' ')) whole.remove_prefix(1);
    module.imports.push_back(whole);
    std::vector<Id> out;
    for (CstIndex c = tree.first(i); c != kNoCst; c = tree[c].next) {
      if (tree[c].field != Field::name) continue;
      const bool aliased = tree.kind(c) == "aliased_import";
      const std::string_view named = tree.text(aliased ? tree.child(c, Field::name) : c);
      const std::string_view bound = aliased ? tree.text(tree.child(c, Field::alias)) : named;
      const std::string_view full =
          whole.empty() ? named : b.keep(std::string(whole) + "." + std::string(named));
      out.push_back(b.add(Op::Assign, c, "import", {b.name(c, bound), b.add(Op::Global, c, full)}));
    }
    return b.add(Op::Block, i, {}, out);
  }
  Id exec_statement(CstIndex i) {
    return b.add(Op::Call, i, {}, {b.add(Op::Global, i, "exec"), inner(i)});
  }

 private:
  Id dotted(CstIndex i, std::string_view text) {
    const std::size_t dot = text.rfind('.');
    if (dot == std::string_view::npos) return b.name(i, text);
    const Level level(b);
    if (level.too_deep()) return b.unknown(i);
    return b.add(Op::Member, i, text.substr(dot + 1), {dotted(i, text.substr(0, dot))});
  }
  Id branch(CstIndex i, Id rest) {
    const Id condition = value(tree.child(i, Field::condition));
    const Id then = value(tree.child(i, Field::consequence));
    if (rest == kNone) return b.add(Op::If, i, {}, {condition, then});
    return b.add(Op::If, i, {}, {condition, then, rest});
  }
  Id otherwise(CstIndex i) {
    const CstIndex c = tree.child(i, Field::alternative);
    return c == kNoCst ? b.add(Op::Block, i) : value(tree.child(c, Field::body));
  }
  // Adds the values a pattern stands for; false when it matches anything.
  bool pattern(CstIndex i, std::vector<Id>& out) {
    const CstIndex c = tree.first_named(i);
    if (c == kNoCst) return tree.text(i) != "_";
    const std::string_view kind = tree.kind(c);
    if (kind == "union_pattern") {
      for (CstIndex part = tree.first_named(c); part != kNoCst; part = tree.next_named(part)) {
        out.push_back(value(part));
      }
      return true;
    }
    if (kind == "dotted_name" && tree.text(c).find('.') == std::string_view::npos) return false;
    out.push_back(kind == "string" || kind == "integer" || kind == "dotted_name" ||
                          kind == "true" || kind == "false" || kind == "none" ||
                          kind == "concatenated_string"
                      ? value(c)
                      : b.unknown(c));
    return true;
  }

  void parameters(CstIndex i, Function& made) {
    if (i == kNoCst) return;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      Parameter parameter;
      const std::string_view kind = tree.kind(c);
      CstIndex named = c;
      if (kind == "default_parameter" || kind == "typed_default_parameter") {
        named = tree.child(c, Field::name);
        const std::uint32_t inside = std::exchange(current_function, made.parent);
        parameter.standard = value(tree.child(c, Field::value));
        current_function = inside;
      } else if (kind == "typed_parameter") {
        named = tree.first_named(c);
      } else if (kind == "keyword_separator" || kind == "positional_separator") {
        continue;
      }
      const CstIndex type = tree.child(c, Field::type);
      if (type != kNoCst) parameter.type = tree.text(type);
      std::string_view text = tree.text(named);
      parameter.rest = text.starts_with('*');
      while (text.starts_with('*')) text.remove_prefix(1);
      parameter.name = text;
      parameter.symbol = b.symbol(text);
      made.parameters.push_back(parameter);
    }
  }

  std::vector<Id> pending_decorators_;
};

const Handlers<Python>& Python::handlers() const {
  static const Handlers<Python> table(Grammar::of(Language::Python),
                                      {{"module", &Python::block},
                                       {"block", &Python::block},
                                       {"identifier", &Python::identifier},
                                       {"dotted_name", &Python::dotted_name},
                                       {"expression_statement", &Python::block},
                                       {"assignment", &Python::assignment},
                                       {"augmented_assignment", &Python::augmented},
                                       {"named_expression", &Python::named},
                                       {"call", &Python::call},
                                       {"keyword_argument", &Python::keyword},
                                       {"list_splat", &Python::spread},
                                       {"dictionary_splat", &Python::spread},
                                       {"attribute", &Python::attribute},
                                       {"subscript", &Python::subscript},
                                       {"string", &Python::string},
                                       {"concatenated_string", &Python::joined},
                                       {"integer", &Python::number},
                                       {"float", &Python::number},
                                       {"true", &Python::true_value},
                                       {"false", &Python::false_value},
                                       {"none", &Python::null_value},
                                       {"comment", &Python::nothing},
                                       {"pass_statement", &Python::nothing},
                                       {"type", &Python::inner},
                                       {"parenthesized_expression", &Python::inner},
                                       {"await", &Python::inner},
                                       {"binary_operator", &Python::binary},
                                       {"boolean_operator", &Python::binary},
                                       {"comparison_operator", &Python::comparison},
                                       {"not_operator", &Python::negation},
                                       {"unary_operator", &Python::unary},
                                       {"conditional_expression", &Python::conditional},
                                       {"list", &Python::list},
                                       {"tuple", &Python::list},
                                       {"set", &Python::list},
                                       {"expression_list", &Python::list},
                                       {"pattern_list", &Python::list},
                                       {"tuple_pattern", &Python::list},
                                       {"list_pattern", &Python::list},
                                       {"dictionary", &Python::dictionary},
                                       {"pair", &Python::pair},
                                       {"list_comprehension", &Python::comprehension},
                                       {"set_comprehension", &Python::comprehension},
                                       {"dictionary_comprehension", &Python::comprehension},
                                       {"generator_expression", &Python::comprehension},
                                       {"lambda", &Python::lambda},
                                       {"function_definition", &Python::definition},
                                       {"class_definition", &Python::class_definition},
                                       {"decorated_definition", &Python::decorated},
                                       {"if_statement", &Python::if_statement},
                                       {"while_statement", &Python::while_statement},
                                       {"for_statement", &Python::for_statement},
                                       {"try_statement", &Python::try_statement},
                                       {"with_statement", &Python::with_statement},
                                       {"with_clause", &Python::with_clause},
                                       {"with_item", &Python::inner},
                                       {"as_pattern", &Python::as_pattern},
                                       {"match_statement", &Python::match_statement},
                                       {"return_statement", &Python::return_statement},
                                       {"raise_statement", &Python::raise_statement},
                                       {"break_statement", &Python::break_statement},
                                       {"continue_statement", &Python::continue_statement},
                                       {"import_statement", &Python::import_statement},
                                       {"import_from_statement", &Python::import_from},
                                       {"exec_statement", &Python::exec_statement}});
  return table;
}

}  // namespace

void lower_python(Builder& builder) {
  builder.module.body = Python(builder).value(0);
}

}  // namespace testgen::scan::ir
