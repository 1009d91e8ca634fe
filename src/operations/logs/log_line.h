// A line of the log in any of its JSON formats, with its fields under the names of the format
// "json": duration_ms, status, event. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace testgen::operations {

// Nothing when it is no JSON object. Lines of the formats ecs and otel have their fields renamed;
// an ecs line keeps its own names beside them where `keep_names` asks for it.
[[nodiscard]] std::optional<nlohmann::json> read_log_line(std::string_view text, bool keep_names);

}  // namespace testgen::operations
