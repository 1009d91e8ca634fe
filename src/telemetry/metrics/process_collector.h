// Figures of the process and of its control group, read from /proc and /sys at each scrape. What
// cannot be read keeps its last value.
#pragma once

#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

// Sets the process_*, testgen_memory_* and testgen_container_* metrics.
void collect_process(Metrics& metrics);

}  // namespace testgen::telemetry
