// Go. Packages are names by their import paths' last parts; errors that come back with a value are
// of no interest, so a list of results is told apart only where it is taken apart.
#include "scan/ir/lowering.h"

namespace testgen::scan::ir {
namespace {

class Go : public Lowering<Go> {
 public:
  using Lowering::Lowering;
  const Handlers<Go>& handlers() const;

  Id import_spec(CstIndex i) {
    const CstIndex path = tree.child(i, Field::path);
    if (path == kNoCst) return kNone;
    std::string_view whole = tree.text(path);
    if (whole.size() >= 2) whole = whole.substr(1, whole.size() - 2);
    module.imports.push_back(whole);
    const CstIndex named = tree.child(i, Field::name);
    // "github.com/x/jwt/v5" is package jwt.
    std::string_view last = whole;
    if (const std::size_t slash = last.rfind('/'); slash != std::string_view::npos) {
      const std::string_view tail = last.substr(slash + 1);
      if (tail.size() >= 2 && tail[0] == 'v' &&
          tail.find_first_not_of("0123456789", 1) == tail.npos) {
        last = last.substr(0, slash);
      }
      last = last.substr(last.rfind('/') == last.npos ? 0 : last.rfind('/') + 1);
    }
    const std::string_view bound = named == kNoCst ? last : tree.text(named);
    if (bound == "_" || bound == ".") return kNone;
    std::string dotted(whole);
    for (char& c : dotted) {
      if (c == '/') c = '.';
    }
    if (dotted.size() > 3 && last != whole && !dotted.ends_with(std::string(last))) {
      dotted = dotted.substr(0, dotted.rfind('.'));
    }
    return b.add(Op::Assign, i, "import",
                 {b.name(i, bound), b.add(Op::Global, i, b.keep(std::move(dotted)))});
  }

  Id assign(CstIndex i) {
    const CstIndex left = tree.child(i, Field::left);
    const CstIndex right = tree.child(i, Field::right);
    const CstIndex op_at = tree.child(i, Field::operator_);
    std::string_view op = op_at == kNoCst ? std::string_view() : tree.text(op_at);
    if (!op.empty()) op.remove_suffix(1);
    return pairwise(i, op, parts(left), parts(right));
  }
  Id spec(CstIndex i) {
    std::vector<CstIndex> names;
    for (CstIndex c = tree.first(i); c != kNoCst; c = tree[c].next) {
      if (tree[c].field == Field::name) names.push_back(c);
    }
    const CstIndex given = tree.child(i, Field::value);
    const CstIndex type = tree.child(i, Field::type);
    if (given == kNoCst) {
      if (type == kNoCst || names.empty()) return kNone;
      return b.add(Op::Assign, i, {},
                   {value(names[0]), b.add(Op::Typed, i, tree.text(type), {b.unknown(i)})});
    }
    return pairwise(i, {}, names, parts(given));
  }

