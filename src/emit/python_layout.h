// Breaks long Python lines at brackets, as black does: first the contents on a line of their own,
// then one item a line with a comma after the last. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace testgen::emit {

inline constexpr std::size_t kWidth = 88;

// How many items stand in a line when not all fit in one.
enum class Filling {
  OneALine,  // as black does
  Packed,    // as many as fit: for a table of numbers that would be pages long
};

// `line`, which is one statement, laid out with `indent` spaces in front of every line.
[[nodiscard]] std::string wrap_line(std::string_view line, std::size_t indent,
                                    std::size_t width = kWidth,
                                    Filling filling = Filling::OneALine);

// A str literal cut after blanks and line ends into several, each at most `width` bytes long.
// One piece when it is short enough or cannot be cut.
[[nodiscard]] std::vector<std::string> split_string(std::string_view literal, std::size_t width);

}  // namespace testgen::emit
