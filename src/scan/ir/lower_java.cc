// Java. Declared types become values' names, and imports the types' whole names.
#include "scan/ir/lowering.h"

namespace testgen::scan::ir {
namespace {

class Java : public Lowering<Java> {
 public:
  using Lowering::Lowering;
  const Handlers<Java>& handlers() const;

  Id import_declaration(CstIndex i) {
    const CstIndex named = tree.first_named(i);
    if (named == kNoCst) return kNone;
    const std::string_view whole = tree.text(named);
    module.imports.push_back(whole);
    for (CstIndex c = tree.first(i); c != kNoCst; c = tree[c].next) {
      if (tree.kind(c) == "asterisk") return kNone;
    }
    const std::size_t dot = whole.rfind('.');
    const std::string_view last = dot == std::string_view::npos ? whole : whole.substr(dot + 1);
    return b.add(Op::Assign, i, "import", {b.name(i, last), b.add(Op::Global, i, whole)});
  }

  // java.util.Date inside code; the parts of a name that no import has made shorter.
  Id scoped(CstIndex i) { return b.add(Op::Global, i, tree.text(i)); }
  Id this_value(CstIndex i) {
    if (current_owner_ == kNone) return b.unknown(i);
    return b.name(i, "this");
  }

  Id declaration(CstIndex i) {
    const CstIndex type = tree.child(i, Field::type);
    std::vector<Id> out;
    for (CstIndex c = tree.first(i); c != kNoCst; c = tree[c].next) {
      if (tree[c].field == Field::declarator) out.push_back(declarator(c, type));
    }
    return out.size() == 1 ? out[0] : b.add(Op::Block, i, {}, out);
  }
  Id declarator(CstIndex i, CstIndex type) {
    const CstIndex initial = tree.child(i, Field::value);
    const Id given = initial == kNoCst ? b.unknown(i) : value(initial);
    return b.add(Op::Assign, i, {}, {value(tree.child(i, Field::name)), typed(i, type, given)});
  }
  Id cast(CstIndex i) {
    return typed(i, tree.child(i, Field::type), value(tree.child(i, Field::value)));
  }
  Id instance_of(CstIndex i) {
    return b.add(Op::Compare, i, "instanceof", {value(tree.child(i, Field::left)), b.unknown(i)});
  }

  Id invocation(CstIndex i) {
    const CstIndex object = tree.child(i, Field::object);
    const CstIndex named = tree.child(i, Field::name);
    const std::string_view method = tree.text(named);
    Id callee;
    if (object == kNoCst) {
      callee = b.name(named, method);
    } else {
      callee = b.add(Op::Member, named, method, {value(object)});
      module.nodes[callee].start = tree[object].start;
    }
    return call(Op::Call, i, callee);
  }
  Id creation(CstIndex i) {
    const CstIndex type = tree.child(i, Field::type);
    const Id callee = type_name(type);
    const Id made = call(Op::New, i, callee);
    // An anonymous class: its methods are code like any other.
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "class_body") {
        const Id body = with_class(c, {});
        return b.add(Op::Unknown, i, {}, {body, made});
      }
    }
    return made;
  }
  Id array_creation(CstIndex i) {
    const CstIndex given = tree.child(i, Field::value);
    return given == kNoCst ? b.unknown(i) : value(given);
  }
  Id field_access(CstIndex i) {
    return b.add(Op::Member, i, tree.text(tree.child(i, Field::field)),
                 {value(tree.child(i, Field::object))});
  }
  Id array_access(CstIndex i) {
    return b.add(Op::Index, i, {}, {value(first_kid(i)), value(tree.child(i, Field::index))});
  }
  Id class_literal(CstIndex i) { return b.add(Op::Global, i, tree.text(i)); }

