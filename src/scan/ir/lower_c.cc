// C and C++. Names are written with dots and without std::, so that std::system is system. An
// array is the thing "$array"; file-scope numbers are variables, as anyone may set them.
#include "scan/ir/lowering.h"

namespace testgen::scan::ir {
namespace {

class C : public Lowering<C> {
 public:
  using Lowering::Lowering;
  const Handlers<C>& handlers() const;

  Id include(CstIndex i) {
    std::string_view path = tree.text(tree.child(i, Field::path));
    if (path.size() >= 2) module.imports.push_back(path.substr(1, path.size() - 2));
    return kNone;
  }
  // Macros that are one literal are as good as constants.
  Id define(CstIndex i) {
    const CstIndex given = tree.child(i, Field::value);
    if (given == kNoCst) return kNone;
    std::string_view text = trimmed(tree.text(given));
    Id made = kNone;
    if (text.size() >= 2 && text.front() == '"' && text.find('"', 1) == text.size() - 1) {
      made = b.add(Op::String, given, b.decode(text.substr(1, text.size() - 2)));
    } else if (!text.empty() && text.front() >= '0' && text.front() <= '9' &&
               text.find_first_not_of("0123456789abcdefxABCDEFXuUlL.") == std::string_view::npos) {
      made = b.add(Op::Number, given, text);
    }
    if (made == kNone) return kNone;
    const CstIndex named = tree.child(i, Field::name);
    return b.add(Op::Assign, i, {}, {b.name(named, tree.text(named)), made});
  }
  // Which of the two is compiled is not known.
  Id conditional_part(CstIndex i) {
    std::vector<Id> statements;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      const Field field = tree[c].field;
      if (field == Field::name || field == Field::condition || field == Field::alternative) {
        continue;
      }
      if (const Id id = lower(c); id != kNone) statements.push_back(id);
    }
    const Id then = b.add(Op::Block, i, {}, statements);
    const CstIndex rest = tree.child(i, Field::alternative);
    if (tree.kind(i) == "preproc_else") return then;
    if (rest == kNoCst) return b.add(Op::If, i, {}, {b.unknown(i), then});
    return b.add(Op::If, i, {}, {b.unknown(i), then, value(rest)});
  }

