// C#. Declared types become values' names; names of namespaces stay as they are written.
#include "scan/ir/lowering.h"

namespace testgen::scan::ir {
namespace {

class CSharp : public Lowering<CSharp> {
 public:
  using Lowering::Lowering;
  const Handlers<CSharp>& handlers() const;

  Id using_directive(CstIndex i) {
    const CstIndex alias = tree.child(i, Field::name);
    CstIndex named = tree.first_named(i);
    if (named == alias && named != kNoCst) named = tree.next_named(named);
    if (named == kNoCst) return kNone;
    const std::string_view whole = tree.text(named);
    module.imports.push_back(whole);
    if (alias == kNoCst) return kNone;
    return b.add(Op::Assign, i, "import",
                 {b.name(alias, tree.text(alias)), b.add(Op::Global, i, whole)});
  }
  Id qualified(CstIndex i) { return b.add(Op::Global, i, tree.text(i)); }
  Id generic(CstIndex i) {
    const CstIndex named = tree.first_named(i);
    return named == kNoCst ? b.unknown(i) : b.name(i, tree.text(named));
  }
  Id this_value(CstIndex i) { return current_owner_ == kNone ? b.unknown(i) : b.name(i, "this"); }
  Id boolean(CstIndex i) { return b.add(tree.text(i) == "true" ? Op::True : Op::False, i); }

