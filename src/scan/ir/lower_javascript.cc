// JavaScript and TypeScript, whose grammars share their names. require and import become
// assignments of whole names; types are left out.
#include "scan/ir/lowering.h"

namespace testgen::scan::ir {
namespace {

class JavaScript : public Lowering<JavaScript> {
 public:
  using Lowering::Lowering;
  const Handlers<JavaScript>& handlers() const;

  Id declaration(CstIndex i) {
    std::vector<Id> out;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) != "variable_declarator") continue;
      const CstIndex initial = tree.child(c, Field::value);
      const Id target = value(tree.child(c, Field::name));
      if (initial == kNoCst) {
        out.push_back(b.add(Op::Assign, c, {}, {target, b.add(Op::Null, c)}));
        continue;
      }
      out.push_back(b.add(Op::Assign, c, {}, {target, value(initial)}));
    }
    return out.size() == 1 ? out[0] : b.add(Op::Block, i, {}, out);
  }
  Id assignment(CstIndex i) {
    return b.add(Op::Assign, i, {},
                 {value(tree.child(i, Field::left)), value(tree.child(i, Field::right))});
  }
  Id augmented(CstIndex i) {
    std::string_view op = tree.text(tree.child(i, Field::operator_));
    op.remove_suffix(1);
    return b.add(Op::Assign, i, op,
                 {value(tree.child(i, Field::left)), value(tree.child(i, Field::right))});
  }
  Id update(CstIndex i) {
    return b.add(Op::Assign, i, {}, {value(tree.child(i, Field::argument)), b.unknown(i)});
  }
  Id call(CstIndex i) {
    const CstIndex function_at = tree.child(i, Field::function);
    const CstIndex arguments = tree.child(i, Field::arguments);
    if (function_at != kNoCst && tree.text(function_at) == "require") {
      const CstIndex name = arguments == kNoCst ? kNoCst : tree.first_named(arguments);
      if (name != kNoCst && tree.kind(name) == "string")
        return b.add(Op::Global, i, imported(name));
    }
    std::vector<Id> kids{value(function_at)};
    if (arguments != kNoCst && tree.kind(arguments) == "template_string") {
      kids.push_back(value(arguments));
    } else if (arguments != kNoCst) {
      for (const Id id : all(arguments)) kids.push_back(id);
    }
    return b.add(Op::Call, i, {}, kids);
  }
  Id creation(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::constructor))};
    if (const CstIndex arguments = tree.child(i, Field::arguments); arguments != kNoCst) {
      for (const Id id : all(arguments)) kids.push_back(id);
    }
    return b.add(Op::New, i, {}, kids);
  }
  Id member(CstIndex i) {
    return b.add(Op::Member, i, tree.text(tree.child(i, Field::property)),
                 {value(tree.child(i, Field::object))});
  }
  Id subscript(CstIndex i) {
    return b.add(Op::Index, i, {},
                 {value(tree.child(i, Field::object)), value(tree.child(i, Field::index))});
  }
  Id string(CstIndex i) {
    std::string_view text = tree.text(i);
    if (text.size() >= 2) text = text.substr(1, text.size() - 2);
    return b.add(Op::String, i, b.decode(text));
  }
  Id regex(CstIndex i) { return b.add(Op::String, i, tree.text(i)); }
  Id template_string(CstIndex i) {
    std::vector<Id> parts;
    std::uint32_t at = tree[i].start + 1;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) != "template_substitution") continue;
      literal_part(i, at, tree[c].start, parts);
      parts.push_back(inner(c));
      at = tree[c].end;
    }
    literal_part(i, at, tree[i].end > 0 ? tree[i].end - 1 : 0, parts);
    if (parts.empty()) return b.add(Op::String, i, "");
    if (parts.size() == 1 && module[parts[0]].op == Op::String) return parts[0];
    return b.add(Op::Concat, i, {}, parts);
  }
  Id unary(CstIndex i) {
    const Id of = value(tree.child(i, Field::argument));
    const std::string_view op = tree.text(tree.child(i, Field::operator_));
    if (op == "!") return b.add(Op::Not, i, {}, {of});
    if (op == "-") return b.add(Op::Negate, i, {}, {of});
    if (op == "+" || op == "typeof" || op == "~" || op == "delete") {
      b.add(Op::Block, i, {}, {of});
      return b.add(Op::Call, i, {}, {b.add(Op::Global, i, "Number"), of});
    }
    return b.add(Op::Unknown, i, {}, {of});
  }
  Id object(CstIndex i) { return b.add(Op::Map, i, {}, all(i)); }
  Id pair(CstIndex i) {
    const CstIndex key = tree.child(i, Field::key);
    return b.add(Op::Pair, i, {}, {key_of(key), value(tree.child(i, Field::value))});
  }
  Id shorthand(CstIndex i) {
    return b.add(Op::Pair, i, {}, {b.add(Op::String, i, tree.text(i)), b.name(i, tree.text(i))});
  }
  // { a = 1 } in a pattern.
  Id pattern_default(CstIndex i) {
    const CstIndex left = tree.child(i, Field::left);
    const Id target = b.name(left, tree.text(left));
    const Id with = b.add(Op::Assign, i, {}, {target, value(tree.child(i, Field::right))});
    return b.add(Op::Pair, i, {}, {b.add(Op::String, left, tree.text(left)), with});
  }
  Id spread(CstIndex i) { return b.add(Op::Spread, i, {}, {inner(i)}); }
  Id sequence(CstIndex i) {
    const std::vector<Id> parts = all(i);
    return parts.size() == 1 ? parts[0] : b.add(Op::Unknown, i, {}, parts);
  }

  Id if_statement(CstIndex i) {
    const Id condition = value(tree.child(i, Field::condition));
    const Id then = value(tree.child(i, Field::consequence));
    const CstIndex rest = tree.child(i, Field::alternative);
    if (rest == kNoCst) return b.add(Op::If, i, {}, {condition, then});
    return b.add(Op::If, i, {}, {condition, then, inner(rest)});
  }
  Id for_statement(CstIndex i) {
    std::vector<Id> out;
    if (const CstIndex first = tree.child(i, Field::initializer); first != kNoCst) {
      out.push_back(value(first));
    }
    std::vector<Id> body{value(tree.child(i, Field::body))};
    if (const CstIndex step = tree.child(i, Field::increment); step != kNoCst) {
      body.push_back(value(step));
    }
    const CstIndex condition = tree.child(i, Field::condition);
    out.push_back(b.add(Op::Loop, i, {},
                        {b.unknown(i), condition == kNoCst ? b.unknown(i) : value(condition),
                         b.add(Op::Block, i, {}, body), b.add(Op::Block, i)}));
    return b.add(Op::Block, i, {}, out);
  }
  Id for_in(CstIndex i) {
    const Id target = value(tree.child(i, Field::left));
    const Id over = value(tree.child(i, Field::right));
    const Id id = b.add(Op::Loop, i, {},
                        {target, over, value(tree.child(i, Field::body)), b.add(Op::Block, i)});
    module.nodes[id].flag = 1;
    return id;
  }
  Id try_statement(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::body))};
    const CstIndex last = tree.child(i, Field::finalizer);
    kids.push_back(last == kNoCst ? b.unknown(i) : value(tree.child(last, Field::body)));
    if (const CstIndex handler = tree.child(i, Field::handler); handler != kNoCst) {
      std::vector<Id> parts;
      if (const CstIndex caught = tree.child(handler, Field::parameter); caught != kNoCst) {
        // What was caught is an error, by a name of our own.
        parts.push_back(
            b.add(Op::Assign, caught, {}, {value(caught), b.add(Op::Global, caught, "$error")}));
      }
      parts.push_back(value(tree.child(handler, Field::body)));
      kids.push_back(b.add(Op::Block, handler, {}, parts));
    }
    return b.add(Op::Try, i, {}, kids);
  }
  Id switch_statement(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::value))};
    const CstIndex body = tree.child(i, Field::body);
    for (CstIndex c = body == kNoCst ? kNoCst : tree.first_named(body); c != kNoCst;
         c = tree.next_named(c)) {
      std::vector<Id> statements;
      for (CstIndex s = tree.first(c); s != kNoCst; s = tree[s].next) {
        if (tree[s].field == Field::body && tree[s].named) statements.push_back(value(s));
      }
      std::vector<Id> parts{b.add(Op::Block, c, {}, statements)};
      if (const CstIndex label = tree.child(c, Field::value); label != kNoCst) {
        parts.push_back(value(label));
      }
      const Id made = b.add(Op::Case, c, {}, parts);
      module.nodes[made].flag = 1;
      kids.push_back(made);
    }
    return b.add(Op::Switch, i, {}, kids);
  }

  Id function_value(CstIndex i) {
    const CstIndex named = tree.child(i, Field::name);
    return make_function(i, named == kNoCst ? std::string_view() : tree.text(named), {});
  }
  Id function_declaration(CstIndex i) {
    const std::string_view called = tree.text(tree.child(i, Field::name));
    const Id id = make_function(i, called, {});
    return b.add(Op::Assign, i, {}, {b.name(i, called), id});
  }
  Id method(CstIndex i) {
    const CstIndex named = tree.child(i, Field::name);
    const Id id = make_function(i, tree.text(named), std::exchange(pending_, {}));
    const CstIndex parent = tree[i].parent;
    if (parent != kNoCst && tree.kind(parent) == "object") {
      return b.add(Op::Pair, i, {}, {key_of(named), id});
    }
    return b.add(Op::Assign, i, {}, {b.name(named, tree.text(named)), id});
  }
  Id class_value(CstIndex i) {
    const CstIndex named = tree.child(i, Field::name);
    std::string_view called = named == kNoCst ? std::string_view() : tree.text(named);
    if (!called.empty()) b.symbol(called);
    std::vector<std::string_view> bases;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "class_heritage") bases.push_back(tree.text(c));
    }
    return class_block(i, called, std::move(bases), tree.child(i, Field::body));
  }
  Id field(CstIndex i) {
    CstIndex named = tree.child(i, Field::property);
    if (named == kNoCst) named = tree.child(i, Field::name);
    const CstIndex given = tree.child(i, Field::value);
    if (given == kNoCst || named == kNoCst) return kNone;
    return b.add(Op::Assign, i, {}, {b.name(named, tree.text(named)), value(given)});
  }
  Id this_value(CstIndex i) { return b.name(i, "this"); }
  Id decorator(CstIndex i) {
    const Id id = inner(i);
    pending_.push_back(id);
    return id;
  }

  Id import_statement(CstIndex i) {
    const CstIndex source = tree.child(i, Field::source);
    if (source == kNoCst) return kNone;
    const std::string_view from = imported(source);
    std::vector<Id> out;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "import_clause") import_clause(c, from, out);
    }
    return b.add(Op::Block, i, {}, out);
  }
  Id export_statement(CstIndex i) {
    const CstIndex declared = tree.child(i, Field::declaration);
    if (declared != kNoCst) return value(declared);
    const CstIndex given = tree.child(i, Field::value);
    return given == kNoCst ? kNone : value(given);
  }
  Id typed(CstIndex i) { return inner(i); }
  Id jsx_attribute(CstIndex i) {
    const CstIndex named = tree.first_named(i);
    const CstIndex given = named == kNoCst ? kNoCst : tree.next_named(named);
    if (given == kNoCst) return kNone;
    const Id target = b.add(Op::Member, i, tree.text(named), {b.add(Op::Global, i, "$jsx")});
    return b.add(Op::Assign, i, {}, {target, value(given)});
  }

 private:
  void literal_part(CstIndex i, std::uint32_t begin, std::uint32_t end, std::vector<Id>& parts) {
    if (end <= begin) return;
    parts.push_back(b.add(Op::String, i, b.decode(tree.text().substr(begin, end - begin))));
  }
  Id key_of(CstIndex key) {
    if (key == kNoCst) return b.unknown(0);
    const std::string_view kind = tree.kind(key);
    if (kind == "computed_property_name") return inner(key);
    if (kind == "string" || kind == "number") return value(key);
    return b.add(Op::String, key, tree.text(key));
  }
  // "node:fs/promises" is fs.promises.
  std::string_view imported(CstIndex string_at) {
    std::string_view text = tree.text(string_at);
    if (text.size() >= 2) text = text.substr(1, text.size() - 2);
    if (text.starts_with("node:")) text.remove_prefix(5);
    module.imports.push_back(text);
    while (text.starts_with("./") || text.starts_with("../"))
      text.remove_prefix(text.find('/') + 1);
    if (text.find('/') == std::string_view::npos && text.find('.') == std::string_view::npos) {
      return text;
    }
    std::string dotted(text);
    for (char& c : dotted) {
      if (c == '/') c = '.';
    }
    return b.keep(std::move(dotted));
  }
  void import_clause(CstIndex i, std::string_view from, std::vector<Id>& out) {
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      const std::string_view kind = tree.kind(c);
      if (kind == "identifier") {
        bind(c, tree.text(c), from, out);
      } else if (kind == "namespace_import") {
        const CstIndex named = tree.first_named(c);
        if (named != kNoCst) bind(c, tree.text(named), from, out);
      } else if (kind == "named_imports") {
        for (CstIndex s = tree.first_named(c); s != kNoCst; s = tree.next_named(s)) {
          const CstIndex named = tree.child(s, Field::name);
          if (named == kNoCst) continue;
          const CstIndex alias = tree.child(s, Field::alias);
          const std::string_view name = tree.text(named);
          const std::string_view whole =
              name == "default" ? from : b.keep(std::string(from) + "." + std::string(name));
          bind(s, alias == kNoCst ? name : tree.text(alias), whole, out);
        }
      }
    }
  }
  void bind(CstIndex at, std::string_view name, std::string_view whole, std::vector<Id>& out) {
    out.push_back(
        b.add(Op::Assign, at, "import", {b.name(at, name), b.add(Op::Global, at, whole)}));
  }
  Id make_function(CstIndex i, std::string_view called, std::vector<Id> decorators) {
    return function(i, called, [&](Function& made) {
      made.decorators = std::move(decorators);
      made.is_static = true;
      std::vector<Id> unpack;
      const CstIndex one = tree.child(i, Field::parameter);
      if (one != kNoCst) add_parameter(one, made, unpack);
      const CstIndex list = tree.child(i, Field::parameters);
      for (CstIndex c = list == kNoCst ? kNoCst : tree.first_named(list); c != kNoCst;
           c = tree.next_named(c)) {
        add_parameter(c, made, unpack);
      }
      const CstIndex body = tree.child(i, Field::body);
      made.expression = body != kNoCst && tree.kind(body) != "statement_block" && unpack.empty();
      Id code = body == kNoCst ? b.add(Op::Block, i) : value(body);
      if (!unpack.empty()) {
        if (tree.kind(body) != "statement_block") code = b.add(Op::Return, body, {}, {code});
        unpack.push_back(code);
        code = b.add(Op::Block, i, {}, unpack);
      }
      made.body = code;
    });
  }
  void add_parameter(CstIndex c, Function& made, std::vector<Id>& unpack) {
    Parameter parameter;
    CstIndex named = c;
    std::string_view kind = tree.kind(c);
    if (kind == "required_parameter" || kind == "optional_parameter") {
      if (const CstIndex type = tree.child(c, Field::type); type != kNoCst) {
        std::string_view text = tree.text(type);
        while (text.starts_with(':') || text.starts_with(' ')) text.remove_prefix(1);
        parameter.type = text;
      }
      for (CstIndex d = tree.first_named(c); d != kNoCst; d = tree.next_named(d)) {
        if (tree.kind(d) == "decorator") parameter.annotations.push_back(annotation(d));
      }
      if (const CstIndex given = tree.child(c, Field::value); given != kNoCst) {
        parameter.standard = value(given);
      }
      named = tree.child(c, Field::pattern);
      if (named == kNoCst) named = tree.first_named(c);
      if (named == kNoCst) return;
      kind = tree.kind(named);
    }
    if (kind == "assignment_pattern") {
      parameter.standard = value(tree.child(named, Field::right));
      named = tree.child(named, Field::left);
      kind = tree.kind(named);
    }
    if (kind == "rest_pattern") {
      parameter.rest = true;
      named = tree.first_named(named);
      if (named == kNoCst) return;
    }
    parameter.name = tree.text(named);
    parameter.symbol = b.symbol(parameter.name);
    if (kind == "object_pattern" || kind == "array_pattern") {
      // The whole is a parameter without a name; its parts are taken out at the start.
      unpack.push_back(b.add(Op::Assign, named, {}, {value(named), b.name(named, parameter.name)}));
    }
    made.parameters.push_back(std::move(parameter));
  }
  Id annotation(CstIndex i) {
    const CstIndex of = tree.first_named(i);
    if (of == kNoCst) return b.unknown(i);
    const CstIndex called =
        tree.kind(of) == "call_expression" ? tree.child(of, Field::function) : of;
    return b.name(i, tree.text(called));
  }

  std::vector<Id> pending_;
};

