#include "telemetry/logging/level.h"

#include "base/strings.h"

namespace testgen::telemetry {

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return "DEBUG";
    case LogLevel::Info:
      return "INFO";
    case LogLevel::Warning:
      return "WARNING";
    case LogLevel::Error:
      return "ERROR";
    case LogLevel::Critical:
      return "CRITICAL";
  }
  return "CRITICAL";
}

std::optional<LogLevel> log_level_from(std::string_view text) {
  const std::string wanted = base::to_lower(text);
  for (const LogLevel level :
       {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error, LogLevel::Critical}) {
    if (base::to_lower(to_string(level)) == wanted) return level;
  }
  return std::nullopt;
}

}  // namespace testgen::telemetry
