// Cuts Python text into its top-level statements, so that a broken one is left alone with its
// error. Pure but for the clock that bounds parsing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/syntax_tree.h"
#include "base/clock.h"

namespace testgen::llm {

struct Chunk {
  std::string text;     // with its decorators, without blank lines around it
  std::string problem;  // why it is no Python; empty when it is
};

[[nodiscard]] std::vector<Chunk> top_level_chunks(std::string_view code, const base::Clock& clock);

// The tree of text that is whole Python; nothing when it is not.
[[nodiscard]] std::optional<analysis::SyntaxTree> whole_tree(std::string_view code,
                                                             const base::Clock& clock);

// The function or class that a chunk defines, through its decorators; kNoNode when none.
[[nodiscard]] analysis::Index definition_in(const analysis::SyntaxTree& tree);
[[nodiscard]] std::string name_of(const analysis::SyntaxTree& tree, analysis::Index definition);

}  // namespace testgen::llm
