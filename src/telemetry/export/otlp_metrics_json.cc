#include "telemetry/export/otlp_metrics.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

void append_attributes(std::string& out, const MetricSpec& spec, const SeriesSnapshot& series) {
  out += "\"attributes\":[";
  bool first = true;
  for (std::size_t i = 0; i < series.label_values.size(); ++i) {
    if (series.label_values[i].empty()) continue;
    if (!std::exchange(first, false)) out += ',';
    append_key_value(out, otlp_label(spec, spec.labels[i].name),
                     std::string_view(series.label_values[i]));
  }
  out += ']';
}

void append_times(std::string& out, const SeriesSnapshot& series, std::uint64_t now) {
  out += ",\"startTimeUnixNano\":";
  append_quoted(out, unix_nano(series.start));
  out += ",\"timeUnixNano\":";
  append_quoted(out, now);
}

void append_exemplars(std::string& out, const SeriesSnapshot& series) {
  if (series.exemplars.empty()) return;
  out += ",\"exemplars\":";
  append_list(out, series.exemplars, [&](const auto& each) {
    const Exemplar& exemplar = each.second;
    out += "{\"timeUnixNano\":";
    append_quoted(out, exemplar_nano(exemplar));
    out += ",\"asDouble\":";
    append_double(out, exemplar.value);
    out += ",\"spanId\":\"" + exemplar.span_id.hex() + "\",\"traceId\":\"" +
           exemplar.trace_id.hex() + "\"}";
  });
}

void append_counts(std::string& out, std::span<const std::uint64_t> counts) {
  append_list(out, counts, [&](std::uint64_t count) { append_quoted(out, count); });
}

void append_count_and_sum(std::string& out, const SeriesSnapshot& series) {
  out += ",\"count\":";
  append_quoted(out, series.count);
  out += ",\"sum\":";
  append_double(out, series.sum);
}

void append_point(std::string& out, const MetricSpec& spec, const SeriesSnapshot& series,
                  std::uint64_t now, bool exponential) {
  out += '{';
  append_attributes(out, spec, series);
  append_times(out, series, now);
  if (spec.type == MetricType::Counter) {
    out += ",\"asInt\":";
    append_quoted(out, series.count);
  } else if (spec.type != MetricType::Histogram) {
    out += ",\"asDouble\":";
    append_double(out, series.value);
  } else if (exponential) {
    const NativeBuckets& native = *series.native;
    append_count_and_sum(out, series);
    out += ",\"scale\":" + std::to_string(native.schema) + ",\"zeroCount\":";
    append_quoted(out, native.zero_count);
    out += ",\"positive\":{\"offset\":" + std::to_string(native.first_index - 1) +
           ",\"bucketCounts\":";
    append_counts(out, native.counts);
    out += "},\"zeroThreshold\":";
    append_double(out, native.zero_threshold);
  } else {
    append_count_and_sum(out, series);
    out += ",\"bucketCounts\":";
    append_counts(out, series.buckets);
    out += ",\"explicitBounds\":";
    append_list(out, spec.bounds, [&](double bound) { append_double(out, bound); });
  }
  append_exemplars(out, series);
  out += '}';
}

void append_metric(std::string& out, const FamilySnapshot& family, const MetricEncoding& encoding,
                   std::uint64_t now) {
  const MetricSpec& spec = *family.spec;
  const bool exponential = encoding.exponential_histograms && spec.type == MetricType::Histogram &&
                           family.series.front().native;
  out += "{\"name\":";
  append_json_string(out, otlp_name(spec));
  out += ",\"description\":";
  append_json_string(out, spec.help);
  if (!otlp_unit(spec).empty()) {
    out += ",\"unit\":";
    append_json_string(out, otlp_unit(spec));
  }
  out += spec.type == MetricType::Gauge       ? ",\"gauge\":{"
         : spec.type != MetricType::Histogram ? ",\"sum\":{"
         : exponential                        ? ",\"exponentialHistogram\":{"
                                              : ",\"histogram\":{";
  if (spec.type != MetricType::Gauge) {
    out += "\"aggregationTemporality\":" +
           std::to_string(temporality_number(encoding.temporality, spec.type)) + ',';
    if (spec.type != MetricType::Histogram) out += "\"isMonotonic\":true,";
  }
  out += "\"dataPoints\":";
  append_list(out, family.series, [&](const SeriesSnapshot& series) {
    append_point(out, spec, series, now, exponential && series.native);
  });
  out += "}}";
}

}  // namespace

std::string encode_metrics_json(const Snapshot& snapshot, const MetricEncoding& encoding,
                                const Resource& resource) {
  std::string out = R"({"resourceMetrics":[{"resource":)";
  append_resource(out, resource);
  out += R"(,"scopeMetrics":[{"scope":)" + json_scope() + R"(,"metrics":[)";
  bool first = true;
  for (const FamilySnapshot& family : snapshot.families) {
    if (family.series.empty()) continue;
    if (!std::exchange(first, false)) out += ',';
    append_metric(out, family, encoding, unix_nano(snapshot.time));
  }
  out += "]}]}]}";
  return out;
}

}  // namespace testgen::telemetry
