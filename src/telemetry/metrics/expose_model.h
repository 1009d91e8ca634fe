// Shows the series of a configured model at zero before it is asked for the first time: a counter
// born with its first call, price or error hides that one from rate() and increase().
#pragma once

#include <string_view>

#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

void expose_model(const Metrics& metrics, std::string_view provider, std::string_view model);

}  // namespace testgen::telemetry
