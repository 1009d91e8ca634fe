// What analysis learns of one module: its functions and classes, and for the instrumented
// source the table of goals (things a test can cover) and comparison sites. Plain data.
// Lines count from 1. Sources of values are text in the module's own language.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/mutant.h"

namespace testgen::model {

enum class ParameterKind { PositionalOnly, Positional, VarPositional, KeywordOnly, VarKeyword };

struct Parameter {
  std::string name;
  ParameterKind kind = ParameterKind::Positional;
  std::optional<std::string> annotation;      // source text
  std::optional<std::string> default_source;  // source text
  // What the function does with it, a few words each:
  //   ".name" ".name()"     reads an attribute, calls a method
  //   "call:2" "call:*"     calls it with that many arguments; "call:2 USE" says what is done
  //                         with the result
  //   "[int]" "[str]" "[slice]" "[]"   takes an item; "index": is used to take one
  //   "iter" "contains" "unpack:2" "mapping" "with" "await"
  //   "number" "times" "ordered" "str" "bytes" "list"   what it is combined or compared with
  //   "arg:f:0" "arg:f:key" hands it on; ".f" is a method of the same object
  //   "store:name"          keeps it as an attribute of self
  //   "each USE"            the same of every item
  std::vector<std::string> uses;
};

enum class LiteralKind { Int, Float, String, Bytes };

struct Literal {
  LiteralKind kind = LiteralKind::Int;
  std::string source;  // as written: 0x10, 'abc', b"x"
  bool operator==(const Literal&) const = default;
};

// A call seen in a doctest (`>>> f(1, 2)`), as source text of its arguments. Names that the
// doctest assigned before are replaced by what they were assigned.
struct ExampleCall {
  std::string callee;    // "f", "Cart" or "Cart.total"
  std::string receiver;  // what a method is called on: "Cart(3)"; empty for other callees
  std::vector<std::string> arguments;                         // positional, source text
  std::vector<std::pair<std::string, std::string>> keywords;  // name, source text
};

enum class FunctionKind { Function, Method, StaticMethod, ClassMethod, Property };

struct FunctionModel {
  std::string name;            // "total"
  std::string qualified_name;  // "Cart.total"; nested functions are part of their owner
  std::string class_name;      // "Cart", empty for module functions
  FunctionKind kind = FunctionKind::Function;
  bool is_async = false;
  bool is_generator = false;
  bool is_hook = false;               // does nothing: a docstring, pass or ... is all
  bool is_unimplemented = false;      // does nothing but raise NotImplementedError
  std::vector<Parameter> parameters;  // without self or cls
  std::optional<std::string> return_annotation;
  std::string docstring;
  std::vector<std::string> decorators;         // source text after the @
  std::vector<std::string> raised;             // names in `raise Name…`, lexically inside
  std::vector<std::string> documented_raises;  // names in :raises Name: and "Raises:" sections
  std::vector<Literal> literals;               // distinct, in order of appearance
  std::vector<std::string> called_names;       // names and attribute names it calls
  std::uint32_t first_line = 0;                // the def line
  std::uint32_t last_line = 0;
  std::uint32_t branch_count = 0;
};

struct ClassModel {
  std::string name;
  std::vector<std::string> bases;  // source text
  std::vector<std::string> decorators;
  std::string docstring;
  std::vector<std::size_t> methods;     // indices into ModuleModel::functions
  std::vector<std::string> attributes;  // names assigned on self or in the class body
  // What methods do with attributes of self, in the words of Parameter::uses.
  std::map<std::string, std::vector<std::string>> attribute_uses;
  bool is_dataclass = false;
  bool is_enum = false;
  bool is_exception = false;
  bool is_abstract = false;
  std::uint32_t first_line = 0;
  std::uint32_t last_line = 0;
};

// A public table that the module writes down entry by entry: `__all__`, a list of names, a mapping.
struct TableModel {
  std::string name;
  std::size_t entries = 0;  // of a mapping: pairs
  std::uint32_t first_line = 0;
  std::uint32_t last_line = 0;
};

// One thing a test can cover. Its id is its index in ModuleModel::goals and the offset of
// its byte in the coverage map.
enum class GoalKind { BranchTrue, BranchFalse, LoopEntered, LoopFinished, Block };

struct Goal {
  GoalKind kind = GoalKind::Block;
  std::uint32_t line = 0;
  std::string function;   // qualified name of the owner; empty at module level
  std::string condition;  // source text of the predicate, at most 120 bytes
  bool is_branch = true;  // counts as a branch of the language's own coverage tool
};

// A place where operands are captured: `a < b`, `x in y`, `isinstance(x, T)`, `s.startswith(t)`.
// analysis/instrument.h says which probes report which operand.
struct CompareSite {
  std::string operation;  // "==", "not in", "isinstance", "startswith", "re.match", "match", …
  std::uint32_t line = 0;
  std::string function;
  // For "re.…" the pattern's source text where it is known; for "match" the literals of its
  // cases, one a line; else empty.
  std::string detail;
};

struct ModuleModel {
  std::vector<FunctionModel> functions;  // methods too, in source order
  std::vector<ClassModel> classes;
  std::vector<Literal> literals;   // of the whole module, distinct
  std::vector<TableModel> tables;  // in source order, the last of a name
  std::vector<ExampleCall> examples;
  std::vector<std::string> imported_modules;               // dotted names, in order
  std::vector<std::string> optional_imports;               // imported inside try/except ImportError
  std::optional<std::vector<std::string>> exported_names;  // __all__, when the module has one
  std::uint32_t line_count = 0;

  std::string instrumented;  // the source with probes in it, same line numbers
  std::vector<Goal> goals;
  std::vector<CompareSite> compare_sites;
  Mutation mutation;  // what the explorer aims at; the scorer draws other ones
};

}  // namespace testgen::model
