// Metrics as New Relic's Metric API takes them, from a delta of the registry. Names are those its
// agents use for custom metrics: testgen_tests_generated_total is Custom/TestsGenerated. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "telemetry/export/otlp_values.h"
#include "telemetry/metrics/snapshot.h"

namespace testgen::telemetry {

struct NewRelicBody {
  std::string json;
  std::size_t points = 0;
};

// One body or more: none is larger than `max_bytes`, unless a single metric is.
[[nodiscard]] std::vector<NewRelicBody> new_relic_bodies(const Snapshot& delta,
                                                         std::chrono::milliseconds interval,
                                                         const Resource& resource,
                                                         std::size_t max_bytes);

[[nodiscard]] std::string new_relic_name(std::string_view metric);

}  // namespace testgen::telemetry
