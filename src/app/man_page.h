// The manual page testgen(1), made from the tables of commands, settings and exit codes. Pure.
#pragma once

#include <string>

namespace testgen::app {

// Source for man(1).
[[nodiscard]] std::string man_page();

}  // namespace testgen::app
