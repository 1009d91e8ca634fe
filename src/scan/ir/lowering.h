// From a syntax tree to the intermediate form, one lowering for each family of languages. Whatever
// a lowering does not know becomes Unknown over its parts, so that nothing inside it is lost.
#pragma once

#include <initializer_list>
#include <utility>
#include <vector>

#include "scan/ir/builder.h"

namespace testgen::scan::ir {

// Makes the module of the tree, whatever its language. The module's texts view the tree's text.
[[nodiscard]] Module lower(const Tree& tree);

void lower_python(Builder& builder);
void lower_javascript(Builder& builder);  // and TypeScript
void lower_java(Builder& builder);
void lower_csharp(Builder& builder);
void lower_go(Builder& builder);
void lower_c(Builder& builder);  // and C++
void lower_rust(Builder& builder);

// Which member function of a lowering L takes which kind of node. One for each grammar.
template <class L>
class Handlers {
 public:
  using Handler = Id (L::*)(CstIndex);
  using Entry = std::pair<std::string_view, Handler>;

  Handlers(const Grammar& grammar, std::initializer_list<Entry> entries)
      : by_symbol_(grammar.symbol_count(), nullptr) {
    for (std::size_t symbol = 0; symbol < by_symbol_.size(); ++symbol) {
      for (const auto& [name, handler] : entries) {
        if (grammar.symbol_name(static_cast<std::uint16_t>(symbol)) == name) {
          by_symbol_[symbol] = handler;
        }
      }
    }
  }
  [[nodiscard]] Handler operator[](std::uint16_t symbol) const {
    return symbol < by_symbol_.size() ? by_symbol_[symbol] : nullptr;
  }

 private:
  std::vector<Handler> by_symbol_;
};

// The part of a lowering that is the same everywhere. L has `const Handlers<L>& handlers()`.
template <class L>
class Lowering {
 public:
  explicit Lowering(Builder& builder) : b(builder), tree(builder.tree), module(builder.module) {}

  Id lower(CstIndex i) {
    if (i == kNoCst) return kNone;
    const Level level(b);
    if (level.too_deep()) return b.unknown(i);
    const auto handler = self().handlers()[tree[i].symbol];
    if (handler != nullptr && tree[i].named) return (self().*handler)(i);
    return over_parts(i);
  }

  // A value where there must be one.
  Id value(CstIndex i) {
    const Id id = lower(i);
    return id == kNone ? b.unknown(i) : id;
  }

  Id over_parts(CstIndex i) { return b.add(Op::Unknown, i, {}, all(i)); }

  std::vector<Id> all(CstIndex i) {
    std::vector<Id> out;
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      const Id id = lower(c);
      if (id != kNone) out.push_back(id);
    }
    return out;
  }

  Id block(CstIndex i) { return b.add(Op::Block, i, {}, all(i)); }
  Id inner(CstIndex i) {
    const CstIndex c = tree.first_named(i);
    return c == kNoCst ? b.unknown(i) : value(c);
  }
  Id nothing(CstIndex) { return kNone; }
  Id identifier(CstIndex i) { return b.name(i, tree.text(i)); }
  Id number(CstIndex i) { return b.add(Op::Number, i, tree.text(i)); }
  Id true_value(CstIndex i) { return b.add(Op::True, i); }
  Id false_value(CstIndex i) { return b.add(Op::False, i); }
  Id null_value(CstIndex i) { return b.add(Op::Null, i); }
  Id list(CstIndex i) { return b.add(Op::List, i, {}, all(i)); }
  Id break_statement(CstIndex i) { return b.add(Op::Break, i); }
  Id continue_statement(CstIndex i) { return b.add(Op::Continue, i); }
  Id return_statement(CstIndex i) {
    std::vector<Id> kids = all(i);
    if (kids.size() > 1) kids = {b.add(Op::List, i, {}, kids)};
    return b.add(Op::Return, i, {}, kids);
  }
  Id raise_statement(CstIndex i) { return b.add(Op::Raise, i, {}, all(i)); }
  Id ternary(CstIndex i) {
    return b.add(Op::Choice, i, {},
                 {value(tree.child(i, Field::condition)), value(tree.child(i, Field::consequence)),
                  value(tree.child(i, Field::alternative))});
  }
  // With the fields that the grammars of C#, Java and JavaScript share.
  Id if_statement(CstIndex i) {
    const Id condition = value(tree.child(i, Field::condition));
    const Id then = value(tree.child(i, Field::consequence));
    const CstIndex rest = tree.child(i, Field::alternative);
    if (rest == kNoCst) return b.add(Op::If, i, {}, {condition, then});
    return b.add(Op::If, i, {}, {condition, then, value(rest)});
  }
  Id while_statement(CstIndex i) {
    const Id condition = value(tree.child(i, Field::condition));
    return b.add(Op::Loop, i, {},
                 {b.unknown(i), condition, value(tree.child(i, Field::body)), b.add(Op::Block, i)});
  }
  Id do_statement(CstIndex i) {
    const Id body = value(tree.child(i, Field::body));
    const Id condition = value(tree.child(i, Field::condition));
    const Id loop = b.add(Op::Loop, i, {}, {b.unknown(i), condition, body, b.add(Op::Block, i)});
    return b.add(Op::Block, i, {}, {body, loop});
  }
  Id assignment(CstIndex i) {
    std::string_view op = tree.text(tree.child(i, Field::operator_));
    if (!op.empty()) op.remove_suffix(1);
    return b.add(Op::Assign, i, op,
                 {value(tree.child(i, Field::left)), value(tree.child(i, Field::right))});
  }
  // A try with the clauses of C# and Java; `body` is lowered after them.
  template <class Body>
  Id try_around(CstIndex i, const Body& body) {
    std::vector<Id> handlers;
    Id last = b.unknown(i);
    for (CstIndex c = tree.first_named(i); c != kNoCst; c = tree.next_named(c)) {
      if (tree.kind(c) == "catch_clause") handlers.push_back(value(tree.child(c, Field::body)));
      if (tree.kind(c) == "finally_clause") last = block(c);
    }
    std::vector<Id> kids{body(), last};
    kids.insert(kids.end(), handlers.begin(), handlers.end());
    return b.add(Op::Try, i, {}, kids);
  }

