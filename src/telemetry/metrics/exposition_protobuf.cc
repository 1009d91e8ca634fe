// The delimited protobuf format: one io.prometheus.client.MetricFamily after the other, each
// behind its length. The only one of Prometheus' formats that carries native histograms.
#include <algorithm>
#include <cmath>

#include "telemetry/export/protobuf.h"
#include "telemetry/metrics/exposition.h"
#include "telemetry/metrics/snapshot.h"

namespace testgen::telemetry {
namespace {

enum ProtoType : std::uint64_t { kCounter = 0, kGauge = 1, kHistogram = 4 };

ProtoWriter timestamp(double unix_seconds) {
  const double whole = std::floor(unix_seconds);
  ProtoWriter out;
  out.varint(1, static_cast<std::uint64_t>(whole));
  out.varint(2, static_cast<std::uint64_t>((unix_seconds - whole) * 1e9));
  return out;
}

ProtoWriter label_pair(std::string_view name, std::string_view value) {
  ProtoWriter out;
  out.bytes(1, name);
  out.bytes(2, value);
  return out;
}

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}

void add_exemplar(ProtoWriter& out, std::uint32_t field, const Series& series, std::uint32_t slot) {
  const auto exemplar = series.exemplars.load(slot);
  if (!exemplar) return;
  ProtoWriter message;
  message.message(1, label_pair("trace_id", exemplar->trace_id.hex()));
  message.message(1, label_pair("span_id", exemplar->span_id.hex()));
  message.real(2, exemplar->value);
  message.message(3, timestamp(exemplar->timestamp));
  out.message(field, message);
}

ProtoWriter counter(const Series& series, double value) {
  ProtoWriter out;
  out.real(1, value);
  add_exemplar(out, 2, series, 0);
  out.message(3, timestamp(series.created));
  return out;
}

// Spans of neighbouring buckets and, for each bucket, the difference to the one before.
void add_native(ProtoWriter& out, const NativeBuckets& native) {
  out.varint(5, zigzag(native.schema));
  out.real(6, native.zero_threshold);
  out.varint(7, native.zero_count);
  std::int64_t before = 0;
  std::int32_t next = 0;  // the index that an offset counts from
  bool any = false;
  for (std::size_t i = 0; i < native.counts.size();) {
    if (native.counts[i] == 0) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < native.counts.size() && native.counts[end] != 0) ++end;
    const std::int32_t index = native.first_index + static_cast<std::int32_t>(i);
    ProtoWriter span;
    span.varint(1, zigzag(index - next));
    span.varint(2, end - i);
    out.message(12, span);
    for (; i < end; ++i) {
      const auto count = static_cast<std::int64_t>(native.counts[i]);
      out.varint(13, zigzag(count - before));
      before = count;
    }
    next = native.first_index + static_cast<std::int32_t>(end);
    any = true;
  }
  // An empty span tells a native histogram without observations from a classic one.
  if (!any) out.bytes(12, "");
}

ProtoWriter histogram(const Family& family, const Series& series, const CellStore::View& view) {
  const auto& bounds = family.spec().bounds;
  const auto sum_cell = static_cast<std::uint32_t>(bounds.size()) + 1;
  std::vector<std::uint64_t> cumulative;
  std::uint64_t count = 0;
  for (std::uint32_t i = 0; i < sum_cell; ++i) {
    cumulative.push_back(count += view.sum(series.cell + i));
  }
  const double sum = view.sum_double(series.cell + sum_cell);
  // Read after the classic ones, which writers count first, and decisive for the count.
  const auto native = read_native(family, series, view);
  if (native) {
    count = native->zero_count;
    for (const std::uint64_t each : native->counts) count += each;
  }
  ProtoWriter out;
  out.varint(1, count);
  out.real(2, sum);
  for (std::uint32_t i = 0; i < sum_cell; ++i) {
    ProtoWriter bucket;
    bucket.varint(1, std::min(cumulative[i], count));
    bucket.real(2, i < bounds.size() ? bounds[i] : INFINITY);
    add_exemplar(bucket, 3, series, i);
    out.message(3, bucket);
  }
  if (native) add_native(out, *native);
  out.message(15, timestamp(series.created));
  return out;
}

ProtoWriter metric(const Family& family, const Series& series, const CellStore::View& view) {
  ProtoWriter out;
  const auto& labels = family.spec().labels;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!series.values[i].empty()) out.message(1, label_pair(labels[i].name, series.values[i]));
  }
  const double value = series.value.load(std::memory_order_relaxed);
  switch (family.spec().type) {
    case MetricType::Counter:
      out.message(3, counter(series, static_cast<double>(view.sum(series.cell))));
      break;
    case MetricType::ObservedCounter:
      out.message(3, counter(series, value));
      break;
    case MetricType::Gauge: {
      ProtoWriter gauge;
      gauge.real(1, value);
      out.message(2, gauge);
      break;
    }
    case MetricType::Histogram:
      out.message(7, histogram(family, series, view));
      break;
  }
  return out;
}

void append_delimited(std::string& page, const std::string& message) {
  std::uint64_t size = message.size();
  for (; size >= 0x80; size >>= 7U) page += static_cast<char>(size | 0x80U);
  page += static_cast<char>(size);
  page += message;
}

std::uint64_t type_of(MetricType type) {
  switch (type) {
    case MetricType::Counter:
    case MetricType::ObservedCounter:
      return kCounter;
    case MetricType::Gauge:
      return kGauge;
    case MetricType::Histogram:
      return kHistogram;
  }
  return kGauge;
}

}  // namespace

std::string render_protobuf(Registry& registry) {
  const CellStore::View view = registry.cells().view();
  std::string page;
  for (const auto& family : registry.families()) {
    const std::size_t count = family->series_count();
    // Readers refuse a family without a metric.
    if (count == 0 || !registry.shown(*family)) continue;
    const MetricSpec& spec = family->spec();
    ProtoWriter out;
    out.bytes(1, spec.name);
    out.bytes(2, spec.help);
    out.varint(3, type_of(spec.type));
    for (std::size_t i = 0; i < count; ++i) out.message(4, metric(*family, family->at(i), view));
    if (!spec.unit.empty()) out.bytes(5, spec.unit);
    append_delimited(page, out.take());
  }
  return page;
}

}  // namespace testgen::telemetry