  Id variables(CstIndex i) {
    const CstIndex type = tree.child(i, Field::type);
    std::vector<Id> out;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) != "variable_declarator") continue;
      const CstIndex named = tree.child(c, Field::name);
      CstIndex given = named == kNoCst ? kNoCst : tree.next_named(named);
      while (given != kNoCst && tree.kind(given) == "bracketed_argument_list") {
        given = tree.next_named(given);
      }
      const Id made = given == kNoCst ? b.unknown(c) : value_of(given, type);
      const Id target = named == kNoCst ? b.unknown(c) : value(named);
      out.push_back(b.add(Op::Assign, c, {}, {target, typed(c, type, made)}));
    }
    return out.size() == 1 ? out[0] : b.add(Op::Block, i, {}, out);
  }
  Id property(CstIndex i) {
    const CstIndex named = tree.child(i, Field::name);
    const CstIndex type = tree.child(i, Field::type);
    const CstIndex given = tree.child(i, Field::value);
    std::vector<Id> out;
    if (given != kNoCst && tree.kind(given) != "arrow_expression_clause") {
      out.push_back(
          b.add(Op::Assign, i, {},
                {b.name(named, tree.text(named)), typed(i, type, value_of(given, type))}));
    } else {
      out.push_back(b.add(Op::Assign, i, {},
                          {b.name(named, tree.text(named)), typed(i, type, b.unknown(i))}));
    }
    // What its accessors do is code like any other.
    if (given != kNoCst && tree.kind(given) == "arrow_expression_clause") {
      out.push_back(accessor(given, given));
    }
    const CstIndex accessors = tree.child(i, Field::accessors);
    for (CstIndex c = accessors == kNoCst ? kNoCst : tree.first_named(accessors); c != kNoCst;
         c = tree.next_named(c)) {
      const CstIndex body = tree.child(c, Field::body);
      if (body != kNoCst) out.push_back(accessor(c, body));
    }
    return b.add(Op::Block, i, {}, out);
  }
  Id cast(CstIndex i) {
    return typed(i, tree.child(i, Field::type), value(tree.child(i, Field::value)));
  }
  Id as_cast(CstIndex i) {
    return typed(i, tree.child(i, Field::right), value(tree.child(i, Field::left)));
  }
  Id is_test(CstIndex i) {
    CstIndex of = tree.child(i, Field::left);
    if (of == kNoCst) of = tree.child(i, Field::expression);
    return b.add(Op::Compare, i, "instanceof", {value(of), b.unknown(i)});
  }

  Id invocation(CstIndex i) { return call(Op::Call, i, value(tree.child(i, Field::function))); }
  Id creation(CstIndex i) { return call(Op::New, i, type_name(tree.child(i, Field::type), i)); }
  Id untyped_creation(CstIndex i) {
    return call(Op::New, i, wanted_ == kNoCst ? b.unknown(i) : type_name(wanted_, i));
  }
  Id anonymous_object(CstIndex i) { return over_parts(i); }
  Id array_creation(CstIndex i) {
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "initializer_expression") return list(c);
    }
    return b.unknown(i);
  }
  Id argument(CstIndex i) {
    const CstIndex named = tree.child(i, Field::name);
    CstIndex of = tree.first_named(i);
    if (of == named && named != kNoCst) of = tree.next_named(of);
    if (of == kNoCst) return b.unknown(i);
    Id given = value(of);
    const bool by_reference = tree.has_token(i, "ref") || tree.has_token(i, "out");
    if (by_reference && module.nodes[given].op == Op::Name) {
      const Id open = b.add(Op::Unknown, i, {}, {given});
      module.nodes[open].flag = 1;
      given = b.add(Op::Assign, i, {}, {given, open});
    }
    if (named == kNoCst) return given;
    return b.add(Op::KeyArg, i, tree.text(named), {given});
  }
  Id declared_here(CstIndex i) {
    const CstIndex named = tree.child(i, Field::name);
    return b.add(Op::Assign, i, {},
                 {named == kNoCst ? b.unknown(i) : b.name(named, tree.text(named)),
                  typed(i, tree.child(i, Field::type), b.unknown(i))});
  }
  Id member(CstIndex i) {
    return b.add(Op::Member, i, plain_name(tree.child(i, Field::name)),
                 {value(tree.child(i, Field::expression))});
  }
  // a?.b.c(): what stands behind the mark belongs to a.
  Id conditional_access(CstIndex i) {
    const Id outer = subject_;
    subject_ = value(tree.child(i, Field::condition));
    CstIndex rest = tree.first_named(i);
    if (rest != kNoCst) rest = tree.next_named(rest);
    const Id made = rest == kNoCst ? subject_ : value(rest);
    subject_ = outer;
    return made;
  }
  Id member_binding(CstIndex i) {
    return b.add(Op::Member, i, plain_name(tree.child(i, Field::name)),
                 {subject_ == kNone ? b.unknown(i) : subject_});
  }
  Id element(CstIndex i) {
    const CstIndex keys = tree.child(i, Field::subscript);
    const CstIndex key = keys == kNoCst ? kNoCst : tree.first_named(keys);
    return b.add(
        Op::Index, i, {},
        {value(tree.child(i, Field::expression)), key == kNoCst ? b.unknown(i) : value(key)});
  }

  Id string(CstIndex i) {
    const std::string_view text = tree.text(i);
    const std::size_t open = text.find('"');
    const std::size_t close = text.rfind('"');
    if (open == std::string_view::npos || close <= open) return b.add(Op::String, i, {});
    return b.add(Op::String, i, b.decode(text.substr(open + 1, close - open - 1)));
  }
  Id verbatim(CstIndex i) {
    const std::string_view text = tree.text(i);
    return b.add(Op::String, i, text.size() >= 3 ? text.substr(2, text.size() - 3) : "");
  }
  Id raw_string(CstIndex i) {
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "raw_string_content") return b.add(Op::String, i, tree.text(c));
    }
    return b.add(Op::String, i, {});
  }
  Id interpolated(CstIndex i) {
    std::vector<Id> parts;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      const std::string_view kind = tree.kind(c);
      if (kind == "string_content" || kind == "escape_sequence") {
        parts.push_back(b.add(Op::String, c, b.decode(tree.text(c))));
      } else if (kind == "interpolation") {
        for (CstIndex e = tree.first_named(c); e != kNoCst; e = tree.next_named(e)) {
          if (tree.kind(e).starts_with("interpolation_")) continue;
          parts.push_back(value(e));
          break;
        }
      }
    }
    return b.add(Op::Concat, i, {}, parts);
  }
  Id prefix(CstIndex i) {
    const Id of = inner(i);
    const std::string_view op = operator_token(i);
    if (op == "!") return b.add(Op::Not, i, {}, {of});
    if (op == "-") return b.add(Op::Negate, i, {}, {of});
    if (op == "++" || op == "--") return b.add(Op::Assign, i, {}, {of, b.unknown(i)});
    return b.add(Op::Unknown, i, {}, {of});
  }
  Id postfix(CstIndex i) {
    const Id of = inner(i);
    const std::string_view op = operator_token(i);
    return op == "!" ? of : b.add(Op::Assign, i, {}, {of, b.unknown(i)});
  }

  Id for_statement(CstIndex i) {
    std::vector<Id> out;
    std::vector<Id> body{value(tree.child(i, Field::body))};
    for (CstIndex c = tree.first(i); c != kNoCst; c = tree[c].next) {
      if (!tree[c].named) continue;
      if (tree[c].field == Field::initializer) out.push_back(value(c));
      if (tree[c].field == Field::update) body.push_back(value(c));
    }
    const CstIndex condition = tree.child(i, Field::condition);
    out.push_back(b.add(Op::Loop, i, {},
                        {b.unknown(i), condition == kNoCst ? b.add(Op::True, i) : value(condition),
                         b.add(Op::Block, i, {}, body), b.add(Op::Block, i)}));
    return b.add(Op::Block, i, {}, out);
  }
  Id for_each(CstIndex i) {
    const CstIndex left = tree.child(i, Field::left);
    const Id target = left == kNoCst ? b.unknown(i) : value(left);
    const Id over = value(tree.child(i, Field::right));
    const Id id = b.add(Op::Loop, i, {},
                        {target, over, value(tree.child(i, Field::body)), b.add(Op::Block, i)});
    module.nodes[id].flag = 1;
    return id;
  }
  Id switch_statement(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::value))};
    const CstIndex body = tree.child(i, Field::body);
    for (CstIndex c = body == kNoCst ? kNoCst : tree.first_named(body); c != kNoCst;
         c = tree.next_named(c)) {
      std::vector<Id> labels;
      std::vector<Id> statements;
      const bool standard = tree.has_token(c, "default");
      for (CstIndex s = tree.first_named(c); s != kNoCst; s = tree.next_named(s)) {
        const std::string_view kind = tree.kind(s);
        if (kind == "constant_pattern") {
          labels.push_back(inner(s));
        } else if (kind.find("pattern") != std::string_view::npos || kind == "when_clause") {
          labels.push_back(b.unknown(s));
        } else if (kind.find("statement") != std::string_view::npos || kind == "block") {
          statements.push_back(value(s));
        } else {
          labels.push_back(value(s));
        }
      }
      if (standard) labels.clear();
      std::vector<Id> made{b.add(Op::Block, c, {}, statements)};
      made.insert(made.end(), labels.begin(), labels.end());
      kids.push_back(b.add(Op::Case, c, {}, made));
    }
    return b.add(Op::Switch, i, {}, kids);
  }
  Id try_statement(CstIndex i) {
    return try_around(i, [&] { return value(tree.child(i, Field::body)); });
  }
  Id labeled(CstIndex i) {
    const std::vector<Id> parts = all(i);
    return parts.empty() ? b.unknown(i) : parts.back();
  }
  Id jump(CstIndex i) { return b.add(Op::Raise, i); }

  Id class_declaration(CstIndex i) {
    std::vector<std::string_view> bases;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) != "base_list") continue;
      for (CstIndex t = tree.first_named(c); t != kNoCst; t = tree.next_named(t)) {
        bases.push_back(tree.text(t));
      }
    }
    const std::uint32_t outer = current_owner_;
    current_owner_ = static_cast<std::uint32_t>(module.classes.size());
    const std::string_view called = tree.text(tree.child(i, Field::name));
    b.symbol(called);
    const Id made =
        class_block(i, called, std::move(bases), tree.child(i, Field::body), attributes(i));
    current_owner_ = outer;
    return made;
  }
  Id method(CstIndex i) {
    const CstIndex named = tree.child(i, Field::name);
    const std::string_view called = named == kNoCst ? "" : tree.text(named);
    const std::vector<Id> marks = attributes(i);
    const Id id = function(i, called, [&](Function& made) {
      made.decorators = marks;
      made.is_static = true;  // "this" is a name like others
      CstIndex type = tree.child(i, Field::returns);
      if (type == kNoCst) type = tree.child(i, Field::type);
      if (type != kNoCst) made.result = tree.text(type);
      parameters(tree.child(i, Field::parameters), made);
      body_of(tree.child(i, Field::body), i, made);
    });
    if (called.empty()) return id;
    return b.add(Op::Assign, i, {}, {b.name(i, called), id});
  }
  Id lambda(CstIndex i) {
    return function(i, {}, [&](Function& made) {
      const CstIndex head = tree.child(i, Field::parameters);
      if (head != kNoCst && tree.kind(head) == "implicit_parameter") {
        made.parameters.push_back(
            {tree.text(head), b.symbol(tree.text(head)), {}, kNone, false, {}});
      } else {
        parameters(head, made);
      }
      CstIndex body = tree.child(i, Field::body);
      for (CstIndex c = tree.first_named(i); body == kNoCst && c != kNoCst;
           c = tree.next_named(c)) {
        if (tree.kind(c) == "block") body = c;
      }
      body_of(body, i, made);
      if (body != kNoCst && tree.kind(body) != "block") made.expression = true;
    });
  }

 private:
  std::string_view plain_name(CstIndex i) const {
    if (i != kNoCst && tree.kind(i) == "generic_name") i = tree.first_named(i);
    return i == kNoCst ? std::string_view() : tree.text(i);
  }
  Id value_of(CstIndex given, CstIndex type) {
    const CstIndex outer = std::exchange(wanted_, type);
    const Id made = value(given);
    wanted_ = outer;
    return made;
  }
  Id accessor(CstIndex i, CstIndex body) {
    return function(i, {}, [&](Function& made) {
      made.is_static = true;
      const std::string_view given = "value";
      made.parameters.push_back({given, b.symbol(given), {}, kNone, false, {}});
      body_of(body, i, made);
    });
  }
  void body_of(CstIndex body, CstIndex at, Function& made) {
    if (body == kNoCst) {
      made.body = b.add(Op::Block, at);
    } else if (tree.kind(body) == "arrow_expression_clause") {
      made.expression = true;
      made.body = inner(body);
    } else {
      made.body = value(body);
    }
  }
  Id type_name(CstIndex type, CstIndex at) {
    if (type == kNoCst) return b.unknown(at);
    if (tree.kind(type) == "generic_name") type = tree.first_named(type);
    const std::string_view text = tree.text(type);
    return text.find('.') == std::string_view::npos ? b.name(type, text)
                                                    : b.add(Op::Global, type, text);
  }
  Id typed(CstIndex at, CstIndex type, Id of) {
    if (type == kNoCst || tree.kind(type) == "implicit_type") return of;
    return b.add(Op::Typed, at, tree.text(type), {of});
  }
  // new T(a, b) { C = d }: what is set at once counts as arguments with names.
  Id call(Op op, CstIndex i, Id callee) {
    std::vector<Id> kids{callee};
    for (CstIndex part = tree.first_named(i); part != kNoCst; part = tree.next_named(part)) {
      const std::string_view kind = tree.kind(part);
      if (kind == "argument_list") {
        for (const Id id : all(part)) kids.push_back(id);
      }
      if (kind != "initializer_expression") continue;
      for (CstIndex c = tree.first_named(part); c != kNoCst; c = tree.next_named(c)) {
        const CstIndex left = tree.child(c, Field::left);
        if (tree.kind(c) == "assignment_expression" && tree.kind(left) == "identifier") {
          kids.push_back(
              b.add(Op::KeyArg, c, tree.text(left), {value(tree.child(c, Field::right))}));
        } else {
          kids.push_back(value(c));
        }
      }
    }
    return b.add(op, i, {}, kids);
  }
  std::vector<Id> attributes(CstIndex i) {
    std::vector<Id> out;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) != "attribute_list") continue;
      for (CstIndex a = tree.first_named(c); a != kNoCst; a = tree.next_named(a)) {
        if (tree.kind(a) != "attribute") continue;
        const Id named = type_name(tree.child(a, Field::name), a);
        std::vector<Id> kids{named};
        for (CstIndex g = tree.first_named(a); g != kNoCst; g = tree.next_named(g)) {
          if (tree.kind(g) != "attribute_argument_list") continue;
          for (const Id id : all(g)) kids.push_back(id);
        }
        out.push_back(kids.size() == 1 ? named : b.add(Op::Call, a, {}, kids));
      }
    }
    return out;
  }
  void parameters(CstIndex list, Function& made) {
    if (list == kNoCst) return;
    for (CstIndex c = tree.first_named(list); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) != "parameter") continue;
      const CstIndex named = tree.child(c, Field::name);
      if (named == kNoCst) continue;
      Parameter parameter;
      parameter.name = tree.text(named);
      parameter.symbol = b.symbol(parameter.name);
      if (const CstIndex type = tree.child(c, Field::type); type != kNoCst) {
        parameter.type = tree.text(type);
      }
      for (const Id mark : attributes(c)) {
        // A mark with arguments counts by its name.
        parameter.annotations.push_back(module.nodes[mark].op == Op::Call ? module.kid(mark, 0)
                                                                          : mark);
      }
      made.parameters.push_back(std::move(parameter));
    }
  }

  std::uint32_t current_owner_ = kNone;
  CstIndex wanted_ = kNoCst;  // the type that new() without one makes
  Id subject_ = kNone;        // of a?.b
};

