// Renders the registry for a scraper: Prometheus text 0.0.4, or OpenMetrics 1.0 with exemplars,
// units and creation times, as the Accept header asks. Pure apart from reading the registry.
#pragma once

#include <string>
#include <string_view>

#include "telemetry/metrics/registry.h"

namespace testgen::telemetry {

enum class ExpositionFormat { Text, OpenMetrics };

// The best format this program speaks for an Accept header, by quality and then by order; text
// 0.0.4 when nothing fits, as Prometheus expects.
[[nodiscard]] ExpositionFormat negotiate_exposition(std::string_view accept);
[[nodiscard]] std::string_view content_type(ExpositionFormat format);
// Never blocks writers. Runs the registry's collect hooks first.
[[nodiscard]] std::string render(Registry& registry, ExpositionFormat format);

}  // namespace testgen::telemetry
