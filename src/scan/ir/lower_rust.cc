// Rust. Paths are written with dots. What only a compiler can look into, macros, is read from
// their tokens: format! and its kin become texts put together, others calls of "name!". Uses of
// unsafe and static mut become calls of $unsafe and $static_mut, so that rules can ask for them.
#include <algorithm>

#include "scan/ir/lowering.h"
#include "scan/ir/rust_format.h"

namespace testgen::scan::ir {
namespace {

class Rust : public Lowering<Rust> {
 public:
  using Lowering::Lowering;
  const Handlers<Rust>& handlers() const;

  Id items(CstIndex i) { return b.add(Op::Block, i, {}, statements(i)); }
  Id use_declaration(CstIndex i) {
    std::vector<Id> out;
    use(tree.child(i, Field::argument), {}, out);
    return b.add(Op::Block, i, {}, out);
  }
  Id scoped(CstIndex i) {
    const CstIndex path = tree.child(i, Field::path);
    const std::string_view last = tree.text(tree.child(i, Field::name));
    if (path == kNoCst) return b.name(i, last);
    const std::string_view kind = tree.kind(path);
    if (kind == "identifier" || kind == "type_identifier") {
      return b.add(Op::Member, i, last, {b.name(path, tree.text(path))});
    }
    const std::string_view whole = dotted(i);
    return whole.find('.') == std::string_view::npos ? b.name(i, whole)
                                                     : b.add(Op::Global, i, whole);
  }
  Id self_value(CstIndex i) { return b.name(i, "self"); }
  Id boolean(CstIndex i) { return b.add(tree.text(i) == "true" ? Op::True : Op::False, i); }

