// A first-order mutant: one small change to one function, which a good suite notices. A mutant
// is an edit of its unit's text, so that the harness compiles one function and not the module.
// Plain data; analysis makes it, the explorer and the scorer use it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace testgen::model {

// What is compiled to get a mutant: an outermost function with the heads of the classes around
// it, or the whole module for code that runs at import. Loops burn fuel as in the instrumented
// source (analysis/instrument.h), so that an endless mutant ends without a clock.
struct MutationUnit {
  std::string text;                  // compiles on its own; line 1 is line `first_line` of the file
  std::vector<std::string> scope;    // {"Cart", "total"}; empty: the whole module
  std::uint32_t first_line = 1;      // of the text, in the file
  std::uint32_t decorated_line = 0;  // first decorator's line, or the def line
  std::uint32_t def_line = 0;
};

struct Mutant {
  std::string operation;  // "relational", "arithmetic", "constant", …
  std::string function;   // qualified name of the owner; empty at module level
  std::uint32_t line = 0;
  std::size_t unit = 0;     // index into the units
  std::uint32_t begin = 0;  // bytes [begin, end) of the unit's text are replaced
  std::uint32_t end = 0;
  std::string original;  // as written, for people; at most 80 bytes
  std::string replacement;
  // The innermost goal that has to be covered before the mutant can make a difference; none at
  // module level.
  std::optional<std::uint32_t> goal;
};

struct Mutation {
  std::vector<MutationUnit> units;
  std::vector<Mutant> mutants;
};

}  // namespace testgen::model
