// The settings table as a JSON Schema of the settings file, for editors and other checkers. Pure.
#pragma once

#include <string>

namespace testgen::config {

// A document of draft 2020-12, with a line feed at its end.
[[nodiscard]] std::string settings_schema();

}  // namespace testgen::config
