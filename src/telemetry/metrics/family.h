// One metric with all its series. Series are found by their label values without a lock; a new
// combination is added under one, up to the catalogue's cap, and then shares the `other` series,
// so that a label made from input can never grow the memory. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "telemetry/metrics/catalogue.h"
#include "telemetry/metrics/cells.h"
#include "telemetry/metrics/exemplar.h"
#include "telemetry/metrics/native_range.h"

namespace testgen::telemetry {

// Values longer than this are cut: a label is a name, not a text.
inline constexpr std::size_t kMaxLabelBytes = 128;

struct Series {
  std::vector<std::string> values;
  std::string labels;  // rendered: method="GET",status="200"; empty without labels
  std::uint64_t hash = 0;
  std::uint32_t cell = 0;         // counter: 1 cell; histogram: bounds + 1 buckets, then the sum
  std::uint32_t native_cell = 0;  // histogram with native buckets: NativeRange::cells() cells
  std::atomic<double> value{0};   // gauges and observed counters
  double created = 0;             // Unix seconds
  ExemplarSlots exemplars;
};

class Family {
 public:
  // All are borrowed; `spec` must live as long as the program. A histogram also keeps native
  // buckets when `native` is set. `limit` lowers the catalogue's cap, never below the known values.
  Family(const MetricSpec& spec, CellStore& cells, const base::Clock& clock, bool native = false,
         std::uint32_t limit = UINT32_MAX);

  // The series of these values, made if need be; `other` in every label past the cap.
  Series& series(std::span<const std::string_view> values);

  [[nodiscard]] const MetricSpec& spec() const { return spec_; }
  [[nodiscard]] std::uint32_t series_cap() const { return cap_; }
  [[nodiscard]] CellStore& cells() const { return cells_; }
  [[nodiscard]] const base::Clock& clock() const { return clock_; }
  [[nodiscard]] const std::optional<NativeRange>& native() const { return native_; }
  [[nodiscard]] std::size_t series_count() const { return count_.load(std::memory_order_acquire); }
  // In order of creation; valid below series_count().
  [[nodiscard]] const Series& at(std::size_t index) const;
  // Memory of the table and the series, without their cells.
  [[nodiscard]] std::size_t bytes() const;
  // Calls that were given the `other` series since the start.
  [[nodiscard]] std::uint64_t rejected() const { return rejected_.load(std::memory_order_relaxed); }
  // le="0.5"} … le="+Inf"}, one for each bucket.
  [[nodiscard]] const std::vector<std::string>& bucket_labels() const { return bucket_labels_; }

 private:
  [[nodiscard]] Series* find(std::uint64_t hash, std::span<const std::string_view> values) const;
  Series* insert(std::uint64_t hash, std::span<const std::string_view> values);
  Series& overflow();
  void create_known(std::vector<std::string_view>& prefix);

  const MetricSpec& spec_;
  CellStore& cells_;
  const base::Clock& clock_;
  std::uint32_t cap_;
  std::vector<std::string> bucket_labels_;
  std::optional<NativeRange> native_;
  std::mutex mutex_;                            // for insert only
  std::vector<std::atomic<Series*>> table_;     // open addressing, at most half full, never shrinks
  std::vector<std::unique_ptr<Series>> owned_;  // sized once; [0, count_) are set
  std::atomic<std::size_t> count_{0};
  std::atomic<Series*> overflow_{nullptr};  // the `other` series, once the cap was met
  std::atomic<std::uint64_t> rejected_{0};
};

}  // namespace testgen::telemetry
