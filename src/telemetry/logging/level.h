// The five levels, by the policy of docs/logs.md: DEBUG detail, INFO what happened,
// WARNING what may become a problem, ERROR what failed, CRITICAL what may stop the service.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace testgen::telemetry {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error, Critical };
inline constexpr std::size_t kLogLevels = 5;

[[nodiscard]] std::string_view to_string(LogLevel level);  // "DEBUG" … "CRITICAL"
[[nodiscard]] std::optional<LogLevel> log_level_from(std::string_view text);  // any case

}  // namespace testgen::telemetry