  Id string(CstIndex i) {
    std::string_view text = tree.text(i);
    if (text.starts_with("\"\"\"")) {
      text = text.substr(3, text.size() >= 6 ? text.size() - 6 : 0);
    } else if (text.size() >= 2) {
      text = text.substr(1, text.size() - 2);
    }
    return b.add(Op::String, i, b.decode(text));
  }
  Id unary(CstIndex i) {
    const Id of = value(tree.child(i, Field::operand));
    const std::string_view op = tree.text(tree.child(i, Field::operator_));
    if (op == "!") return b.add(Op::Not, i, {}, {of});
    if (op == "-") return b.add(Op::Negate, i, {}, {of});
    return b.add(Op::Unknown, i, {}, {of});
  }

  Id for_statement(CstIndex i) {
    std::vector<Id> first;
    std::vector<Id> body{value(tree.child(i, Field::body))};
    for (CstIndex c = tree.first(i); c != kNoCst; c = tree[c].next) {
      if (tree[c].field == Field::init) first.push_back(value(c));
      if (tree[c].field == Field::update) body.push_back(value(c));
    }
    const CstIndex condition = tree.child(i, Field::condition);
    first.push_back(b.add(Op::Loop, i, {},
                          {b.unknown(i), condition == kNoCst ? b.unknown(i) : value(condition),
                           b.add(Op::Block, i, {}, body), b.add(Op::Block, i)}));
    // The counter is another number each time.
    return b.add(Op::Block, i, {}, first);
  }
  Id for_each(CstIndex i) {
    const Id target = value(tree.child(i, Field::name));
    const Id over = value(tree.child(i, Field::value));
    const Id id = b.add(Op::Loop, i, {},
                        {target, over, value(tree.child(i, Field::body)), b.add(Op::Block, i)});
    module.nodes[id].flag = 1;
    return id;
  }
  Id update(CstIndex i) {
    // i++ makes i some number.
    const Id target = inner(i);
    return b.add(Op::Assign, i, {}, {target, b.unknown(i)});
  }
  Id try_statement(CstIndex i) {
    std::vector<Id> body;
    if (const CstIndex r = tree.child(i, Field::resources); r != kNoCst) body.push_back(block(r));
    body.push_back(value(tree.child(i, Field::body)));
    return try_around(i, [&] { return b.add(Op::Block, i, {}, body); });
  }
  Id resource(CstIndex i) {
    const CstIndex named = tree.child(i, Field::name);
    if (named == kNoCst) return inner(i);
    return b.add(
        Op::Assign, i, {},
        {value(named), typed(i, tree.child(i, Field::type), value(tree.child(i, Field::value)))});
  }
  Id switch_statement(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::condition))};
    const CstIndex body = tree.child(i, Field::body);
    for (CstIndex c = body == kNoCst ? kNoCst : tree.first_named(body); c != kNoCst;
         c = tree.next_named(c)) {
      std::vector<Id> labels;
      std::vector<Id> statements;
      bool standard = false;
      for (CstIndex part = tree.first_named(c); part != kNoCst; part = tree.next_named(part)) {
        if (tree.kind(part) == "switch_label") {
          const std::vector<Id> found = all(part);
          standard = standard || found.empty();
          labels.insert(labels.end(), found.begin(), found.end());
        } else {
          statements.push_back(value(part));
        }
      }
      if (standard) labels.clear();
      std::vector<Id> parts{b.add(Op::Block, c, {}, statements)};
      parts.insert(parts.end(), labels.begin(), labels.end());
      const Id made = b.add(Op::Case, c, {}, parts);
      module.nodes[made].flag = tree.kind(c) == "switch_rule" ? 0 : 1;
      kids.push_back(made);
    }
    return b.add(Op::Switch, i, {}, kids);
  }

  Id class_declaration(CstIndex i) {
    std::vector<std::string_view> bases;
    if (const CstIndex base = tree.child(i, Field::superclass); base != kNoCst) {
      bases.push_back(tree.text(tree.first_named(base)));
    }
    const std::uint32_t outer = current_owner_;
    current_owner_ = static_cast<std::uint32_t>(module.classes.size());
    const Id made = class_block(i, keep_name(tree.text(tree.child(i, Field::name))),
                                std::move(bases), tree.child(i, Field::body));
    current_owner_ = outer;
    return made;
  }
  Id method(CstIndex i) {
    const std::string_view called = tree.text(tree.child(i, Field::name));
    const std::vector<Id> marks = annotations(i);
    const Id id = function(i, called, [&](Function& made) {
      made.decorators = marks;
      made.is_static = true;  // "this" is a name like others
      if (const CstIndex type = tree.child(i, Field::type); type != kNoCst) {
        made.result = tree.text(type);
      }
      parameters(tree.child(i, Field::parameters), made);
      const CstIndex body = tree.child(i, Field::body);
      made.body = body == kNoCst ? b.add(Op::Block, i) : value(body);
    });
    return b.add(Op::Assign, i, {}, {b.name(i, called), id});
  }
  Id lambda(CstIndex i) {
    return function(i, {}, [&](Function& made) {
      const CstIndex list = tree.child(i, Field::parameters);
      if (list != kNoCst && tree.kind(list) == "identifier") {
        made.parameters.push_back(
            {tree.text(list), b.symbol(tree.text(list)), {}, kNone, false, {}});
      } else {
        parameters(list, made);
      }
      const CstIndex body = tree.child(i, Field::body);
      made.expression = body != kNoCst && tree.kind(body) != "block";
      made.body = value(body);
    });
  }
  Id labeled(CstIndex i) {
    const std::vector<Id> parts = all(i);
    return parts.empty() ? b.unknown(i) : parts.back();
  }

 private:
  std::string_view keep_name(std::string_view name) {
    b.symbol(name);
    return name;
  }
  CstIndex first_kid(CstIndex i) const { return tree.first_named(i); }
  Id with_class(CstIndex body, std::vector<std::string_view> bases) {
    return class_block(body, {}, std::move(bases), body);
  }
  Id type_name(CstIndex type) {
    if (type == kNoCst) return b.unknown(0);
    if (tree.kind(type) == "generic_type") type = tree.first_named(type);
    const std::string_view text = tree.text(type);
    return text.find('.') == std::string_view::npos ? b.name(type, text)
                                                    : b.add(Op::Global, type, text);
  }
  Id typed(CstIndex at, CstIndex type, Id of) {
    return type == kNoCst ? of : b.add(Op::Typed, at, tree.text(type), {of});
  }
  Id call(Op op, CstIndex i, Id callee) {
    std::vector<Id> kids{callee};
    const CstIndex arguments = tree.child(i, Field::arguments);
    if (arguments != kNoCst) {
      for (const Id id : all(arguments)) kids.push_back(id);
    }
    return b.add(op, i, {}, kids);
  }
  std::vector<Id> annotations(CstIndex i) {
    std::vector<Id> out;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) != "modifiers") continue;
      for (CstIndex m = tree.first_named(c); m != kNoCst; m = tree.next_named(m)) {
        if (tree.kind(m).find("annotation") == std::string_view::npos) continue;
        out.push_back(b.name(m, tree.text(tree.child(m, Field::name))));
      }
    }
    return out;
  }
  void parameters(CstIndex list, Function& made) {
    if (list == kNoCst) return;
    for (CstIndex c = tree.first_named(list); c != kNoCst; c = tree.next_named(c)) {
      Parameter parameter;
      CstIndex named = tree.child(c, Field::name);
      if (tree.kind(c) == "identifier") named = c;
      if (tree.kind(c) == "spread_parameter") {
        for (CstIndex v = tree.first_named(c); v != kNoCst; v = tree.next_named(v)) {
          if (tree.kind(v) == "variable_declarator") named = tree.child(v, Field::name);
        }
        parameter.rest = true;
      }
      if (named == kNoCst) continue;
      parameter.name = tree.text(named);
      parameter.symbol = b.symbol(parameter.name);
      if (const CstIndex type = tree.child(c, Field::type); type != kNoCst) {
        parameter.type = tree.text(type);
      }
      parameter.annotations = annotations(c);
      made.parameters.push_back(std::move(parameter));
    }
  }

  std::uint32_t current_owner_ = kNone;
};

