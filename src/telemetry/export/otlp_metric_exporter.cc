#include "telemetry/export/otlp_metric_exporter.h"

namespace testgen::telemetry {

OtlpMetricExporter::OtlpMetricExporter(const OtlpTarget& target, const MetricEncoding& encoding,
                                       std::chrono::milliseconds interval, Resource resource,
                                       Registry& registry, Metrics& metrics, Logger& log,
                                       const base::Clock& clock)
    : encoding_(encoding),
      resource_(std::move(resource)),
      registry_(registry),
      delta_(registry),
      sender_(target, metric_exporter_figures(metrics), log, clock),
      periodic_(
          "tg-otlp-metrics", interval, [this] { push(); }, [this] { sender_.abort(); }) {}

Snapshot OtlpMetricExporter::read() {
  if (encoding_.temporality == Temporality::Cumulative) return take_snapshot(registry_);
  Snapshot delta = delta_.read();
  if (encoding_.temporality == Temporality::LowMemory) {
    Snapshot total = take_snapshot(registry_);
    for (std::size_t i = 0; i < delta.families.size(); ++i) {
      if (delta.families[i].spec->type == MetricType::ObservedCounter) {
        delta.families[i] = std::move(total.families[i]);
      }
    }
  }
  drop_unmoved(delta);
  return delta;
}

void OtlpMetricExporter::push() {
  const Snapshot snapshot = read();
  const std::size_t points = data_point_count(snapshot);
  if (points == 0) return;  // an empty envelope says nothing
  sender_.send(sender_.protocol() == OtlpProtocol::HttpJson
                   ? encode_metrics_json(snapshot, encoding_, resource_)
                   : encode_metrics_protobuf(snapshot, encoding_, resource_),
               points);
}

}  // namespace testgen::telemetry