  Id let_declaration(CstIndex i) {
    const CstIndex given = tree.child(i, Field::value);
    const CstIndex type = tree.child(i, Field::type);
    const Id made = given == kNoCst ? b.unknown(i) : value(given);
    const Id stored = type == kNoCst ? made : typed(i, type, made);
    const Id out = bind(tree.child(i, Field::pattern), stored, i);
    const CstIndex otherwise = tree.child(i, Field::alternative);
    if (otherwise == kNoCst) return out;
    return b.add(Op::Block, i, {}, {b.add(Op::If, i, {}, {b.unknown(i), value(otherwise)}), out});
  }
  Id constant(CstIndex i) {
    const CstIndex given = tree.child(i, Field::value);
    const CstIndex named = tree.child(i, Field::name);
    Id made = given == kNoCst ? b.unknown(i) : value(given);
    bool changes = false;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      changes = changes || tree.kind(c) == "mutable_specifier";
    }
    if (!changes) return b.add(Op::Assign, i, {}, {value(named), made});
    made = b.add(Op::Call, i, {}, {b.add(Op::Global, i, "$static_mut"), made});
    return b.add(Op::Assign, i, {}, {value(named), b.add(Op::Unknown, i, {}, {made})});
  }
  Id assignment(CstIndex i) {
    std::string_view op = tree.text(tree.child(i, Field::operator_));
    if (!op.empty()) op.remove_suffix(1);
    return b.add(Op::Assign, i, op,
                 {value(tree.child(i, Field::left)), value(tree.child(i, Field::right))});
  }
  Id call(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::function))};
    if (const CstIndex list = tree.child(i, Field::arguments); list != kNoCst) {
      for (const Id id : all(list)) kids.push_back(id);
    }
    return b.add(Op::Call, i, {}, kids);
  }
  Id generic_function(CstIndex i) { return value(tree.child(i, Field::function)); }
  Id field(CstIndex i) {
    return b.add(Op::Member, i, tree.text(tree.child(i, Field::field)),
                 {value(tree.child(i, Field::value))});
  }
  Id index(CstIndex i) {
    const std::vector<Id> parts = all(i);
    if (parts.size() != 2) return b.add(Op::Unknown, i, {}, parts);
    return b.add(Op::Index, i, {}, parts);
  }
  Id reference(CstIndex i) {
    const Id of = value(tree.child(i, Field::value));
    bool changes = false;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      changes = changes || tree.kind(c) == "mutable_specifier";
    }
    if (!changes || module.nodes[of].op != Op::Name) return of;
    const Id open = b.add(Op::Unknown, i, {}, {of});
    module.nodes[open].flag = 1;
    return b.add(Op::Assign, i, {}, {of, open});
  }
  Id cast(CstIndex i) {
    return typed(i, tree.child(i, Field::type), value(tree.child(i, Field::value)));
  }
  Id unary(CstIndex i) {
    const Id of = inner(i);
    const std::string_view op = operator_token(i);
    if (op == "!") return b.add(Op::Not, i, {}, {of});
    if (op == "-") return b.add(Op::Negate, i, {}, {of});
    return of;
  }
  Id string(CstIndex i) {
    std::string_view text = tree.text(i);
    const std::size_t open = text.find('"');
    if (open == std::string_view::npos || text.size() < open + 2) return b.add(Op::String, i, {});
    return b.add(Op::String, i, b.decode(text.substr(open + 1, text.size() - open - 2)));
  }
  Id character(CstIndex i) {
    const std::string_view text = tree.text(i);
    return b.add(Op::String, i, text.size() >= 2 ? b.decode(text.substr(1, text.size() - 2)) : "");
  }
  Id raw_string(CstIndex i) {
    const std::string_view text = tree.text(i);
    const std::size_t open = text.find('"');
    const std::size_t close = text.rfind('"');
    if (open == std::string_view::npos || close <= open) return b.add(Op::String, i, {});
    return b.add(Op::String, i, text.substr(open + 1, close - open - 1));
  }
  // T { a: b, ..c }: a call of the type with named arguments, so that rules see one shape.
  Id structure(CstIndex i) {
    std::vector<Id> kids{value(tree.child(i, Field::name))};
    const CstIndex body = tree.child(i, Field::body);
    for (CstIndex c = body == kNoCst ? kNoCst : tree.first_named(body); c != kNoCst;
         c = tree.next_named(c)) {
      const CstIndex named = tree.child(c, Field::field);
      if (named != kNoCst) {
        kids.push_back(
            b.add(Op::KeyArg, c, tree.text(named), {value(tree.child(c, Field::value))}));
      } else if (tree.kind(c) == "shorthand_field_initializer") {
        const CstIndex one = tree.first_named(c);
        if (one == kNoCst) continue;
        kids.push_back(b.add(Op::KeyArg, c, tree.text(one), {b.name(one, tree.text(one))}));
      } else {
        kids.push_back(over_parts(c));
      }
    }
    return b.add(Op::New, i, {}, kids);
  }
  Id unsafe_block(CstIndex i) {
    const Id mark = b.add(Op::Call, i, {}, {b.add(Op::Global, i, "$unsafe")});
    const CstIndex body = tree.first_named(i);
    return b.add(Op::Block, i, {}, {mark, body == kNoCst ? b.unknown(i) : value(body)});
  }
  Id macro(CstIndex i) {
    const CstIndex named = tree.child(i, Field::macro);
    CstIndex body = kNoCst;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "token_tree") body = c;
    }
    const std::string_view whole = named == kNoCst ? "" : dotted(named);
    const std::size_t dot = whole.rfind('.');
    const std::string_view last = dot == std::string_view::npos ? whole : whole.substr(dot + 1);
    std::vector<Id> parts = body == kNoCst ? std::vector<Id>{} : tokens(body);
    if (last == "format" || last == "format_args" || last == "concat") return text_of(i, parts);
    if (last == "vec") return b.add(Op::List, i, {}, parts);
    if (last == "panic" || last == "unreachable" || last == "todo" || last == "unimplemented") {
      return b.add(Op::Raise, i, {}, parts);
    }
    std::vector<Id> kids{b.add(Op::Global, i, b.keep(std::string(whole) + "!"))};
    kids.insert(kids.end(), parts.begin(), parts.end());
    return b.add(Op::Call, i, {}, kids);
  }

  Id if_expression(CstIndex i) {
    std::vector<Id> out;
    const Id condition = condition_of(tree.child(i, Field::condition), out);
    const Id then = value(tree.child(i, Field::consequence));
    const CstIndex rest = tree.child(i, Field::alternative);
    const Id made = rest == kNoCst ? b.add(Op::If, i, {}, {condition, then})
                                   : b.add(Op::If, i, {}, {condition, then, inner(rest)});
    if (out.empty()) return made;
    out.push_back(made);
    return b.add(Op::Block, i, {}, out);
  }
  Id while_expression(CstIndex i) {
    std::vector<Id> out;
    const Id condition = condition_of(tree.child(i, Field::condition), out);
    const Id body = value(tree.child(i, Field::body));
    std::vector<Id> again = out;
    again.push_back(body);
    out.push_back(
        b.add(Op::Loop, i, {},
              {b.unknown(i), condition, b.add(Op::Block, i, {}, again), b.add(Op::Block, i)}));
    return b.add(Op::Block, i, {}, out);
  }
  Id loop_expression(CstIndex i) {
    return b.add(
        Op::Loop, i, {},
        {b.unknown(i), b.add(Op::True, i), value(tree.child(i, Field::body)), b.add(Op::Block, i)});
  }
  Id for_expression(CstIndex i) {
    const Id over = value(tree.child(i, Field::value));
    const CstIndex named = first_name(tree.child(i, Field::pattern));
    const Id target = named == kNoCst ? b.unknown(i) : b.name(named, tree.text(named));
    const Id id = b.add(Op::Loop, i, {},
                        {target, over, value(tree.child(i, Field::body)), b.add(Op::Block, i)});
    module.nodes[id].flag = 1;
    return id;
  }
  Id match_expression(CstIndex i) {
    const Id of = value(tree.child(i, Field::value));
    std::vector<Id> kids{of};
    const CstIndex body = tree.child(i, Field::body);
    for (CstIndex arm = body == kNoCst ? kNoCst : tree.first_named(body); arm != kNoCst;
         arm = tree.next_named(arm)) {
      if (tree.kind(arm) != "match_arm") continue;
      const CstIndex pattern = tree.child(arm, Field::pattern);
      const CstIndex shape = pattern == kNoCst ? kNoCst : tree.first_named(pattern);
      std::vector<Id> statements;
      std::vector<Id> labels;
      const std::string_view kind = shape == kNoCst ? "" : tree.kind(shape);
      const bool any = pattern != kNoCst && tree.text(pattern) == "_";
      if (kind.ends_with("_literal")) {
        labels.push_back(value(shape));
      } else if (!any) {
        labels.push_back(b.unknown(arm));
        bind_names(shape, of, statements);
      }
      statements.push_back(value(tree.child(arm, Field::value)));
      std::vector<Id> made{b.add(Op::Block, arm, {}, statements)};
      made.insert(made.end(), labels.begin(), labels.end());
      kids.push_back(b.add(Op::Case, arm, {}, made));
    }
    return b.add(Op::Switch, i, {}, kids);
  }

  Id implementation(CstIndex i) {
    const CstIndex type = tree.child(i, Field::type);
    std::string_view called = type == kNoCst ? "" : dotted(type);
    called = called.substr(0, called.find('<'));
    b.symbol(called);
    return class_block(i, called, {}, tree.child(i, Field::body));
  }
  Id module_item(CstIndex i) {
    const CstIndex body = tree.child(i, Field::body);
    return body == kNoCst ? kNone : items(body);
  }
  Id function_item(CstIndex i) {
    const CstIndex named = tree.child(i, Field::name);
    const std::string_view called = tree.text(named);
    std::vector<Id> decorators;
    for (const CstIndex mark : std::exchange(marks_, {})) {
      const CstIndex inside = tree.first_named(mark);
      const CstIndex name = inside == kNoCst ? kNoCst : tree.first_named(inside);
      if (name == kNoCst) continue;
      decorators.push_back(value(name));
    }
    const Id id = function(i, called, [&](Function& made) {
      made.decorators = decorators;
      made.is_static = true;
      parameters(tree.child(i, Field::parameters), made);
      fill_body(tree.child(i, Field::body), i, made);
    });
    return b.add(Op::Assign, i, {}, {b.name(named, called), id});
  }
  Id closure(CstIndex i) {
    return function(i, {}, [&](Function& made) {
      parameters(tree.child(i, Field::parameters), made);
      fill_body(tree.child(i, Field::body), i, made);
    });
  }

 private:
  void fill_body(CstIndex body, CstIndex at, Function& made) {
    if (body == kNoCst) {
      made.body = b.add(Op::Block, at);
      return;
    }
    if (tree.kind(body) == "block") {
      made.body = items_returning(body);
    } else {
      made.expression = true;
      made.body = value(body);
    }
  }
  std::vector<Id> statements(CstIndex i) {
    std::vector<Id> out;
    std::vector<CstIndex> marks;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "attribute_item") {
        marks.push_back(c);
        continue;
      }
      marks_ = std::exchange(marks, {});
      if (const Id id = lower(c); id != kNone) out.push_back(id);
      marks_.clear();
    }
    return out;
  }
  // What stands last, and does not end in a semicolon, is what a function gives back.
  Id items_returning(CstIndex i) {
    std::vector<Id> out = statements(i);
    CstIndex last = kNoCst;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) last = c;
    const bool gives =
        last != kNoCst && !out.empty() && tree.kind(last) != "expression_statement" &&
        tree.kind(last) != "let_declaration" && module.nodes[out.back()].start >= tree[last].start;
    const Op op = gives ? module.nodes[out.back()].op : Op::Raise;
    if (op < Op::Block || op == Op::Block || op == Op::If || op == Op::Switch) {
      out.back() = b.add(Op::Return, last, {}, {out.back()});
    }
    return b.add(Op::Block, i, {}, out);
  }
  // std::fs::File as std.fs.File; without crate:: and std's own type arguments.
  std::string_view dotted(CstIndex i) {
    const std::string_view text = tree.text(i);
    if (text.find("::") == std::string_view::npos) return text;
    std::string out;
    int depth = 0;
    for (const char c : text) {
      if (c == '<') ++depth;
      if (c == '>') --depth;
      if (depth > 0 || c == '>' || c == ' ' || c == '\n') continue;
      if (c == ':') {
        if (!out.empty() && out.back() != '.') out += '.';
      } else {
        out += c;
      }
    }
    for (const std::string_view own : {"crate.", "self.", "super."}) {
      if (out.starts_with(own)) out.erase(0, own.size());
    }
    return b.keep(std::move(out));
  }
  void use(CstIndex i, std::string_view before, std::vector<Id>& out) {
    if (i == kNoCst) return;
    const auto joined = [&](std::string_view name) {
      return before.empty() ? name : b.keep(std::string(before) + "." + std::string(name));
    };
    const auto bring = [&](CstIndex at, std::string_view whole, std::string_view name) {
      module.imports.push_back(whole);
      out.push_back(
          b.add(Op::Assign, at, "import", {b.name(at, name), b.add(Op::Global, at, whole)}));
    };
    const std::string_view kind = tree.kind(i);
    if (kind == "use_list") {
      for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
        use(c, before, out);
      }
    } else if (kind == "scoped_use_list") {
      const CstIndex path = tree.child(i, Field::path);
      use(tree.child(i, Field::list), path == kNoCst ? before : joined(dotted(path)), out);
    } else if (kind == "use_as_clause") {
      const CstIndex path = tree.child(i, Field::path);
      if (path != kNoCst) bring(i, joined(dotted(path)), tree.text(tree.child(i, Field::alias)));
    } else if (kind == "use_wildcard") {
      if (const CstIndex path = tree.first_named(i); path != kNoCst) {
        module.imports.push_back(joined(dotted(path)));
      }
    } else if (kind == "self") {
      const std::size_t dot = before.rfind('.');
      bring(i, before, dot == std::string_view::npos ? before : before.substr(dot + 1));
    } else {
      const std::string_view whole = joined(dotted(i));
      const std::size_t dot = whole.rfind('.');
      bring(i, whole, dot == std::string_view::npos ? whole : whole.substr(dot + 1));
    }
  }

  // The first name that a pattern binds: of Some(x) the x.
  CstIndex first_name(CstIndex i) const {
    if (i == kNoCst) return kNoCst;
    for (CstIndex at = i; at < tree[i].end_index; ++at) {
      const std::string_view kind = tree.kind(at);
      if (kind == "shorthand_field_identifier") return at;
      if (kind == "identifier" && tree[at].field != Field::type &&
          (tree[at].parent == kNoCst || tree.kind(tree[at].parent) != "scoped_identifier")) {
        return at;
      }
    }
    return kNoCst;
  }
  void bind_names(CstIndex pattern, Id of, std::vector<Id>& out) {
    if (pattern == kNoCst) return;
    for (CstIndex at = pattern; at < tree[pattern].end_index; ++at) {
      const std::string_view kind = tree.kind(at);
      const bool named =
          kind == "shorthand_field_identifier" ||
          (kind == "identifier" && tree[at].field != Field::type &&
           (tree[at].parent == kNoCst || tree.kind(tree[at].parent) != "scoped_identifier"));
      if (!named) continue;
      const std::string_view text = tree.text(at);
      // Names that begin with a capital are constants and variants.
      if (text.front() >= 'A' && text.front() <= 'Z') continue;
      out.push_back(b.add(Op::Assign, at, {}, {b.name(at, text), of}));
    }
  }
  Id bind(CstIndex pattern, Id given, CstIndex at) {
    if (pattern != kNoCst && tree.kind(pattern) == "identifier") {
      return b.add(Op::Assign, at, {}, {b.name(pattern, tree.text(pattern)), given});
    }
    std::vector<Id> out;
    bind_names(pattern, given, out);
    if (out.empty()) return given;
    return out.size() == 1 ? out[0] : b.add(Op::Block, at, {}, out);
  }
  Id condition_of(CstIndex at, std::vector<Id>& before) {
    if (at == kNoCst) return b.unknown(0);
    if (tree.kind(at) == "let_condition") {
      before.push_back(
          bind(tree.child(at, Field::pattern), value(tree.child(at, Field::value)), at));
      return b.unknown(at);
    }
    if (tree.kind(at) == "let_chain") {
      std::vector<Id> parts;
      for (CstIndex c = tree.first_named(at); c != kNoCst; c = tree.next_named(c)) {
        parts.push_back(condition_of(c, before));
      }
      return b.add(Op::And, at, {}, parts);
    }
    return value(at);
  }
  Id typed(CstIndex at, CstIndex type, Id of) {
    while (type != kNoCst &&
           (tree.kind(type) == "reference_type" || tree.kind(type) == "pointer_type")) {
      type = tree.child(type, Field::type);
    }
    if (type == kNoCst) return of;
    if (tree.kind(type) == "generic_type") type = tree.child(type, Field::type);
    const std::string_view text = dotted(type);
    if (text == "str" || text == "String" || text == "_" || text == "Vec" || text == "Option" ||
        text == "Result" || text == "Box" || text.starts_with('[') || text.starts_with('(')) {
      return of;
    }
    return b.add(Op::Typed, at, text, {of});
  }
  // The values among a macro's tokens, as far as they can be told: literals, names with their
  // members and calls' arguments.
  std::vector<Id> tokens(CstIndex body) {
    std::vector<Id> out;
    const Level level(b);
    if (level.too_deep()) return out;
    for (CstIndex c = tree.first(body); c != kNoCst; c = tree[c].next) {
      const std::string_view kind = tree.kind(c);
      if (kind.ends_with("_literal")) {
        out.push_back(value(c));
      } else if (kind == "identifier" || kind == "self") {
        // name = value in format!("{name}", name = value): the value counts.
        Id made = b.name(c, tree.text(c));
        CstIndex next = tree[c].next;
        while (next != kNoCst) {
          if ((tree.text(next) == "." || tree.text(next) == "::") && tree[next].next != kNoCst &&
              tree.kind(tree[next].next) == "identifier") {
            c = tree[next].next;
            made = b.add(Op::Member, c, tree.text(c), {made});
          } else if (tree.kind(next) == "token_tree" && tree.text(next).starts_with('(')) {
            std::vector<Id> kids{made};
            for (const Id id : tokens(next)) kids.push_back(id);
            made = b.add(Op::Call, c, {}, kids);
            c = next;
          } else {
            break;
          }
          next = tree[c].next;
        }
        out.push_back(made);
      } else if (kind == "token_tree") {
        for (const Id id : tokens(c)) out.push_back(id);
      }
    }
    return out;
  }
  // "a {} b {name}" with its values, in the order in which they appear.
  Id text_of(CstIndex i, const std::vector<Id>& parts) {
    if (parts.empty() || module.nodes[parts[0]].op != Op::String) {
      return b.add(Op::Concat, i, {}, parts);
    }
    std::vector<Id> out;
    std::size_t next = 1;
    for (const FormatPart& part : format_parts(module.nodes[parts[0]].text)) {
      if (part.kind == FormatPart::Text) out.push_back(b.add(Op::String, i, part.text));
      if (part.kind == FormatPart::Name) out.push_back(b.name(i, part.text));
      if (part.kind == FormatPart::Next && next < parts.size()) out.push_back(parts[next++]);
    }
    for (; next < parts.size(); ++next) out.push_back(parts[next]);
    return b.add(Op::Concat, i, {}, out);
  }
  // Path<u32>: the framework has parsed it.
  bool of_numbers(CstIndex generic) const {
    static constexpr std::string_view kNumbers[] = {"<i32>",   "<i64>",  "<u32>", "<u64>",
                                                    "<usize>", "<Uuid>", "<u16>", "<u8>"};
    const std::string_view text = tree.text(tree.child(generic, Field::type_arguments));
    return std::find(std::begin(kNumbers), std::end(kNumbers), text) != std::end(kNumbers);
  }
  void parameters(CstIndex list, Function& made) {
    if (list == kNoCst) return;
    for (CstIndex c = tree.first_named(list); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "self_parameter" || tree.kind(c) == "attribute_item") continue;
      CstIndex pattern = tree.child(c, Field::pattern);
      if (pattern == kNoCst) pattern = c;
      const CstIndex named = first_name(pattern);
      Parameter parameter;
      parameter.name = named == kNoCst ? std::string_view("_") : tree.text(named);
      parameter.symbol = b.symbol(parameter.name);
      CstIndex type = tree.child(c, Field::type);
      while (type != kNoCst && tree.kind(type) == "reference_type") {
        type = tree.child(type, Field::type);
      }
      if (type != kNoCst && tree.kind(type) == "generic_type") {
        // Extractors of web frameworks are told by their type.
        const CstIndex outer = tree.child(type, Field::type);
        if (!of_numbers(type))
          parameter.annotations.push_back(b.add(Op::Name, outer, dotted(outer)));
      } else if (type != kNoCst && tree.text(type) != "str" && tree.text(type) != "String") {
        parameter.type = dotted(type);
      }
      made.parameters.push_back(std::move(parameter));
    }
  }

  std::vector<CstIndex> marks_;  // attributes of the item that comes next
};

