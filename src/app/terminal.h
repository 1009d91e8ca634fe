// What the terminal and the environment say about how to write to a person.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace testgen::app {

[[nodiscard]] bool is_terminal(int descriptor);
// Columns of the terminal; COLUMNS, then 100, where there is none.
[[nodiscard]] std::size_t terminal_width(int descriptor);
[[nodiscard]] bool uses_utf8();  // LC_ALL, LC_CTYPE, LANG, in this order
// An environment variable, empty when not set.
[[nodiscard]] std::string variable(const char* name);

// Writes everything, through short writes and interruptions. False when the reader is gone or
// the disk is full: the caller decides whether that matters.
bool write_out(int descriptor, std::string_view text);

}  // namespace testgen::app
