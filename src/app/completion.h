// Completion scripts for shells, made from the tables of commands and settings. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace testgen::app {

[[nodiscard]] const std::vector<std::string_view>& completion_shells();  // bash, zsh, fish
// The script for one of them; empty for another name.
[[nodiscard]] std::string completion_script(std::string_view shell);

}  // namespace testgen::app
