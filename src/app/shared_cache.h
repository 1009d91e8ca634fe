// The cache that the settings name: results shared with other services.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "config/settings.h"
#include "service/cache/shared_cache.h"

namespace testgen::app {

// Null when none is named. An Error for settings that cannot work; whether a Redis is there is not
// asked. `clock` is borrowed by what is made.
[[nodiscard]] base::Result<std::shared_ptr<service::SharedCache>> shared_cache(
    const config::Settings& settings, const base::Clock& clock);

}  // namespace testgen::app
