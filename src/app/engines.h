// Which engines a service offers, and what their results depend on. Pure.
#pragma once

#include "config/settings.h"
#include "service/api/engines.h"

namespace testgen::app {

// The explorer always; the others where models are set up.
[[nodiscard]] service::Engines engines_of(const config::Settings& settings);

}  // namespace testgen::app