  Id declaration(CstIndex i) {
    const CstIndex type = tree.child(i, Field::type);
    std::vector<Id> out;
    if (type != kNoCst && tree.child(type, Field::body) != kNoCst) {
      if (const Id made = lower(type); made != kNone) out.push_back(made);
    }
    bool fixed = current_function != kNone;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "type_qualifier" && tree.text(c) == "const") fixed = true;
      if (tree.kind(c) == "storage_class_specifier" && tree.text(c) == "static" &&
          current_function != kNone) {
        fixed = false;
      }
    }
    for (CstIndex c = tree.first(i); c != kNoCst; c = tree[c].next) {
      if (tree[c].field != Field::declarator) continue;
      // A field's first value stands beside its name.
      CstIndex given = tree.child(c, Field::value);
      if (given == kNoCst && tree[c].next != kNoCst) {
        const CstIndex after = tree.child(i, Field::default_value);
        if (after != kNoCst) given = after;
      }
      if (const Id made = declarator(c, given, type, fixed); made != kNone) out.push_back(made);
    }
    return out.size() == 1 ? out[0] : b.add(Op::Block, i, {}, out);
  }

  Id assignment(CstIndex i) {
    std::string_view op = tree.text(tree.child(i, Field::operator_));
    if (!op.empty()) op.remove_suffix(1);
    return b.add(Op::Assign, i, op,
                 {value(tree.child(i, Field::left)), value(tree.child(i, Field::right))});
  }
  Id update(CstIndex i) {
    return b.add(Op::Assign, i, {}, {value(tree.child(i, Field::argument)), b.unknown(i)});
  }
  Id comma(CstIndex i) {
    const Id first = value(tree.child(i, Field::left));
    const Id last = value(tree.child(i, Field::right));
    return b.add(Op::Unknown, i, {}, {first, last});
  }

  Id call(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::function))};
    if (const CstIndex list = tree.child(i, Field::arguments); list != kNoCst) {
      for (const Id id : all(list)) kids.push_back(id);
    }
    return b.add(Op::Call, i, {}, kids);
  }
  Id creation(CstIndex i) {
    std::vector<Id> kids{type_name(tree.child(i, Field::type), i)};
    if (const CstIndex list = tree.child(i, Field::arguments); list != kNoCst) {
      for (const Id id : all(list)) kids.push_back(id);
    }
    return b.add(Op::New, i, {}, kids);
  }
  Id deletion(CstIndex i) {
    return b.add(Op::Call, i, {}, {b.add(Op::Global, i, "delete"), inner(i)});
  }
  Id field(CstIndex i) {
    const CstIndex named = tree.child(i, Field::field);
    return b.add(Op::Member, i, plain_name(named), {value(tree.child(i, Field::argument))});
  }
  Id index(CstIndex i) {
    CstIndex at = tree.child(i, Field::index);
    if (at == kNoCst) {
      at = tree.child(i, Field::indices);
      if (at != kNoCst) at = tree.first_named(at);
    }
    return b.add(Op::Index, i, {},
                 {value(tree.child(i, Field::argument)), at == kNoCst ? b.unknown(i) : value(at)});
  }
  Id pointer(CstIndex i) {
    const Id of = value(tree.child(i, Field::argument));
    const std::string_view op = tree.text(tree.child(i, Field::operator_));
    if (op != "&" || module.nodes[of].op != Op::Name) return of;
    return changed_by_others(i, of);
  }
  Id cast(CstIndex i) {
    const CstIndex type = tree.child(i, Field::type);
    const Id of = value(tree.child(i, Field::value));
    if (type == kNoCst || tree.child(type, Field::declarator) != kNoCst) return of;
    return typed(i, tree.child(type, Field::type), false, of);
  }
  Id size_of(CstIndex i) { return b.unknown(i); }
  Id unary(CstIndex i) {
    const Id of = value(tree.child(i, Field::argument));
    const std::string_view op = tree.text(tree.child(i, Field::operator_));
    if (op == "!" || op == "not") return b.add(Op::Not, i, {}, {of});
    if (op == "-") return b.add(Op::Negate, i, {}, {of});
    return b.add(Op::Unknown, i, {}, {of});
  }
  Id qualified(CstIndex i) {
    std::string out;
    for (const char c : tree.text(i)) {
      if (c == ':') {
        if (!out.empty() && out.back() != '.') out += '.';
      } else if (c != ' ' && c != '\n' && c != '\t') {
        out += c;
      }
    }
    std::string_view name = b.keep(std::move(out));
    if (name.starts_with("std.")) name.remove_prefix(4);
    name = name.substr(0, name.find('<'));
    return name.find('.') == std::string_view::npos ? b.name(i, name) : b.add(Op::Global, i, name);
  }
  Id template_name(CstIndex i) { return value(tree.child(i, Field::name)); }

  Id string(CstIndex i) {
    std::string_view text = tree.text(i);
    const std::size_t open = text.find('"');
    if (open == std::string_view::npos || text.size() < open + 2) return b.unknown(i);
    text = text.substr(open + 1, text.size() - open - 2);
    return b.add(Op::String, i, b.decode(text));
  }
  Id raw_string(CstIndex i) {
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "raw_string_content") return b.add(Op::String, i, tree.text(c));
    }
    return b.add(Op::String, i, {});
  }
  Id character(CstIndex i) {
    const std::string_view text = tree.text(i);
    return b.add(Op::String, i, text.size() >= 2 ? b.decode(text.substr(1, text.size() - 2)) : "");
  }
  // What stands beside a literal is a macro that is one.
  Id joined_strings(CstIndex i) {
    std::vector<Id> parts;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      parts.push_back(tree.kind(c) == "identifier" ? b.add(Op::String, c, {}) : value(c));
    }
    return b.add(Op::Concat, i, {}, parts);
  }
  Id initializers(CstIndex i) {
    bool keyed = false;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      keyed = keyed || tree.kind(c) == "initializer_pair";
    }
    return b.add(keyed ? Op::Map : Op::List, i, {}, all(i));
  }
  Id initializer_pair(CstIndex i) {
    CstIndex named = tree.first_named(i);
    std::string_view key = named == kNoCst ? "" : tree.text(named);
    if (key.starts_with('.')) key.remove_prefix(1);
    return b.add(Op::Pair, i, {}, {b.add(Op::String, i, key), value(tree.child(i, Field::value))});
  }

  Id if_statement(CstIndex i) {
    std::vector<Id> out;
    const Id condition = condition_of(i, out);
    const Id then = value(tree.child(i, Field::consequence));
    const CstIndex rest = tree.child(i, Field::alternative);
    const Id made = rest == kNoCst ? b.add(Op::If, i, {}, {condition, then})
                                   : b.add(Op::If, i, {}, {condition, then, inner(rest)});
    if (out.empty()) return made;
    out.push_back(made);
    return b.add(Op::Block, i, {}, out);
  }
  Id while_statement(CstIndex i) {
    std::vector<Id> out;
    const Id condition = condition_of(i, out);
    out.push_back(
        b.add(Op::Loop, i, {},
              {b.unknown(i), condition, value(tree.child(i, Field::body)), b.add(Op::Block, i)}));
    return b.add(Op::Block, i, {}, out);
  }
  Id do_statement(CstIndex i) {
    const Id body = value(tree.child(i, Field::body));
    const Id condition = value(tree.child(i, Field::condition));
    const Id loop = b.add(Op::Loop, i, {}, {b.unknown(i), condition, body, b.add(Op::Block, i)});
    // do { … } while (0) is a block.
    if (module.nodes[condition].op == Op::Number || module.nodes[condition].op == Op::False) {
      return loop_once(i, body);
    }
    return b.add(Op::Block, i, {}, {loop_once(i, body), loop});
  }
  Id for_statement(CstIndex i) {
    std::vector<Id> out;
    if (const CstIndex first = tree.child(i, Field::initializer); first != kNoCst) {
      out.push_back(value(first));
    }
    std::vector<Id> body{value(tree.child(i, Field::body))};
    if (const CstIndex step = tree.child(i, Field::update); step != kNoCst) {
      body.push_back(value(step));
    }
    const CstIndex condition = tree.child(i, Field::condition);
    out.push_back(b.add(Op::Loop, i, {},
                        {b.unknown(i), condition == kNoCst ? b.add(Op::True, i) : value(condition),
                         b.add(Op::Block, i, {}, body), b.add(Op::Block, i)}));
    return b.add(Op::Block, i, {}, out);
  }
  Id for_each(CstIndex i) {
    const Id target = name_of(tree.child(i, Field::declarator));
    const Id over = value(tree.child(i, Field::right));
    const Id id = b.add(Op::Loop, i, {},
                        {target == kNone ? b.unknown(i) : target, over,
                         value(tree.child(i, Field::body)), b.add(Op::Block, i)});
    module.nodes[id].flag = 1;
    return id;
  }
  Id switch_statement(CstIndex i) {
    std::vector<Id> out;
    std::vector<Id> kids{condition_of(i, out)};
    const CstIndex body = tree.child(i, Field::body);
    for (CstIndex c = body == kNoCst ? kNoCst : tree.first_named(body); c != kNoCst;
         c = tree.next_named(c)) {
      if (tree.kind(c) != "case_statement") continue;
      std::vector<Id> statements;
      Id label = kNone;
      for (CstIndex s = tree.first_named(c); s != kNoCst; s = tree.next_named(s)) {
        if (tree[s].field == Field::value) {
          label = value(s);
        } else if (const Id id = lower(s); id != kNone) {
          statements.push_back(id);
        }
      }
      std::vector<Id> made{b.add(Op::Block, c, {}, statements)};
      if (label != kNone) made.push_back(label);
      kids.push_back(b.add(Op::Case, c, {}, made));
      module.nodes[kids.back()].flag = 1;
    }
    out.push_back(b.add(Op::Switch, i, {}, kids));
    return b.add(Op::Block, i, {}, out);
  }
  Id try_statement(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::body)), b.unknown(i)};
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "catch_clause") kids.push_back(value(tree.child(c, Field::body)));
    }
    return b.add(Op::Try, i, {}, kids);
  }
  Id jump(CstIndex i) { return b.add(Op::Raise, i); }
  // Execution gets here from elsewhere, even when it does not from above.
  Id labeled(CstIndex i) {
    std::vector<Id> parts;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree[c].field == Field::label) continue;
      if (const Id id = lower(c); id != kNone) parts.push_back(id);
    }
    const Id made = b.add(Op::Block, i, {}, parts);
    module.nodes[made].flag = 1;
    return made;
  }
  // os << a << b puts them into os.
  Id statement(CstIndex i) {
    const CstIndex of = tree.first_named(i);
    if (of == kNoCst || tree.kind(of) != "binary_expression") return inner(i);
    std::vector<CstIndex> parts;
    CstIndex at = of;
    while (at != kNoCst && tree.kind(at) == "binary_expression" &&
           tree.text(tree.child(at, Field::operator_)) == "<<") {
      parts.push_back(tree.child(at, Field::right));
      at = tree.child(at, Field::left);
    }
    if (parts.empty() || at == kNoCst) return inner(i);
    const Id object = value(at);
    std::vector<Id> kids{b.add(Op::Member, at, "write", {object})};
    for (auto it = parts.rbegin(); it != parts.rend(); ++it) kids.push_back(value(*it));
    return b.add(Op::Call, i, {}, kids);
  }

  Id class_declaration(CstIndex i) {
    const CstIndex body = tree.child(i, Field::body);
    if (body == kNoCst) return kNone;
    const CstIndex named = tree.child(i, Field::name);
    const std::string_view called = named == kNoCst ? "" : tree.text(named);
    if (!called.empty()) b.symbol(called);
    return class_block(i, called, {}, body);
  }
  Id function_definition(CstIndex i) {
    CstIndex at = tree.child(i, Field::declarator);
    while (at != kNoCst && tree.kind(at) != "function_declarator") {
      at = tree.child(at, Field::declarator);
    }
    if (at == kNoCst) return over_parts(i);
    const Id named = name_of(tree.child(at, Field::declarator));
    std::string_view called = named == kNone ? "" : module.nodes[named].text;
    if (const std::size_t dot = called.rfind('.'); dot != std::string_view::npos) {
      called = called.substr(dot + 1);
    }
    const Id id = function(i, called, [&](Function& made) {
      made.is_static = true;
      parameters(tree.child(at, Field::parameters), made);
      const CstIndex body = tree.child(i, Field::body);
      made.body = body == kNoCst ? b.add(Op::Block, i) : value(body);
    });
    if (called.empty()) return id;
    return b.add(Op::Assign, i, {}, {b.name(i, called), id});
  }
  Id lambda(CstIndex i) {
    return function(i, {}, [&](Function& made) {
      const CstIndex head = tree.child(i, Field::declarator);
      if (head != kNoCst) parameters(tree.child(head, Field::parameters), made);
      made.body = value(tree.child(i, Field::body));
    });
  }

 private:
  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
      text.remove_suffix(1);
    }
    return text;
  }
  std::string_view plain_name(CstIndex i) const {
    if (i == kNoCst) return {};
    if (tree.kind(i) == "template_method") i = tree.child(i, Field::name);
    return i == kNoCst ? std::string_view() : tree.text(i);
  }
  // Whoever has the address may have put something else there.
  Id changed_by_others(CstIndex i, Id name) {
    const Id open = b.add(Op::Unknown, i, {}, {name});
    module.nodes[open].flag = 1;
    return b.add(Op::Assign, i, {}, {name, open});
  }
  Id loop_once(CstIndex i, Id body) {
    // A break inside leaves only it.
    const Id one = b.add(Op::Case, i, {}, {body});
    return b.add(Op::Switch, i, {}, {b.unknown(i), one});
  }
  Id condition_of(CstIndex i, std::vector<Id>& before) {
    CstIndex at = tree.child(i, Field::condition);
    if (at != kNoCst && tree.kind(at) == "condition_clause") {
      if (const CstIndex first = tree.child(at, Field::initializer); first != kNoCst) {
        before.push_back(value(first));
      }
      at = tree.child(at, Field::value);
    }
    if (at == kNoCst) return b.unknown(i);
    const Id made = value(at);
    if (module.nodes[made].op == Op::Block) {
      before.push_back(made);
      return b.unknown(at);
    }
    return made;
  }
  // The name inside *(x[3])(int).
  Id name_of(CstIndex i) {
    for (int depth = 0; i != kNoCst && depth < 20; ++depth) {
      const std::string_view kind = tree.kind(i);
      if (kind == "identifier" || kind == "field_identifier" || kind == "type_identifier") {
        return b.name(i, tree.text(i));
      }
      if (kind == "qualified_identifier") return qualified(i);
      if (kind == "operator_name" || kind == "destructor_name") return kNone;
      const CstIndex next = tree.child(i, Field::declarator);
      i = next == kNoCst ? tree.first_named(i) : next;
    }
    return kNone;
  }
  bool has_kind(CstIndex i, std::string_view kind) const {
    for (int depth = 0; i != kNoCst && depth < 20; ++depth) {
      if (tree.kind(i) == kind) return true;
      i = tree.child(i, Field::declarator);
    }
    return false;
  }
  Id declarator(CstIndex i, CstIndex given, CstIndex type, bool fixed) {
    if (has_kind(i, "function_declarator")) return kNone;  // a prototype
    const Id named = name_of(i);
    if (named == kNone) return given == kNoCst ? kNone : value(given);
    const bool array = has_kind(i, "array_declarator");
    const bool pointer = has_kind(i, "pointer_declarator");
    Id made = kNone;
    if (given == kNoCst) {
      made = array ? b.add(Op::Global, i, "$array") : b.unknown(i);
    } else if (tree.kind(given) == "argument_list") {
      std::vector<Id> kids{type_name(type, i)};
      for (const Id id : all(given)) kids.push_back(id);
      if (kids.size() == 2 && type_text(type, false) == "string") {
        return b.add(Op::Assign, i, {}, {named, kids[1]});
      }
      return b.add(Op::Assign, i, {}, {named, b.add(Op::New, i, {}, kids)});
    } else {
      made = value(given);
      const Op op = module.nodes[made].op;
      const bool plain = op == Op::Number || op == Op::True || op == Op::False || op == Op::Null;
      const bool text = op == Op::String && !module.nodes[made].text.empty();
      if (array && !text) made = b.add(Op::Global, i, "$array");
      if (!fixed && plain) made = b.add(Op::Unknown, i, {}, {made});
    }
    return b.add(Op::Assign, i, {}, {named, array ? made : typed(i, type, pointer, made)});
  }
  // The type as a name; nothing for what says nothing of the value.
  std::string_view type_text(CstIndex type, bool pointer) {
    if (type == kNoCst) return {};
    const std::string_view kind = tree.kind(type);
    if (kind == "sized_type_specifier" || kind == "placeholder_type_specifier") return {};
    if (kind == "primitive_type")
      return pointer || tree.text(type) == "char" ? "" : tree.text(type);
    if (kind == "struct_specifier" || kind == "class_specifier" || kind == "union_specifier" ||
        kind == "template_type") {
      type = tree.child(type, Field::name);
      return type == kNoCst ? std::string_view() : tree.text(type);
    }
    if (kind == "enum_specifier" || kind == "decltype") return {};
    if (kind == "qualified_identifier") return module.nodes[qualified(type)].text;
    return tree.text(type);
  }
  Id type_name(CstIndex type, CstIndex at) {
    const std::string_view text = type_text(type, false);
    if (text.empty()) return b.unknown(at);
    return text.find('.') == std::string_view::npos ? b.name(type, text)
                                                    : b.add(Op::Global, type, text);
  }
  Id typed(CstIndex at, CstIndex type, bool pointer, Id of) {
    const std::string_view text = type_text(type, pointer);
    return text.empty() ? of : b.add(Op::Typed, at, text, {of});
  }
  void parameters(CstIndex list, Function& made) {
    if (list == kNoCst) return;
    for (CstIndex c = tree.first_named(list); c != kNoCst; c = tree.next_named(c)) {
      const CstIndex head = tree.child(c, Field::declarator);
      const Id named = name_of(head);
      if (head == kNoCst || named == kNone) continue;
      Parameter parameter;
      parameter.name = module.nodes[named].text;
      parameter.symbol = b.symbol(parameter.name);
      const bool indirect =
          has_kind(head, "pointer_declarator") || has_kind(head, "array_declarator");
      parameter.type = type_text(tree.child(c, Field::type), indirect);
      if (parameter.type == "string" || parameter.type == "string_view") parameter.type = {};
      made.parameters.push_back(std::move(parameter));
    }
  }
};

