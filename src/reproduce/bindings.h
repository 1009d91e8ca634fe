// What a name means in a Python file, as far as replacing it in a test needs to know: an imported
// module, a thing of the module itself, or what only a function's own import binds. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analysis/syntax_tree.h"

namespace testgen::reproduce {

struct Import {
  std::string dotted;         // "os.path", "subprocess.run"; begins with a dot when relative
  bool whole_module = false;  // import x, and not from x import y
  bool in_function = false;   // bound each time that the function runs
};

// How `name` is imported, as `function` sees it: its own imports count first. Nothing when it is
// not imported by that name.
[[nodiscard]] std::optional<Import> import_of(const analysis::SyntaxTree& tree,
                                              analysis::Index function, std::string_view name);

// The definition of the function that begins in this line; kNoNode when there is none.
[[nodiscard]] analysis::Index definition_at(const analysis::SyntaxTree& tree, std::string_view name,
                                            std::uint32_t line);

// Whether the module binds the name at its top level: by import, assignment or definition.
[[nodiscard]] bool is_bound(const analysis::SyntaxTree& tree, std::string_view name);

}  // namespace testgen::reproduce