const Handlers<JavaScript>& JavaScript::handlers() const {
  static const auto make = [](Language language) {
    return Handlers<JavaScript>(
        Grammar::of(language),
        {{"program", &JavaScript::block},
         {"statement_block", &JavaScript::block},
         {"class_body", &JavaScript::block},
         {"class_static_block", &JavaScript::block},
         {"comment", &JavaScript::nothing},
         {"hash_bang_line", &JavaScript::nothing},
         {"empty_statement", &JavaScript::nothing},
         {"type_alias_declaration", &JavaScript::nothing},
         {"interface_declaration", &JavaScript::nothing},
         {"type_annotation", &JavaScript::nothing},
         {"type_arguments", &JavaScript::nothing},
         {"identifier", &JavaScript::identifier},
         {"shorthand_property_identifier", &JavaScript::shorthand},
         {"shorthand_property_identifier_pattern", &JavaScript::shorthand},
         {"this", &JavaScript::this_value},
         {"string", &JavaScript::string},
         {"template_string", &JavaScript::template_string},
         {"regex", &JavaScript::regex},
         {"number", &JavaScript::number},
         {"true", &JavaScript::true_value},
         {"false", &JavaScript::false_value},
         {"null", &JavaScript::null_value},
         {"undefined", &JavaScript::null_value},
         {"expression_statement", &JavaScript::inner},
         {"parenthesized_expression", &JavaScript::inner},
         {"await_expression", &JavaScript::inner},
         {"as_expression", &JavaScript::typed},
         {"satisfies_expression", &JavaScript::typed},
         {"non_null_expression", &JavaScript::typed},
         {"jsx_expression", &JavaScript::sequence},
         {"jsx_attribute", &JavaScript::jsx_attribute},
         {"lexical_declaration", &JavaScript::declaration},
         {"variable_declaration", &JavaScript::declaration},
         {"assignment_expression", &JavaScript::assignment},
         {"augmented_assignment_expression", &JavaScript::augmented},
         {"assignment_pattern", &JavaScript::assignment},
         {"object_assignment_pattern", &JavaScript::pattern_default},
         {"update_expression", &JavaScript::update},
         {"call_expression", &JavaScript::call},
         {"new_expression", &JavaScript::creation},
         {"member_expression", &JavaScript::member},
         {"subscript_expression", &JavaScript::subscript},
         {"binary_expression", &JavaScript::binary},
         {"unary_expression", &JavaScript::unary},
         {"ternary_expression", &JavaScript::ternary},
         {"sequence_expression", &JavaScript::sequence},
         {"object", &JavaScript::object},
         {"object_pattern", &JavaScript::object},
         {"pair", &JavaScript::pair},
         {"pair_pattern", &JavaScript::pair},
         {"array", &JavaScript::list},
         {"array_pattern", &JavaScript::list},
         {"spread_element", &JavaScript::spread},
         {"rest_pattern", &JavaScript::spread},
         {"if_statement", &JavaScript::if_statement},
         {"while_statement", &JavaScript::while_statement},
         {"do_statement", &JavaScript::while_statement},
         {"for_statement", &JavaScript::for_statement},
         {"for_in_statement", &JavaScript::for_in},
         {"try_statement", &JavaScript::try_statement},
         {"switch_statement", &JavaScript::switch_statement},
         {"return_statement", &JavaScript::return_statement},
         {"throw_statement", &JavaScript::raise_statement},
         {"break_statement", &JavaScript::break_statement},
         {"continue_statement", &JavaScript::continue_statement},
         {"function_declaration", &JavaScript::function_declaration},
         {"generator_function_declaration", &JavaScript::function_declaration},
         {"function_expression", &JavaScript::function_value},
         {"generator_function", &JavaScript::function_value},
         {"arrow_function", &JavaScript::function_value},
         {"method_definition", &JavaScript::method},
         {"class_declaration", &JavaScript::class_value},
         {"abstract_class_declaration", &JavaScript::class_value},
         {"class", &JavaScript::class_value},
         {"field_definition", &JavaScript::field},
         {"public_field_definition", &JavaScript::field},
         {"decorator", &JavaScript::decorator},
         {"import_statement", &JavaScript::import_statement},
         {"export_statement", &JavaScript::export_statement}});
  };
  static const Handlers<JavaScript> javascript = make(Language::JavaScript);
  static const Handlers<JavaScript> typescript = make(Language::TypeScript);
  static const Handlers<JavaScript> tsx = make(Language::Tsx);
  switch (module.language) {
    case Language::TypeScript:
      return typescript;
    case Language::Tsx:
      return tsx;
    default:
      return javascript;
  }
}

}  // namespace

void lower_javascript(Builder& builder) {
  builder.module.body = JavaScript(builder).value(0);
}

}  // namespace testgen::scan::ir