  Id call(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::function))};
    if (const CstIndex arguments = tree.child(i, Field::arguments); arguments != kNoCst) {
      for (const Id id : all(arguments)) kids.push_back(id);
    }
    return b.add(Op::Call, i, {}, kids);
  }
  Id selector(CstIndex i) {
    return b.add(Op::Member, i, tree.text(tree.child(i, Field::field)),
                 {value(tree.child(i, Field::operand))});
  }
  Id index(CstIndex i) {
    return b.add(Op::Index, i, {},
                 {value(tree.child(i, Field::operand)), value(tree.child(i, Field::index))});
  }
  Id slice(CstIndex i) {
    const CstIndex low = tree.child(i, Field::start);
    const CstIndex high = tree.child(i, Field::end);
    return b.add(Op::Slice, i, {},
                 {value(tree.child(i, Field::operand)), low == kNoCst ? b.unknown(i) : value(low),
                  high == kNoCst ? b.unknown(i) : value(high)});
  }
  Id conversion(CstIndex i) {
    return b.add(Op::Typed, i, tree.text(tree.child(i, Field::type)),
                 {value(tree.child(i, Field::operand))});
  }
  Id assertion(CstIndex i) { return conversion(i); }
  Id unary(CstIndex i) {
    const Id of = value(tree.child(i, Field::operand));
    const std::string_view op = tree.text(tree.child(i, Field::operator_));
    if (op == "!") return b.add(Op::Not, i, {}, {of});
    if (op == "-") return b.add(Op::Negate, i, {}, {of});
    if (op == "&" || op == "*") return of;
    return b.add(Op::Unknown, i, {}, {of});
  }
  Id string(CstIndex i) {
    std::string_view text = tree.text(i);
    const bool raw = text.starts_with('`');
    if (text.size() >= 2) text = text.substr(1, text.size() - 2);
    return b.add(Op::String, i, raw ? text : b.decode(text));
  }
  // T{field: value}: a call of the type with named arguments, so that rules see one shape.
  Id composite(CstIndex i) {
    const CstIndex type = tree.child(i, Field::type);
    const CstIndex body = tree.child(i, Field::body);
    if (type == kNoCst || body == kNoCst) return over_parts(i);
    const std::string_view kind = tree.kind(type);
    if (kind != "type_identifier" && kind != "qualified_type") return value(body);
    std::vector<Id> kids{value(type)};
    for (CstIndex c = tree.first_named(body); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "keyed_element") {
        kids.push_back(b.add(Op::KeyArg, c, tree.text(tree.child(c, Field::key)),
                             {value(tree.child(c, Field::value))}));
      } else {
        kids.push_back(value(c));
      }
    }
    return b.add(Op::New, i, {}, kids);
  }
  Id literal_value(CstIndex i) {
    bool keyed = false;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      keyed = keyed || tree.kind(c) == "keyed_element";
    }
    return b.add(keyed ? Op::Map : Op::List, i, {}, all(i));
  }
  Id keyed(CstIndex i) {
    return b.add(Op::Pair, i, {},
                 {value(tree.child(i, Field::key)), value(tree.child(i, Field::value))});
  }
  Id qualified(CstIndex i) {
    return b.add(Op::Member, i, tree.text(tree.child(i, Field::name)), {inner(i)});
  }

  Id if_statement(CstIndex i) {
    std::vector<Id> out;
    if (const CstIndex first = tree.child(i, Field::initializer); first != kNoCst) {
      out.push_back(value(first));
    }
    const Id condition = value(tree.child(i, Field::condition));
    const Id then = value(tree.child(i, Field::consequence));
    const CstIndex rest = tree.child(i, Field::alternative);
    out.push_back(rest == kNoCst ? b.add(Op::If, i, {}, {condition, then})
                                 : b.add(Op::If, i, {}, {condition, then, value(rest)}));
    return b.add(Op::Block, i, {}, out);
  }
  Id for_statement(CstIndex i) {
    const Id nothing_more = b.add(Op::Block, i);
    const CstIndex body_at = tree.child(i, Field::body);
    CstIndex head = tree.first_named(i);
    if (head == body_at) head = kNoCst;
    if (head != kNoCst && tree.kind(head) == "range_clause") {
      const Id over = value(tree.child(head, Field::right));
      const CstIndex left = tree.child(head, Field::left);
      std::vector<CstIndex> names = parts(left);
      // for key, item := range: the item is what matters.
      const Id target = names.empty() ? b.unknown(i) : value(names.back());
      const Id id = b.add(Op::Loop, i, {}, {target, over, value(body_at), nothing_more});
      module.nodes[id].flag = 1;
      return id;
    }
    std::vector<Id> out;
    std::vector<Id> body;
    Id condition = b.unknown(i);
    if (head != kNoCst && tree.kind(head) == "for_clause") {
      if (const CstIndex first = tree.child(head, Field::initializer); first != kNoCst) {
        out.push_back(value(first));
      }
      if (const CstIndex test = tree.child(head, Field::condition); test != kNoCst) {
        condition = value(test);
      }
      body.push_back(value(body_at));
      if (const CstIndex step = tree.child(head, Field::update); step != kNoCst) {
        body.push_back(value(step));
      }
    } else {
      condition = head == kNoCst ? b.add(Op::True, i) : value(head);
      body.push_back(value(body_at));
    }
    out.push_back(b.add(Op::Loop, i, {},
                        {b.unknown(i), condition, b.add(Op::Block, i, {}, body), nothing_more}));
    return b.add(Op::Block, i, {}, out);
  }
  Id step(CstIndex i) { return b.add(Op::Assign, i, {}, {inner(i), b.unknown(i)}); }
  Id switch_statement(CstIndex i) {
    std::vector<Id> out;
    if (const CstIndex first = tree.child(i, Field::initializer); first != kNoCst) {
      out.push_back(value(first));
    }
    const CstIndex of = tree.child(i, Field::value);
    std::vector<Id> kids{of == kNoCst ? b.unknown(i) : value(of)};
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      const std::string_view kind = tree.kind(c);
      if (kind != "expression_case" && kind != "default_case" && kind != "type_case" &&
          kind != "communication_case") {
        continue;
      }
      std::vector<Id> statements;
      std::vector<Id> labels;
      for (CstIndex s = tree.first_named(c); s != kNoCst; s = tree.next_named(s)) {
        if (tree[s].field == Field::value) {
          for (const CstIndex one : parts(s)) labels.push_back(value(one));
        } else if (tree[s].field != Field::type) {
          statements.push_back(value(s));
        }
      }
      if (kind != "default_case" && labels.empty()) labels.push_back(b.unknown(c));
      std::vector<Id> made{b.add(Op::Block, c, {}, statements)};
      made.insert(made.end(), labels.begin(), labels.end());
      kids.push_back(b.add(Op::Case, c, {}, made));
    }
    out.push_back(b.add(Op::Switch, i, {}, kids));
    return b.add(Op::Block, i, {}, out);
  }

  Id declaration(CstIndex i) {
    const CstIndex named = tree.child(i, Field::name);
    const std::string_view called = tree.text(named);
    const Id id = make(i, called);
    return b.add(Op::Assign, i, {}, {b.name(named, called), id});
  }
  Id literal(CstIndex i) { return make(i, {}); }

 private:
  std::vector<CstIndex> parts(CstIndex list) const {
    if (list == kNoCst) return {};
    if (tree.kind(list) != "expression_list") return {list};
    std::vector<CstIndex> out;
    for (CstIndex c = tree.first_named(list); c != kNoCst; c = tree.next_named(c)) out.push_back(c);
    return out;
  }
  Id pairwise(CstIndex i, std::string_view op, const std::vector<CstIndex>& left,
              const std::vector<CstIndex>& right) {
    std::vector<Id> out;
    if (left.size() == right.size()) {
      for (std::size_t k = 0; k < left.size(); ++k) {
        const Id given = value(right[k]);
        out.push_back(b.add(Op::Assign, i, op, {value(left[k]), given}));
      }
    } else if (!left.empty() && !right.empty()) {
      // value, err := f(): the first result is what is followed.
      const Id given = value(right[0]);
      out.push_back(b.add(Op::Assign, i, op, {value(left[0]), given}));
      for (std::size_t k = 1; k < left.size(); ++k) {
        out.push_back(b.add(Op::Assign, i, {}, {value(left[k]), b.add(Op::Global, i, "$error")}));
      }
    }
    return out.size() == 1 ? out[0] : b.add(Op::Block, i, {}, out);
  }
  Id make(CstIndex i, std::string_view called) {
    return function(i, called, [&](Function& made) {
      made.is_static = true;
      add_parameters(tree.child(i, Field::receiver), made, true);
      const std::size_t receivers = made.parameters.size();
      add_parameters(tree.child(i, Field::parameters), made, false);
      const CstIndex body = tree.child(i, Field::body);
      Id code = body == kNoCst ? b.add(Op::Block, i) : value(body);
      // A receiver is no argument of the call.
      if (receivers > 0) {
        std::vector<Id> statements;
        for (std::size_t k = 0; k < receivers; ++k) {
          const Parameter& one = made.parameters[k];
          statements.push_back(
              b.add(Op::Assign, i, {},
                    {b.name(i, one.name), b.add(Op::Typed, i, one.type, {b.unknown(i)})}));
        }
        statements.push_back(code);
        code = b.add(Op::Block, i, {}, statements);
        made.parameters.erase(made.parameters.begin(),
                              made.parameters.begin() + static_cast<std::ptrdiff_t>(receivers));
      }
      made.body = code;
    });
  }
  void add_parameters(CstIndex list, Function& made, bool) {
    if (list == kNoCst) return;
    for (CstIndex c = tree.first_named(list); c != kNoCst; c = tree.next_named(c)) {
      const CstIndex type = tree.child(c, Field::type);
      for (CstIndex n = tree.first(c); n != kNoCst; n = tree[n].next) {
        if (tree[n].field != Field::name) continue;
        Parameter parameter;
        parameter.name = tree.text(n);
        parameter.symbol = b.symbol(parameter.name);
        if (type != kNoCst) parameter.type = tree.text(type);
        parameter.rest = tree.kind(c) == "variadic_parameter_declaration";
        made.parameters.push_back(parameter);
      }
    }
  }
};