const Handlers<CSharp>& CSharp::handlers() const {
  static const Handlers<CSharp> table(
      Grammar::of(Language::CSharp),
      {{"compilation_unit", &CSharp::block},
       {"block", &CSharp::block},
       {"declaration_list", &CSharp::block},
       {"global_statement", &CSharp::block},
       {"namespace_declaration", &CSharp::block},
       {"file_scoped_namespace_declaration", &CSharp::block},
       {"checked_statement", &CSharp::block},
       {"unsafe_statement", &CSharp::block},
       {"fixed_statement", &CSharp::block},
       {"using_statement", &CSharp::block},
       {"lock_statement", &CSharp::block},
       {"local_declaration_statement", &CSharp::block},
       {"field_declaration", &CSharp::block},
       {"event_field_declaration", &CSharp::block},
       {"finally_clause", &CSharp::block},
       {"modifier", &CSharp::nothing},
       {"attribute_list", &CSharp::nothing},
       {"global_attribute", &CSharp::nothing},
       {"comment", &CSharp::nothing},
       {"qualified_name", &CSharp::qualified},
       {"alias_qualified_name", &CSharp::qualified},
       {"using_directive", &CSharp::using_directive},
       {"identifier", &CSharp::identifier},
       {"predefined_type", &CSharp::identifier},
       {"generic_name", &CSharp::generic},
       {"this", &CSharp::this_value},
       {"base", &CSharp::this_value},
       {"boolean_literal", &CSharp::boolean},
       {"null_literal", &CSharp::null_value},
       {"integer_literal", &CSharp::number},
       {"real_literal", &CSharp::number},
       {"string_literal", &CSharp::string},
       {"character_literal", &CSharp::string},
       {"verbatim_string_literal", &CSharp::verbatim},
       {"raw_string_literal", &CSharp::raw_string},
       {"interpolated_string_expression", &CSharp::interpolated},
       {"variable_declaration", &CSharp::variables},
       {"property_declaration", &CSharp::property},
       {"expression_statement", &CSharp::inner},
       {"parenthesized_expression", &CSharp::inner},
       {"await_expression", &CSharp::inner},
       {"checked_expression", &CSharp::inner},
       {"ref_expression", &CSharp::inner},
       {"attribute_argument", &CSharp::argument},
       {"argument", &CSharp::argument},
       {"declaration_expression", &CSharp::declared_here},
       {"assignment_expression", &CSharp::assignment},
       {"cast_expression", &CSharp::cast},
       {"as_expression", &CSharp::as_cast},
       {"is_expression", &CSharp::is_test},
       {"is_pattern_expression", &CSharp::is_test},
       {"invocation_expression", &CSharp::invocation},
       {"object_creation_expression", &CSharp::creation},
       {"implicit_object_creation_expression", &CSharp::untyped_creation},
       {"anonymous_object_creation_expression", &CSharp::anonymous_object},
       {"array_creation_expression", &CSharp::array_creation},
       {"implicit_array_creation_expression", &CSharp::array_creation},
       {"initializer_expression", &CSharp::list},
       {"collection_expression", &CSharp::list},
       {"collection_element", &CSharp::inner},
       {"expression_element", &CSharp::inner},
       {"member_access_expression", &CSharp::member},
       {"conditional_access_expression", &CSharp::conditional_access},
       {"member_binding_expression", &CSharp::member_binding},
       {"element_access_expression", &CSharp::element},
       {"binary_expression", &CSharp::binary},
       {"prefix_unary_expression", &CSharp::prefix},
       {"unary_expression", &CSharp::prefix},
       {"postfix_unary_expression", &CSharp::postfix},
       {"conditional_expression", &CSharp::ternary},
       {"if_statement", &CSharp::if_statement},
       {"while_statement", &CSharp::while_statement},
       {"do_statement", &CSharp::do_statement},
       {"for_statement", &CSharp::for_statement},
       {"foreach_statement", &CSharp::for_each},
       {"switch_statement", &CSharp::switch_statement},
       {"try_statement", &CSharp::try_statement},
       {"labeled_statement", &CSharp::labeled},
       {"goto_statement", &CSharp::jump},
       {"return_statement", &CSharp::return_statement},
       {"throw_statement", &CSharp::raise_statement},
       {"throw_expression", &CSharp::raise_statement},
       {"break_statement", &CSharp::break_statement},
       {"continue_statement", &CSharp::continue_statement},
       {"class_declaration", &CSharp::class_declaration},
       {"struct_declaration", &CSharp::class_declaration},
       {"record_declaration", &CSharp::class_declaration},
       {"interface_declaration", &CSharp::class_declaration},
       {"method_declaration", &CSharp::method},
       {"constructor_declaration", &CSharp::method},
       {"destructor_declaration", &CSharp::method},
       {"operator_declaration", &CSharp::method},
       {"local_function_statement", &CSharp::method},
       {"lambda_expression", &CSharp::lambda},
       {"anonymous_method_expression", &CSharp::lambda}});
  return table;
}

}  // namespace

void lower_csharp(Builder& builder) {
  builder.module.body = CSharp(builder).value(0);
}

}  // namespace testgen::scan::ir
