#include "telemetry/export/otlp_metrics.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

void put_attributes(ProtoWriter& out, std::uint32_t field, const MetricSpec& spec,
                    const SeriesSnapshot& series) {
  for (std::size_t i = 0; i < series.label_values.size(); ++i) {
    if (series.label_values[i].empty()) continue;  // Prometheus' way to say: absent
    put_key_value(out, field, otlp_label(spec, spec.labels[i].name),
                  std::string_view(series.label_values[i]));
  }
}

void put_exemplars(ProtoWriter& out, std::uint32_t field, const SeriesSnapshot& series) {
  for (const auto& [bucket, exemplar] : series.exemplars) {
    ProtoWriter message;
    message.fixed64(2, exemplar_nano(exemplar));
    message.real(3, exemplar.value);
    message.bytes(4, as_text(exemplar.span_id.bytes));
    message.bytes(5, as_text(exemplar.trace_id.bytes));
    out.message(field, message);
  }
}

ProtoWriter number_point(const MetricSpec& spec, const SeriesSnapshot& series, std::uint64_t now) {
  ProtoWriter out;
  out.fixed64(2, unix_nano(series.start));
  out.fixed64(3, now);
  if (spec.type == MetricType::Counter) {
    out.fixed64(6, series.count);
  } else {
    out.real(4, series.value);
  }
  put_exemplars(out, 5, series);
  put_attributes(out, 7, spec, series);
  return out;
}

ProtoWriter histogram_point(const MetricSpec& spec, const SeriesSnapshot& series,
                            std::uint64_t now) {
  ProtoWriter out;
  out.fixed64(2, unix_nano(series.start));
  out.fixed64(3, now);
  out.fixed64(4, series.count);
  out.real(5, series.sum);
  out.packed_fixed64(6, series.buckets);
  out.packed_real(7, spec.bounds);
  put_exemplars(out, 8, series);
  put_attributes(out, 9, spec, series);
  return out;
}

ProtoWriter exponential_point(const MetricSpec& spec, const SeriesSnapshot& series,
                              std::uint64_t now) {
  const NativeBuckets& native = *series.native;
  ProtoWriter out;
  put_attributes(out, 1, spec, series);
  out.fixed64(2, unix_nano(series.start));
  out.fixed64(3, now);
  out.fixed64(4, series.count);
  out.real(5, series.sum);
  out.sint32(6, native.schema);
  out.fixed64(7, native.zero_count);
  ProtoWriter positive;
  positive.sint32(1, native.first_index - 1);  // OTLP numbers buckets by their lower bound
  positive.packed_varint(2, native.counts);
  out.message(8, positive);
  put_exemplars(out, 11, series);
  out.real(14, native.zero_threshold);
  return out;
}

ProtoWriter metric_message(const FamilySnapshot& family, const MetricEncoding& encoding,
                           std::uint64_t now) {
  const MetricSpec& spec = *family.spec;
  ProtoWriter out;
  out.bytes(1, otlp_name(spec));
  out.bytes(2, to_valid_utf8(spec.help));
  if (!otlp_unit(spec).empty()) out.bytes(3, otlp_unit(spec));
  const bool exponential = encoding.exponential_histograms && family.series.front().native;
  ProtoWriter data;
  for (const SeriesSnapshot& series : family.series) {
    if (spec.type != MetricType::Histogram) {
      data.message(1, number_point(spec, series, now));
    } else if (exponential && series.native) {
      data.message(1, exponential_point(spec, series, now));
    } else {
      data.message(1, histogram_point(spec, series, now));
    }
  }
  const auto temporality =
      static_cast<std::uint64_t>(temporality_number(encoding.temporality, spec.type));
  switch (spec.type) {
    case MetricType::Gauge:
      out.message(5, data);
      break;
    case MetricType::Counter:
    case MetricType::ObservedCounter:
      data.varint(2, temporality);
      data.varint(3, 1);  // monotonic
      out.message(7, data);
      break;
    case MetricType::Histogram:
      data.varint(2, temporality);
      out.message(exponential ? 10 : 9, data);
      break;
  }
  return out;
}

}  // namespace

std::string encode_metrics_protobuf(const Snapshot& snapshot, const MetricEncoding& encoding,
                                    const Resource& resource) {
  ProtoWriter scope_metrics;
  scope_metrics.message(1, scope_message());
  for (const FamilySnapshot& family : snapshot.families) {
    if (family.series.empty()) continue;
    scope_metrics.message(2, metric_message(family, encoding, unix_nano(snapshot.time)));
  }
  ProtoWriter resource_metrics;
  resource_metrics.message(1, resource_message(resource));
  resource_metrics.message(2, scope_metrics);
  ProtoWriter request;
  request.message(1, resource_metrics);
  return request.take();
}

}  // namespace testgen::telemetry