const Handlers<Go>& Go::handlers() const {
  static const Handlers<Go> table(Grammar::of(Language::Go),
                                  {{"source_file", &Go::block},
                                   {"block", &Go::block},
                                   {"statement_list", &Go::block},
                                   {"import_declaration", &Go::block},
                                   {"import_spec_list", &Go::block},
                                   {"import_spec", &Go::import_spec},
                                   {"package_clause", &Go::nothing},
                                   {"comment", &Go::nothing},
                                   {"type_declaration", &Go::nothing},
                                   {"identifier", &Go::identifier},
                                   {"type_identifier", &Go::identifier},
                                   {"package_identifier", &Go::identifier},
                                   {"field_identifier", &Go::identifier},
                                   {"qualified_type", &Go::qualified},
                                   {"interpreted_string_literal", &Go::string},
                                   {"raw_string_literal", &Go::string},
                                   {"rune_literal", &Go::string},
                                   {"int_literal", &Go::number},
                                   {"float_literal", &Go::number},
                                   {"true", &Go::true_value},
                                   {"false", &Go::false_value},
                                   {"nil", &Go::null_value},
                                   {"expression_statement", &Go::inner},
                                   {"parenthesized_expression", &Go::inner},
                                   {"literal_element", &Go::inner},
                                   {"go_statement", &Go::inner},
                                   {"defer_statement", &Go::inner},
                                   {"var_declaration", &Go::block},
                                   {"var_spec_list", &Go::block},
                                   {"const_declaration", &Go::block},
                                   {"var_spec", &Go::spec},
                                   {"const_spec", &Go::spec},
                                   {"short_var_declaration", &Go::assign},
                                   {"assignment_statement", &Go::assign},
                                   {"call_expression", &Go::call},
                                   {"selector_expression", &Go::selector},
                                   {"index_expression", &Go::index},
                                   {"slice_expression", &Go::slice},
                                   {"type_conversion_expression", &Go::conversion},
                                   {"type_assertion_expression", &Go::assertion},
                                   {"unary_expression", &Go::unary},
                                   {"binary_expression", &Go::binary},
                                   {"composite_literal", &Go::composite},
                                   {"literal_value", &Go::literal_value},
                                   {"keyed_element", &Go::keyed},
                                   {"if_statement", &Go::if_statement},
                                   {"for_statement", &Go::for_statement},
                                   {"inc_statement", &Go::step},
                                   {"dec_statement", &Go::step},
                                   {"expression_switch_statement", &Go::switch_statement},
                                   {"type_switch_statement", &Go::switch_statement},
                                   {"select_statement", &Go::switch_statement},
                                   {"return_statement", &Go::return_statement},
                                   {"break_statement", &Go::break_statement},
                                   {"continue_statement", &Go::continue_statement},
                                   {"function_declaration", &Go::declaration},
                                   {"method_declaration", &Go::declaration},
                                   {"func_literal", &Go::literal}});
  return table;
}

}  // namespace

void lower_go(Builder& builder) {
  builder.module.body = Go(builder).value(0);
}

}  // namespace testgen::scan::ir
