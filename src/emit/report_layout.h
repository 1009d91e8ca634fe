// Text in columns: display width of UTF-8, cutting, padding, and a small table. Text that comes
// from user code is made harmless for a terminal first. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace testgen::emit {

// Control characters (escape sequences among them) and invalid UTF-8 as visible text.
[[nodiscard]] std::string printable(std::string_view text);

// Columns on a terminal: East Asian wide characters take two, combining marks none.
[[nodiscard]] std::size_t display_width(std::string_view text);

// At most `width` columns, with … in place of what was cut. Names and paths are cut at the
// front, since their ends tell them apart; sentences at the end.
enum class Cut { Front, End };
[[nodiscard]] std::string shorten(std::string_view text, std::size_t width, Cut cut);

enum class Align { Left, Right };
[[nodiscard]] std::string pad(std::string_view text, std::size_t width, Align align);

// Rows under a header, two spaces between columns. The first column is left-aligned and gives
// way (is cut) when the table would be wider than `width`; the others are right-aligned.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows,
                                std::size_t width);

}  // namespace testgen::emit
