// The values of Python string literals and what docstrings say in the common styles.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/syntax_tree.h"

namespace testgen::analysis {

// The value of a String or ConcatenatedString node as UTF-8; nothing for f-strings and bytes.
// \N{…} escapes stay as written: they need the Unicode name table.
[[nodiscard]] std::optional<std::string> string_value(const SyntaxTree& tree, Index node);

// The docstring that opens a block, or an empty string.
[[nodiscard]] std::string docstring_of(const SyntaxTree& tree, Index block);

// Exceptions named by `:raises Name:`, a Google "Raises:" or a NumPy "Raises" section.
[[nodiscard]] std::vector<std::string> documented_raises(std::string_view docstring);

// The source of every `>>> ` example with its `... ` lines, in order, without prompts.
[[nodiscard]] std::vector<std::string> doctest_sources(std::string_view docstring);

}  // namespace testgen::analysis
