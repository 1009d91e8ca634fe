// From settings to what telemetry is made with: the one place where OpenTelemetry's variables get
// their meaning.
#pragma once

#include "config/settings.h"
#include "telemetry/telemetry.h"

namespace testgen::app {

// Without the log, whose options depend on the command.
[[nodiscard]] telemetry::TelemetryOptions telemetry_options(const config::Settings& settings);

}  // namespace testgen::app
