// The settings table as people read it: the options part of a command's --help, and the page
// docs/reference/settings.md. Pure.
#pragma once

#include <string>

#include "config/settings_table.h"

namespace testgen::config {

// Lines such as "  -b, --budget TIME   Time for one module… [10s]" under the headings of their
// groups, wrapped at `width` columns.
[[nodiscard]] std::string option_help(Command command, std::size_t width);

// The whole page, in Markdown.
[[nodiscard]] std::string settings_page();

}  // namespace testgen::config
