// Text broken into lines between its words, for a terminal. Pure.
#pragma once

#include <string>
#include <string_view>

namespace testgen::base {

// The words of `text` in lines that end before column `width`, in bytes; a longer word has a line
// of its own. The first word stands where the caller's line is, at column `indent`; every further
// line begins with `indent` blanks. No line end at the end.
[[nodiscard]] std::string wrap_text(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace testgen::base
