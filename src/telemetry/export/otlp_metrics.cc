#include "telemetry/export/otlp_metrics.h"

#include <algorithm>
#include <array>

namespace testgen::telemetry {
namespace {

constexpr std::string_view kOtelPrefix = "otel_sdk_";

bool is_otel(const MetricSpec& spec) {
  return spec.name.starts_with(kOtelPrefix);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

int temporality_number(Temporality temporality, MetricType type) {
  constexpr int kDelta = 1;
  constexpr int kCumulative = 2;
  if (temporality == Temporality::Cumulative) return kCumulative;
  const bool observed = type == MetricType::ObservedCounter;
  return temporality == Temporality::LowMemory && observed ? kCumulative : kDelta;
}

// Prometheus' spelling of otel.sdk.exporter.span.exported is otel_sdk_exporter_span_exported_total.
std::string otlp_name(const MetricSpec& spec) {
  if (!is_otel(spec)) return spec.name;
  std::string name = spec.name;
  for (const std::string_view suffix : {"_total", "_seconds"}) {
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  }
  std::replace(name.begin(), name.end(), '_', '.');
  replace_all(name, "metric.data.point", "metric_data_point");
  replace_all(name, "metric.reader", "metric_reader");
  return name;
}

std::string otlp_label(const MetricSpec& spec, std::string_view label) {
  std::string name(label);
  if (is_otel(spec)) std::replace(name.begin(), name.end(), '_', '.');
  return name;
}

std::string_view otlp_unit(const MetricSpec& spec) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kUnits{
      {{"seconds", "s"}, {"bytes", "By"}, {"ratio", "1"}, {"percent", "%"}}};
  for (const auto& [ours, ucum] : kUnits) {
    if (spec.unit == ours) return ucum;
  }
  return {};
}

void drop_unmoved(Snapshot& delta) {
  for (FamilySnapshot& family : delta.families) {
    if (family.spec->type == MetricType::Gauge) continue;
    std::erase_if(family.series, [](const SeriesSnapshot& series) {
      return series.count == 0 && series.value == 0;
    });
  }
}

std::size_t data_point_count(const Snapshot& snapshot) {
  std::size_t count = 0;
  for (const FamilySnapshot& family : snapshot.families) count += family.series.size();
  return count;
}

std::uint64_t unix_nano(base::WallTime time) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

std::uint64_t exemplar_nano(const Exemplar& exemplar) {
  return static_cast<std::uint64_t>(exemplar.timestamp * 1e9);
}

}  // namespace testgen::telemetry
