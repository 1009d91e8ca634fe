// The one small form that every language is lowered to, and that rules are matched on: values
// (literals, names, members, calls, concatenations, containers) and structured statements
// (assignments, branches, loops, try, return). Nodes live in one array and refer to each other by
// index; texts are views into the source or into the module's own store. Plain data.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scan/syntax/grammar.h"

namespace testgen::scan::ir {

using Id = std::uint32_t;
inline constexpr Id kNone = 0xFFFFFFFFU;

enum class Op : std::uint8_t {
  // Values. What their kids are stands behind.
  Unknown,  // anything: evaluated, and their taint joined. flag 1: the kid, unless it is a literal
  String,   // text: decoded
  Number,   // text
  True,
  False,
  Null,
  Name,     // text, symbol
  Global,   // text: a dotted name that imports or types have already made whole
  Member,   // object; text
  Index,    // object, key
  Slice,    // object, low, high (low and high may be Unknown)
  Call,     // callee, arguments…
  New,      // type, arguments…
  KeyArg,   // value; text
  Spread,   // value
  Binary,   // left, right; text: the operator
  Compare,  // left, right; text: == != < > <= >= in "not in" is "is not" instanceof
  And,      // all kids
  Or,
  Not,
  Negate,
  Choice,    // condition, then, else
  Concat,    // parts: interpolated strings
  List,      // items
  Map,       // Pair… or Spread…
  Pair,      // key, value
  Function,  // number: index into Module::functions
  Typed,     // value; text: the declared or cast-to type
  Each,      // target, iterable, body: a comprehension's value
  Assign,    // target, value; text: "" or the operator of an augmented assignment
  // Statements.
  Block,   // flag 1: reached from elsewhere as well
  If,      // condition, then, else?
  Loop,    // target?, iterable or condition, body, else?; flag: 1 when it iterates
  Switch,  // subject, Case…
  Case,    // body, patterns…; no pattern: the default. flag 1: falls through to the next
  Try,     // body, finally or Unknown, handlers…
  Return,  // value?
  Raise,   // value?
  Break,
  Continue,
  Class,  // body; number: index into Module::classes
};

struct Node {
  Op op = Op::Unknown;
  std::uint8_t flag = 0;
  std::uint32_t number = 0;  // symbol of a Name, index of a Function or Class
  std::uint32_t kids = 0;    // first in Module::kids
  std::uint32_t count = 0;
  std::uint32_t start = 0;  // bytes of the source
  std::uint32_t end = 0;
  std::string_view text;
};

struct Parameter {
  std::string_view name;
  std::uint32_t symbol = 0;
  std::string_view type;  // as resolved by imports; may be empty
  Id standard = kNone;    // default value
  bool rest = false;      // takes what is left over
  std::vector<Id> annotations;
};

struct Function {
  std::string_view name;  // empty for lambdas
  std::uint32_t symbol = 0;
  std::uint32_t owner = kNone;   // class
  std::uint32_t parent = kNone;  // function it is nested in
  std::vector<Parameter> parameters;
  std::vector<Id> decorators;
  Id body = kNone;
  bool is_static = false;
  bool expression = false;  // the body is the value returned
  std::string_view result;  // declared type
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};

struct Class {
  std::string_view name;
  std::vector<Id> decorators;
  std::vector<std::string_view> bases;
  std::vector<std::uint32_t> methods;  // functions
  Id body = kNone;
};

struct Module {
  Language language = Language::Python;
  std::vector<Node> nodes;
  std::vector<Id> kids;
  std::vector<Function> functions;
  std::vector<Class> classes;
  Id body = kNone;
  std::unordered_map<std::string_view, std::uint32_t> symbols;
  std::vector<std::string_view> symbol_names;
  std::vector<std::string_view> imports;  // modules and packages named in import statements
  std::deque<std::string> store;          // decoded texts

  [[nodiscard]] const Node& operator[](Id id) const { return nodes[id]; }
  [[nodiscard]] Id kid(Id id, std::uint32_t i) const {
    const Node& node = nodes[id];
    return i < node.count ? kids[node.kids + i] : kNone;
  }
  [[nodiscard]] std::uint32_t symbol_of(std::string_view name) const {
    const auto found = symbols.find(name);
    return found == symbols.end() ? kNone : found->second;
  }
};

}  // namespace testgen::scan::ir
