// Puts probes into a module as text insertions: every original byte stays, no newline is added,
// so line numbers, tracebacks and coverage stay true. Only code inside functions gets probes;
// what runs at import does not. The harness defines these names in the module's globals (one
// leading underscore: two would be mangled inside classes). G is an index into goals, S one
// into compare_sites.
//
//   _tg_p(G, X)         truth of a condition (if, elif, assert, a if X else b, comprehension if,
//                       case guard): marks G when true, else G+1; returns the bool.
//   _tg_w(G, X)         the same for `while`; burns fuel. For a constant true X only G exists.
//   _tg_v(G, X)         operand of and/or inside such a condition: marks G or G+1, returns X.
//   _tg_i(G, XS)        iterable of a `for` statement: marks G at the first item, G+1 at the
//                       end; burns fuel per item.
//   _tg_h(G)            a block is entered; returns anything.
//   _tg_lt(S, A, B)     A < B, as _tg_le _tg_gt _tg_ge _tg_eq _tg_ne _tg_in _tg_nin are for
//                       <= > >= == != in, not in. The text reads `_tg_lt(S,A ,"<"and B)`: the
//                       operator's own bytes stay, and the third argument is simply B.
//   _tg_isinstance(S, X, T)
//   _tg_m(S, X)         left operand or receiver of site S; returns X unchanged.
//   _tg_a(S, X)         right operand or first argument of site S; returns X unchanged. Pairs
//                       with the last _tg_m of S. Chained comparisons are reported by these two
//                       (one site for each operator, operation "<" etc.). "match" sites, and
//                       "re.…" sites whose pattern is known, report by _tg_a alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/syntax_tree.h"
#include "base/result.h"
#include "model/module_model.h"

namespace testgen::analysis {

// What lies in `node` runs only after `goal` was covered. Where two regions have the same node,
// the later one says more.
struct Region {
  Index node = 0;
  std::uint32_t goal = 0;
};

// A probe that burns fuel: around the condition of a `while` or the iterable of a `for`.
struct LoopProbe {
  Index node = 0;
  std::uint32_t goal = 0;
  bool is_while = false;
  bool parenthesize = false;  // a bare list `a, b`
};

struct Instrumentation {
  std::string text;
  std::vector<model::Goal> goals;
  std::vector<model::CompareSite> compare_sites;
  std::vector<Region> regions;
  std::vector<LoopProbe> loops;
};

// One of the names above.
[[nodiscard]] bool is_probe_name(std::string_view name);

// `tree` must have passed check_syntax(). Unsupported when the module itself uses one of the
// probes' names.
[[nodiscard]] base::Result<Instrumentation> instrument(const SyntaxTree& tree);

// The original text: removes the probes by reading the instrumented text alone.
[[nodiscard]] base::Result<std::string> uninstrument(std::string_view instrumented,
                                                     const base::Clock& clock);

}  // namespace testgen::analysis
