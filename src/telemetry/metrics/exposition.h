// Renders the registry for a scraper: Prometheus text 0.0.4, OpenMetrics 1.0 with exemplars, units
// and creation times, or delimited protobuf with native histograms where they are kept, as the
// Accept header asks. Pure apart from reading the registry.
#pragma once

#include <string>
#include <string_view>

#include "telemetry/metrics/registry.h"

namespace testgen::telemetry {

enum class ExpositionFormat { Text, OpenMetrics, Protobuf };

// The best format this program speaks for an Accept header, by quality and then by order; text
// 0.0.4 when nothing fits, as Prometheus expects.
[[nodiscard]] ExpositionFormat negotiate_exposition(std::string_view accept);
// Whether the answer may be compressed with gzip, by an Accept-Encoding header.
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);
[[nodiscard]] std::string_view content_type(ExpositionFormat format);
// Never blocks writers. Runs the registry's collect hooks first.
[[nodiscard]] std::string render(Registry& registry, ExpositionFormat format);
// The same for protobuf alone, without the hooks.
[[nodiscard]] std::string render_protobuf(Registry& registry);

}  // namespace testgen::telemetry
