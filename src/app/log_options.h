// How a command logs: what its settings say, and where they are silent, what the environment asks
// for. Pure.
#pragma once

#include "config/settings.h"
#include "telemetry/logging/logger.h"

namespace testgen::app {

// Pretty at DEBUG in development, JSON at INFO in production. `watched`: standard error is a
// terminal, which makes it development unless the settings say otherwise or there is a file.
[[nodiscard]] telemetry::LoggingOptions logging_options(const config::Settings& settings,
                                                        bool watched);
// The same for a command whose results are elsewhere: silent unless a log was asked for.
[[nodiscard]] telemetry::LoggingOptions quiet_logging_options(const config::Settings& settings,
                                                              bool watched);
// Whether that log goes where progress is shown: they would write over each other.
[[nodiscard]] bool logs_over_progress(const config::Settings& settings, bool watched);

}  // namespace testgen::app
