// The version of the program, from CMakeLists.txt.
#pragma once

#include <string_view>

namespace testgen::app {

[[nodiscard]] std::string_view version();

}  // namespace testgen::app
