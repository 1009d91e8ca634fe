// The registry's figures at one moment, as values: what every exporter reads (OTLP, DogStatsD,
// New Relic, textfile). Scrapes are rendered straight from the registry by exposition.h instead.
//   Snapshot now = take_snapshot(registry);            // totals since each series was created
//   DeltaReader reader(registry); reader.read();       // what happened since the last read
// Never blocks writers. A snapshot borrows specs and label values from the registry, so it must
// not outlive it. A series keeps its place in its family, and a family its place in the list, as
// long as the registry lives. Families that are not shown (debug metrics switched off, rows whose
// feature is still to come) are there with no series.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "telemetry/metrics/registry.h"

namespace testgen::telemetry {

// Exponential buckets with the base 2^(2^-schema), as OTLP and Prometheus define them: bucket i
// holds values in (base^(i-1), base^i]. (OTLP numbers the same bucket i-1.)
struct NativeBuckets {
  int schema = 0;
  double zero_threshold = 0;  // values up to this are in `zero_count`
  std::uint64_t zero_count = 0;
  std::int32_t first_index = 0;       // of counts[0]
  std::vector<std::uint64_t> counts;  // neighbours; empty ones at both ends are left out
};

struct SeriesSnapshot {
  std::span<const std::string> label_values;  // in the order of spec->labels
  base::WallTime start{};   // cumulative: creation; delta: the last read, or creation if later
  double value = 0;         // counters of both kinds and gauges
  std::uint64_t count = 0;  // counters: the same, exact; histograms: observations
  double sum = 0;           // histograms
  std::vector<std::uint64_t> buckets;   // histograms: not cumulative, one per bound, then +Inf
  std::optional<NativeBuckets> native;  // histograms, when native ones are switched on
  // Counters: bucket 0. Histograms: at most one for each bucket. A delta has only new ones.
  std::vector<std::pair<std::uint32_t, Exemplar>> exemplars;
};

struct FamilySnapshot {
  const MetricSpec* spec = nullptr;
  std::vector<SeriesSnapshot> series;
};

struct Snapshot {
  base::WallTime time{};  // when it was taken
  std::vector<FamilySnapshot> families;
};

// The native buckets of a histogram's series, or nothing where none are kept.
[[nodiscard]] std::optional<NativeBuckets> read_native(const Family& family, const Series& series,
                                                       const CellStore::View& view);

// Runs the registry's collect hooks first.
[[nodiscard]] Snapshot take_snapshot(Registry& registry);

// One exporter's memory of what it has read. Gauges are never differences. Thread-safe.
class DeltaReader {
 public:
  explicit DeltaReader(Registry& registry) : registry_(registry) {}
  // The first read gives everything since the start. What a read has returned is never returned
  // again: an exporter that could not deliver it keeps it or counts it as lost.
  [[nodiscard]] Snapshot read();

 private:
  Registry& registry_;
  std::mutex mutex_;
  Snapshot last_;
};

}  // namespace testgen::telemetry