Handlers<C> table_of(Language language) {
  return {Grammar::of(language),
          {{"translation_unit", &C::block},
           {"compound_statement", &C::block},
           {"declaration_list", &C::block},
           {"field_declaration_list", &C::block},
           {"linkage_specification", &C::block},
           {"namespace_definition", &C::block},
           {"template_declaration", &C::block},
           {"init_statement", &C::block},
           {"template_parameter_list", &C::nothing},
           {"namespace_identifier", &C::nothing},
           {"nested_namespace_specifier", &C::nothing},
           {"access_specifier", &C::nothing},
           {"using_declaration", &C::nothing},
           {"alias_declaration", &C::nothing},
           {"type_definition", &C::nothing},
           {"friend_declaration", &C::nothing},
           {"static_assert_declaration", &C::nothing},
           {"enum_specifier", &C::nothing},
           {"comment", &C::nothing},
           {"preproc_include", &C::include},
           {"preproc_def", &C::define},
           {"preproc_function_def", &C::nothing},
           {"preproc_call", &C::nothing},
           {"preproc_if", &C::conditional_part},
           {"preproc_ifdef", &C::conditional_part},
           {"preproc_elif", &C::conditional_part},
           {"preproc_elifdef", &C::conditional_part},
           {"preproc_else", &C::conditional_part},
           {"declaration", &C::declaration},
           {"field_declaration", &C::declaration},
           {"function_definition", &C::function_definition},
           {"lambda_expression", &C::lambda},
           {"struct_specifier", &C::class_declaration},
           {"class_specifier", &C::class_declaration},
           {"union_specifier", &C::class_declaration},
           {"identifier", &C::identifier},
           {"field_identifier", &C::identifier},
           {"type_identifier", &C::identifier},
           {"this", &C::identifier},
           {"qualified_identifier", &C::qualified},
           {"template_function", &C::template_name},
           {"string_literal", &C::string},
           {"raw_string_literal", &C::raw_string},
           {"concatenated_string", &C::joined_strings},
           {"char_literal", &C::character},
           {"number_literal", &C::number},
           {"true", &C::true_value},
           {"false", &C::false_value},
           {"null", &C::null_value},
           {"expression_statement", &C::statement},
           {"parenthesized_expression", &C::inner},
           {"assignment_expression", &C::assignment},
           {"update_expression", &C::update},
           {"comma_expression", &C::comma},
           {"call_expression", &C::call},
           {"new_expression", &C::creation},
           {"delete_expression", &C::deletion},
           {"field_expression", &C::field},
           {"subscript_expression", &C::index},
           {"pointer_expression", &C::pointer},
           {"cast_expression", &C::cast},
           {"sizeof_expression", &C::size_of},
           {"unary_expression", &C::unary},
           {"binary_expression", &C::binary},
           {"conditional_expression", &C::ternary},
           {"initializer_list", &C::initializers},
           {"initializer_pair", &C::initializer_pair},
           {"if_statement", &C::if_statement},
           {"while_statement", &C::while_statement},
           {"do_statement", &C::do_statement},
           {"for_statement", &C::for_statement},
           {"for_range_loop", &C::for_each},
           {"switch_statement", &C::switch_statement},
           {"try_statement", &C::try_statement},
           {"goto_statement", &C::jump},
           {"labeled_statement", &C::labeled},
           {"return_statement", &C::return_statement},
           {"throw_statement", &C::raise_statement},
           {"break_statement", &C::break_statement},
           {"continue_statement", &C::continue_statement}}};
}

const Handlers<C>& C::handlers() const {
  static const Handlers<C> c = table_of(Language::C);
  static const Handlers<C> cpp = table_of(Language::Cpp);
  return module.language == Language::Cpp ? cpp : c;
}

}  // namespace

void lower_c(Builder& builder) {
  builder.module.body = C(builder).value(0);
}

}  // namespace testgen::scan::ir
