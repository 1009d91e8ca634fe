// Shows the account of the objectives as the testgen_sla_* and testgen_slo_* gauges.
#pragma once

#include "telemetry/metrics/metrics.h"
#include "telemetry/slo/slo_tracker.h"

namespace testgen::telemetry {

void publish(SloTracker& tracker, const Metrics& metrics);

}  // namespace testgen::telemetry
