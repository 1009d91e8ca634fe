#include "telemetry/metrics/snapshot.h"

#include <algorithm>

namespace testgen::telemetry {
namespace {

base::WallTime wall_time(double unix_seconds) {
  return base::WallTime(std::chrono::duration_cast<base::WallTime::duration>(
      std::chrono::duration<double>(unix_seconds)));
}

// Drops the empty buckets at both ends.
void trim(NativeBuckets& native) {
  auto& counts = native.counts;
  while (!counts.empty() && counts.back() == 0) counts.pop_back();
  const auto first =
      std::find_if(counts.begin(), counts.end(), [](auto count) { return count != 0; });
  native.first_index += static_cast<std::int32_t>(first - counts.begin());
  counts.erase(counts.begin(), first);
}

// Counts only grow, so the older buckets are among the newer ones.
void subtract(NativeBuckets& now, const NativeBuckets& before) {
  now.zero_count -= before.zero_count;
  const auto shift = static_cast<std::size_t>(before.first_index - now.first_index);
  for (std::size_t i = 0; i < before.counts.size(); ++i) now.counts[shift + i] -= before.counts[i];
  trim(now);
}

SeriesSnapshot read_series(const Family& family, const Series& series,
                           const CellStore::View& view) {
  SeriesSnapshot read;
  read.label_values = series.values;
  read.start = wall_time(series.created);
  std::uint32_t exemplar_slots = 0;
  switch (family.spec().type) {
    case MetricType::Counter:
      read.count = view.sum(series.cell);
      read.value = static_cast<double>(read.count);
      exemplar_slots = 1;
      break;
    case MetricType::ObservedCounter:
    case MetricType::Gauge:
      read.value = series.value.load(std::memory_order_relaxed);
      break;
    case MetricType::Histogram: {
      const auto buckets = static_cast<std::uint32_t>(family.spec().bounds.size()) + 1;
      for (std::uint32_t i = 0; i < buckets; ++i) {
        read.count += read.buckets.emplace_back(view.sum(series.cell + i));
      }
      read.sum = view.sum_double(series.cell + buckets);
      read.native = read_native(family, series, view);
      exemplar_slots = buckets;
      break;
    }
  }
  for (std::uint32_t slot = 0; slot < exemplar_slots; ++slot) {
    if (const auto exemplar = series.exemplars.load(slot)) {
      read.exemplars.emplace_back(slot, *exemplar);
    }
  }
  return read;
}

// What happened between two totals of one series.
void subtract(SeriesSnapshot& now, const SeriesSnapshot& before, MetricType type,
              base::WallTime last_read) {
  now.start = std::max(now.start, last_read);
  const double since = base::unix_seconds(last_read);
  std::erase_if(now.exemplars, [&](const auto& each) { return each.second.timestamp <= since; });
  if (type == MetricType::Gauge) return;
  // An observed counter may begin anew; a counter of ours never goes back.
  if (type != MetricType::ObservedCounter || now.value >= before.value) now.value -= before.value;
  now.count -= before.count;
  now.sum -= before.sum;
  for (std::size_t i = 0; i < now.buckets.size(); ++i) now.buckets[i] -= before.buckets[i];
  if (now.native && before.native) subtract(*now.native, *before.native);
}

}  // namespace

std::optional<NativeBuckets> read_native(const Family& family, const Series& series,
                                         const CellStore::View& view) {
  const auto& range = family.native();
  if (!range) return std::nullopt;
  NativeBuckets native;
  native.schema = NativeRange::kSchema;
  native.zero_threshold = range->zero_threshold();
  native.zero_count = view.sum(series.native_cell);
  native.first_index = range->first_index();
  for (std::uint32_t i = 1; i < range->cells(); ++i) {
    native.counts.push_back(view.sum(series.native_cell + i));
  }
  trim(native);
  return native;
}

Snapshot take_snapshot(Registry& registry) {
  registry.collect();
  Snapshot snapshot;
  snapshot.time = registry.clock().wall_now();
  const CellStore::View view = registry.cells().view();
  for (const auto& family : registry.families()) {
    FamilySnapshot& read = snapshot.families.emplace_back();
    read.spec = &family->spec();
    if (!registry.shown(*family)) continue;
    const std::size_t count = family->series_count();
    read.series.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      read.series.push_back(read_series(*family, family->at(i), view));
    }
  }
  return snapshot;
}

Snapshot DeltaReader::read() {
  const std::lock_guard lock(mutex_);
  Snapshot delta = take_snapshot(registry_);
  if (last_.families.empty()) {
    last_ = delta;
    return delta;
  }
  const Snapshot total = delta;
  for (std::size_t f = 0; f < delta.families.size(); ++f) {
    FamilySnapshot& family = delta.families[f];
    const FamilySnapshot& before = last_.families[f];
    const std::size_t known = std::min(family.series.size(), before.series.size());
    for (std::size_t s = 0; s < known; ++s) {
      subtract(family.series[s], before.series[s], family.spec->type, last_.time);
    }
    // Not shown this time: what it counts meanwhile belongs to the next read that shows it.
    if (family.series.empty()) continue;
    last_.families[f] = total.families[f];
  }
  last_.time = total.time;
  return delta;
}

}  // namespace testgen::telemetry
