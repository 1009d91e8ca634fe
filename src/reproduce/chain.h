// An expression such as `db.connect(url).cursor` as the name that it begins with and what follows,
// so that a stand-in for the name can say what the whole is. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/syntax_tree.h"

namespace testgen::reproduce {

struct Chain {
  std::string root;  // "db"
  // ".connect", "()" of a call, "[]" of an item, "await", "with" and "async with" of what those
  // bind.
  std::vector<std::string> links;
};

// Nothing when the expression begins with something that is no name.
[[nodiscard]] std::optional<Chain> chain_of(const analysis::SyntaxTree& tree,
                                            analysis::Index expression);

// The same with local variables of `function` replaced by what was last assigned to them before
// the node `before`. Nothing when one of them was made in a way that is no chain. `through` gets
// the expressions that were assigned.
[[nodiscard]] std::optional<Chain> follow(const analysis::SyntaxTree& tree,
                                          analysis::Index function, analysis::Index before,
                                          Chain chain,
                                          std::vector<analysis::Index>* through = nullptr);

// What the links from `first` on are of a unittest.mock stand-in: ".cursor.return_value.execute".
[[nodiscard]] std::string on_stand_in(const std::vector<std::string>& links, std::size_t first = 0);

// Of a stand-in for the links from `first` on, those calls whose results are awaited, the outermost
// first: ".connect", or "" for the stand-in itself.
[[nodiscard]] std::vector<std::string> awaited_calls(const std::vector<std::string>& links,
                                                     std::size_t first = 0);

// Statements that make those calls of the stand-in give something to wait for.
[[nodiscard]] std::vector<std::string> await_statements(const std::string& stand_in,
                                                        const std::vector<std::string>& awaited);

// The chain as a person would say it: "db.connect().cursor".
[[nodiscard]] std::string spelled(const Chain& chain);

// Links before the first that is no attribute.
[[nodiscard]] std::size_t leading_attributes(const std::vector<std::string>& links);

}  // namespace testgen::reproduce