  // left OP right, with chains on the left taken one after the other: generated code has
  // thousands of parts in a row.
  Id binary(CstIndex i) {
    std::vector<CstIndex> chain{i};
    while (true) {
      const CstIndex left = tree.child(chain.back(), Field::left);
      if (left == kNoCst || tree[left].symbol != tree[i].symbol) break;
      chain.push_back(left);
    }
    Id result = value(tree.child(chain.back(), Field::left));
    for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
      const CstIndex op = tree.child(*it, Field::operator_);
      result = operation(*it, op == kNoCst ? operator_token(*it) : tree.text(op), result,
                         value(tree.child(*it, Field::right)));
    }
    return result;
  }

  Id operation(CstIndex i, std::string_view op, Id left, Id right) {
    if (op == "&&" || op == "and") return b.add(Op::And, i, {}, {left, right});
    if (op == "||" || op == "or" || op == "??") return b.add(Op::Or, i, {}, {left, right});
    if (op == "===") op = "==";
    if (op == "!==") op = "!=";
    if (op == "==" || op == "!=" || op == "<" || op == ">" || op == "<=" || op == ">=" ||
        op == "in" || op == "instanceof") {
      return b.add(Op::Compare, i, op, {left, right});
    }
    return b.add(Op::Binary, i, op, {left, right});
  }

  // Registers a function; the body is lowered by the caller through `fill`.
  template <class Fill>
  Id function(CstIndex i, std::string_view name, Fill fill) {
    const auto index = static_cast<std::uint32_t>(module.functions.size());
    module.functions.emplace_back();
    Function made;
    made.name = name;
    made.symbol = name.empty() ? 0 : b.symbol(name);
    made.owner = current_class;
    made.parent = current_function;
    made.start = tree[i].start;
    made.end = tree[i].end;
    const std::uint32_t outer_function = std::exchange(current_function, index);
    const std::uint32_t outer_class = std::exchange(current_class, kNone);
    fill(made);
    current_function = outer_function;
    current_class = outer_class;
    if (made.owner != kNone && !name.empty()) module.classes[made.owner].methods.push_back(index);
    module.functions[index] = std::move(made);
    const Id id = b.add(Op::Function, i, name);
    module.nodes[id].number = index;
    return id;
  }

  // Registers a class and lowers its body as a block.
  Id class_block(CstIndex i, std::string_view name, std::vector<std::string_view> bases,
                 CstIndex body, std::vector<Id> decorators = {}) {
    const auto index = static_cast<std::uint32_t>(module.classes.size());
    module.classes.emplace_back();
    module.classes[index].name = name;
    module.classes[index].bases = std::move(bases);
    module.classes[index].decorators = std::move(decorators);
    const std::uint32_t outer = std::exchange(current_class, index);
    const Id lowered = body == kNoCst ? b.add(Op::Block, i) : block(body);
    current_class = outer;
    module.classes[index].body = lowered;
    const Id id = b.add(Op::Class, i, name, {lowered});
    module.nodes[id].number = index;
    return id;
  }

 protected:
  std::string_view operator_token(CstIndex i) const {
    for (CstIndex c = tree.first(i); c != kNoCst; c = tree[c].next) {
      if (!tree[c].named) return tree.text(c);
    }
    return {};
  }

  Builder& b;
  const Tree& tree;
  Module& module;
  std::uint32_t current_class = kNone;
  std::uint32_t current_function = kNone;

 private:
  L& self() { return static_cast<L&>(*this); }
};

}  // namespace testgen::scan::ir