const Handlers<Rust>& Rust::handlers() const {
  static const Handlers<Rust> table(Grammar::of(Language::Rust),
                                    {{"source_file", &Rust::items},
                                     {"block", &Rust::items},
                                     {"declaration_list", &Rust::items},
                                     {"mod_item", &Rust::module_item},
                                     {"foreign_mod_item", &Rust::nothing},
                                     {"use_declaration", &Rust::use_declaration},
                                     {"extern_crate_declaration", &Rust::nothing},
                                     {"attribute_item", &Rust::nothing},
                                     {"inner_attribute_item", &Rust::nothing},
                                     {"struct_item", &Rust::nothing},
                                     {"enum_item", &Rust::nothing},
                                     {"union_item", &Rust::nothing},
                                     {"type_item", &Rust::nothing},
                                     {"macro_definition", &Rust::nothing},
                                     {"visibility_modifier", &Rust::nothing},
                                     {"mutable_specifier", &Rust::nothing},
                                     {"line_comment", &Rust::nothing},
                                     {"block_comment", &Rust::nothing},
                                     {"label", &Rust::nothing},
                                     {"identifier", &Rust::identifier},
                                     {"type_identifier", &Rust::identifier},
                                     {"field_identifier", &Rust::identifier},
                                     {"self", &Rust::self_value},
                                     {"scoped_identifier", &Rust::scoped},
                                     {"scoped_type_identifier", &Rust::scoped},
                                     {"string_literal", &Rust::string},
                                     {"raw_string_literal", &Rust::raw_string},
                                     {"char_literal", &Rust::character},
                                     {"integer_literal", &Rust::number},
                                     {"float_literal", &Rust::number},
                                     {"boolean_literal", &Rust::boolean},
                                     {"let_declaration", &Rust::let_declaration},
                                     {"const_item", &Rust::constant},
                                     {"static_item", &Rust::constant},
                                     {"expression_statement", &Rust::inner},
                                     {"parenthesized_expression", &Rust::inner},
                                     {"await_expression", &Rust::inner},
                                     {"try_expression", &Rust::inner},
                                     {"async_block", &Rust::inner},
                                     {"assignment_expression", &Rust::assignment},
                                     {"compound_assignment_expr", &Rust::assignment},
                                     {"call_expression", &Rust::call},
                                     {"generic_function", &Rust::generic_function},
                                     {"field_expression", &Rust::field},
                                     {"index_expression", &Rust::index},
                                     {"reference_expression", &Rust::reference},
                                     {"type_cast_expression", &Rust::cast},
                                     {"unary_expression", &Rust::unary},
                                     {"binary_expression", &Rust::binary},
                                     {"array_expression", &Rust::list},
                                     {"tuple_expression", &Rust::list},
                                     {"struct_expression", &Rust::structure},
                                     {"unsafe_block", &Rust::unsafe_block},
                                     {"macro_invocation", &Rust::macro},
                                     {"if_expression", &Rust::if_expression},
                                     {"while_expression", &Rust::while_expression},
                                     {"loop_expression", &Rust::loop_expression},
                                     {"for_expression", &Rust::for_expression},
                                     {"match_expression", &Rust::match_expression},
                                     {"return_expression", &Rust::return_statement},
                                     {"break_expression", &Rust::break_statement},
                                     {"continue_expression", &Rust::continue_statement},
                                     {"impl_item", &Rust::implementation},
                                     {"trait_item", &Rust::implementation},
                                     {"function_item", &Rust::function_item},
                                     {"closure_expression", &Rust::closure}});
  return table;
}

}  // namespace

void lower_rust(Builder& builder) {
  builder.module.body = Rust(builder).value(0);
}

}  // namespace testgen::scan::ir
