#include "telemetry/export/new_relic_metrics.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "telemetry/metrics/number.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

// The receiver's limits.
constexpr std::size_t kMaxValueBytes = 4096;
// Words that the receiver keeps for itself.
constexpr std::array<std::string_view, 9> kReserved{
    "timestamp", "value", "count", "sum", "min", "max", "interval.ms", "metrics", "common"};

void append_pair(std::string& out, std::string_view key, std::string_view value) {
  append_json_string(out, key);
  out += ':';
  append_json_string(out, value.substr(0, kMaxValueBytes));
}

void append_attributes(std::string& out, const MetricSpec& spec, const SeriesSnapshot& series) {
  out += ",\"attributes\":{";
  bool first = true;
  for (std::size_t i = 0; i < series.label_values.size(); ++i) {
    if (series.label_values[i].empty()) continue;
    const std::string& label = spec.labels[i].name;
    const bool reserved = std::find(kReserved.begin(), kReserved.end(), label) != kReserved.end();
    if (!std::exchange(first, false)) out += ',';
    append_pair(out, reserved ? "label." + label : label, series.label_values[i]);
  }
  out += '}';
}

// A summary wants the smallest and the largest observation; the buckets say between which bounds
// they lie, and one observation alone is known exactly.
void append_summary(std::string& out, const MetricSpec& spec, const SeriesSnapshot& series) {
  double least = series.sum;
  double most = series.sum;
  if (series.count > 1) {
    const auto hit = [](std::uint64_t count) { return count > 0; };
    const auto first = std::find_if(series.buckets.begin(), series.buckets.end(), hit);
    const auto last = std::find_if(series.buckets.rbegin(), series.buckets.rend(), hit);
    const auto low = static_cast<std::size_t>(first - series.buckets.begin());
    const auto high = static_cast<std::size_t>(series.buckets.rend() - last) - 1;
    least = low == 0 ? 0 : spec.bounds[low - 1];
    most = spec.bounds.empty() ? series.sum : spec.bounds[std::min(high, spec.bounds.size() - 1)];
  }
  out += "{\"count\":" + std::to_string(series.count) + ",\"sum\":";
  append_number(out, series.sum);
  out += ",\"min\":";
  append_number(out, least);
  out += ",\"max\":";
  append_number(out, most);
  out += '}';
}

// Empty when there is nothing to say.
std::string metric_json(const MetricSpec& spec, const SeriesSnapshot& series) {
  const bool histogram = spec.type == MetricType::Histogram;
  const bool gauge = spec.type == MetricType::Gauge;
  if (!std::isfinite(histogram ? series.sum : series.value)) return {};
  if (!gauge && series.count == 0 && series.value == 0) return {};
  std::string out = "{\"name\":";
  append_json_string(out, new_relic_name(spec.name));
  out += histogram ? ",\"type\":\"summary\",\"value\":"
         : gauge   ? ",\"type\":\"gauge\",\"value\":"
                   : ",\"type\":\"count\",\"value\":";
  if (histogram) {
    append_summary(out, spec, series);
  } else {
    append_number(out, series.value);
  }
  append_attributes(out, spec, series);
  out += '}';
  return out;
}

}  // namespace

std::string new_relic_name(std::string_view metric) {
  constexpr std::string_view kPrefix = "testgen_";
  constexpr std::string_view kTotal = "_total";
  if (metric.starts_with(kPrefix)) metric.remove_prefix(kPrefix.size());
  if (metric.ends_with(kTotal)) metric.remove_suffix(kTotal.size());
  std::string out = "Custom/";
  bool word = true;
  for (const char c : metric) {
    if (c == '_') {
      word = true;
    } else {
      out += word && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      word = false;
    }
  }
  return out;
}

std::vector<NewRelicBody> new_relic_bodies(const Snapshot& delta,
                                           std::chrono::milliseconds interval,
                                           const Resource& resource, std::size_t max_bytes) {
  // The receiver wants the start of the interval.
  const auto start = std::chrono::duration_cast<std::chrono::milliseconds>(
                         delta.time.time_since_epoch() - interval)
                         .count();
  std::string head = "[{\"common\":{\"timestamp\":" + std::to_string(start) +
                     ",\"interval.ms\":" + std::to_string(interval.count()) + ",\"attributes\":{";
  for (std::size_t i = 0; i < resource.size(); ++i) {
    if (i > 0) head += ',';
    append_pair(head, resource[i].first, resource[i].second);
  }
  head += "}},\"metrics\":[";
  constexpr std::string_view kTail = "]}]";

  std::vector<NewRelicBody> bodies;
  for (const FamilySnapshot& family : delta.families) {
    for (const SeriesSnapshot& series : family.series) {
      const std::string metric = metric_json(*family.spec, series);
      if (metric.empty()) continue;
      if (bodies.empty() ||
          bodies.back().json.size() + metric.size() + kTail.size() + 1 > max_bytes) {
        bodies.push_back({head, 0});
      }
      NewRelicBody& body = bodies.back();
      if (body.points++ > 0) body.json += ',';
      body.json += metric;
    }
  }
  for (NewRelicBody& body : bodies) body.json += kTail;
  return bodies;
}

}  // namespace testgen::telemetry
