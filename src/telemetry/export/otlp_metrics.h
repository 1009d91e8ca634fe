// ExportMetricsServiceRequest, written by hand as protobuf and as JSON, from a snapshot of the
// registry. Metrics keep their names; OpenTelemetry's own (otel.sdk.*) get theirs back. Pure.
#pragma once

#include <string>

#include "telemetry/export/otlp_values.h"
#include "telemetry/metrics/snapshot.h"

namespace testgen::telemetry {

enum class Temporality {
  Cumulative,  // totals since a series was created
  Delta,       // what happened since the last export
  LowMemory,   // delta, but cumulative for what is read from elsewhere
};

struct MetricEncoding {
  Temporality temporality = Temporality::Cumulative;
  bool exponential_histograms = false;  // where the registry keeps them
};

// OTLP's number for what a family is sent as: 1 delta, 2 cumulative.
[[nodiscard]] int temporality_number(Temporality temporality, MetricType type);

[[nodiscard]] std::string encode_metrics_protobuf(const Snapshot& snapshot,
                                                  const MetricEncoding& encoding,
                                                  const Resource& resource);
[[nodiscard]] std::string encode_metrics_json(const Snapshot& snapshot,
                                              const MetricEncoding& encoding,
                                              const Resource& resource);

// Takes away what a delta has nothing to say about: counters and histograms that did not move.
void drop_unmoved(Snapshot& delta);

[[nodiscard]] std::size_t data_point_count(const Snapshot& snapshot);

// How OTLP calls the metric, its labels and its unit (UCUM).
[[nodiscard]] std::string otlp_name(const MetricSpec& spec);
[[nodiscard]] std::string otlp_label(const MetricSpec& spec, std::string_view label);
[[nodiscard]] std::string_view otlp_unit(const MetricSpec& spec);

[[nodiscard]] std::uint64_t unix_nano(base::WallTime time);
// The trace's moment.
[[nodiscard]] std::uint64_t exemplar_nano(const Exemplar& exemplar);

}  // namespace testgen::telemetry
