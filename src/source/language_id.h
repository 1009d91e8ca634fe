// Which language a file is in, by the ending of its name. The one table of endings.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace testgen::source {

[[nodiscard]] std::optional<std::string> detect_language(const std::filesystem::path& path);
// ".py, .pyw": for messages.
[[nodiscard]] std::string supported_endings();

}  // namespace testgen::source
