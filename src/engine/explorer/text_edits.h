// Edits of texts that a reader of lines and tokens can tell apart: parts of two texts put
// together, lines added, moved, indented and taken out. Characters are never split. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"

namespace testgen::engine {

// Byte offsets where a character starts, and the end.
[[nodiscard]] std::vector<std::size_t> character_starts(const std::string& text);

// The beginning of one and the end of the other, or a piece of the other inside the text.
[[nodiscard]] std::string recombine(const std::string& text, const std::string& other,
                                    base::Random& random);

// The text with one of its lines changed as a whole, or with lines of the other text added.
[[nodiscard]] std::string edit_lines(const std::string& text, const std::string& other,
                                     base::Random& random);

// The text without a few of its characters.
[[nodiscard]] std::string cut_out(const std::string& text, base::Random& random);

}  // namespace testgen::engine
