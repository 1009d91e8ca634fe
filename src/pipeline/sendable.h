// What may leave the machine for a model: not the code of files on the deny list, and never what
// looks like a secret. Pure.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace testgen::pipeline {

// The pattern that keeps the file's code from being sent, or empty. Patterns are those of
// --exclude: a name, or a glob of a path or of its parts.
[[nodiscard]] std::string denied_by(const std::filesystem::path& file,
                                    const std::vector<std::string>& patterns);

// The text with its secrets taken out.
[[nodiscard]] std::string without_secrets(std::string_view text);

}  // namespace testgen::pipeline
