// Which flags of testgen scan go together. Pure.
#pragma once

#include "base/result.h"
#include "config/settings.h"

namespace testgen::app {

// InvalidArgument says which do not. `baseline`: the command is scan baseline.
[[nodiscard]] base::Status check_scan(const config::Settings& settings, bool baseline);

}  // namespace testgen::app
