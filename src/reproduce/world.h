// Input that a program takes from the world around it, and how a test gives it: the command line,
// with the options that the module itself declares, a variable of the environment, what is typed.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/syntax_tree.h"
#include "reproduce/marker.h"
#include "reproduce/suspect.h"

namespace testgen::reproduce {

inline constexpr std::size_t kMostWorlds = 16;

struct World {
  std::string shown;    // "--output", "sys.argv", "HOME"
  std::string context;  // of a with statement
};

// `input` is what the scanner calls the source, such as "sys.argv"; `place` is where it is read.
// The likeliest first: what `near`, the text of the dangerous call, speaks of. Empty for input that
// comes from elsewhere.
[[nodiscard]] std::vector<World> worlds_of(const analysis::SyntaxTree& tree, std::string_view input,
                                           const Span& place, std::string_view near,
                                           const Marker& marker);

}  // namespace testgen::reproduce