const Handlers<Java>& Java::handlers() const {
  static const Handlers<Java> table(Grammar::of(Language::Java),
                                    {{"program", &Java::block},
                                     {"block", &Java::block},
                                     {"class_body", &Java::block},
                                     {"enum_body", &Java::block},
                                     {"interface_body", &Java::block},
                                     {"constructor_body", &Java::block},
                                     {"resource_specification", &Java::block},
                                     {"resource", &Java::resource},
                                     {"package_declaration", &Java::nothing},
                                     {"import_declaration", &Java::import_declaration},
                                     {"line_comment", &Java::nothing},
                                     {"block_comment", &Java::nothing},
                                     {"modifiers", &Java::nothing},
                                     {"identifier", &Java::identifier},
                                     {"type_identifier", &Java::identifier},
                                     {"scoped_identifier", &Java::scoped},
                                     {"scoped_type_identifier", &Java::scoped},
                                     {"this", &Java::this_value},
                                     {"string_literal", &Java::string},
                                     {"character_literal", &Java::string},
                                     {"decimal_integer_literal", &Java::number},
                                     {"hex_integer_literal", &Java::number},
                                     {"decimal_floating_point_literal", &Java::number},
                                     {"true", &Java::true_value},
                                     {"false", &Java::false_value},
                                     {"null_literal", &Java::null_value},
                                     {"expression_statement", &Java::inner},
                                     {"parenthesized_expression", &Java::inner},
                                     {"local_variable_declaration", &Java::declaration},
                                     {"field_declaration", &Java::declaration},
                                     {"constant_declaration", &Java::declaration},
                                     {"assignment_expression", &Java::assignment},
                                     {"binary_expression", &Java::binary},
                                     {"unary_expression", &Java::unary},
                                     {"update_expression", &Java::update},
                                     {"ternary_expression", &Java::ternary},
                                     {"cast_expression", &Java::cast},
                                     {"instanceof_expression", &Java::instance_of},
                                     {"method_invocation", &Java::invocation},
                                     {"object_creation_expression", &Java::creation},
                                     {"array_creation_expression", &Java::array_creation},
                                     {"array_initializer", &Java::list},
                                     {"field_access", &Java::field_access},
                                     {"array_access", &Java::array_access},
                                     {"class_literal", &Java::class_literal},
                                     {"if_statement", &Java::if_statement},
                                     {"while_statement", &Java::while_statement},
                                     {"do_statement", &Java::do_statement},
                                     {"for_statement", &Java::for_statement},
                                     {"enhanced_for_statement", &Java::for_each},
                                     {"try_statement", &Java::try_statement},
                                     {"try_with_resources_statement", &Java::try_statement},
                                     {"switch_expression", &Java::switch_statement},
                                     {"synchronized_statement", &Java::block},
                                     {"labeled_statement", &Java::labeled},
                                     {"return_statement", &Java::return_statement},
                                     {"throw_statement", &Java::raise_statement},
                                     {"break_statement", &Java::break_statement},
                                     {"continue_statement", &Java::continue_statement},
                                     {"class_declaration", &Java::class_declaration},
                                     {"interface_declaration", &Java::class_declaration},
                                     {"enum_declaration", &Java::class_declaration},
                                     {"record_declaration", &Java::class_declaration},
                                     {"method_declaration", &Java::method},
                                     {"constructor_declaration", &Java::method},
                                     {"lambda_expression", &Java::lambda}});
  return table;
}

}  // namespace

void lower_java(Builder& builder) {
  builder.module.body = Java(builder).value(0);
}

}  // namespace testgen::scan::ir
