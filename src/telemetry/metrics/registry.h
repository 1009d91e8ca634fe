// All metric families of a process, made from the catalogue. Scrapes read it through
// exposition.h without ever stopping a writer. Thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "telemetry/metrics/instruments.h"

namespace testgen::telemetry {

struct RegistrySize {
  std::size_t series = 0;
  std::size_t bytes = 0;  // of series, tables and every thread's cells
};

class Registry {
 public:
  // `rows` must outlive the registry; `clock` is borrowed. With `native` every histogram also
  // keeps native buckets; no family has more than `series_limit` series but for its known values.
  Registry(std::span<const MetricSpec> rows, const base::Clock& clock, bool native = false,
           std::uint32_t series_limit = UINT32_MAX);

  // Handles by the row's name; a name or label count that the catalogue does not have is a bug.
  [[nodiscard]] Counter counter(std::string_view name);
  [[nodiscard]] ObservedCounter observed_counter(std::string_view name);
  [[nodiscard]] Gauge gauge(std::string_view name);
  [[nodiscard]] Histogram histogram(std::string_view name);
  template <std::size_t N>
  [[nodiscard]] CounterFamily<N> counters(std::string_view name) {
    return CounterFamily<N>(family(name, MetricType::Counter, N));
  }
  template <std::size_t N>
  [[nodiscard]] ObservedCounterFamily<N> observed_counters(std::string_view name) {
    return ObservedCounterFamily<N>(family(name, MetricType::ObservedCounter, N));
  }
  template <std::size_t N>
  [[nodiscard]] GaugeFamily<N> gauges(std::string_view name) {
    return GaugeFamily<N>(family(name, MetricType::Gauge, N));
  }
  template <std::size_t N>
  [[nodiscard]] HistogramFamily<N> histograms(std::string_view name) {
    return HistogramFamily<N>(family(name, MetricType::Histogram, N));
  }

  [[nodiscard]] RegistrySize size() const;

  // Called at the start of every scrape, to set what is read rather than counted.
  void on_collect(std::function<void()> hook);
  void collect();

  [[nodiscard]] const std::vector<std::unique_ptr<Family>>& families() const { return families_; }
  [[nodiscard]] CellStore& cells() { return cells_; }
  [[nodiscard]] const base::Clock& clock() const { return clock_; }
  // Whether readers may see it: its feature has landed or its name is fixed, and it is no debug
  // metric while those are off.
  [[nodiscard]] bool shown(const Family& family) const {
    const MetricSpec& spec = family.spec();
    return (spec.landed || spec.fixed) && (!spec.debug || debug_shown());
  }
  // Size of the last page, so that the next one gets its room at once.
  [[nodiscard]] std::size_t page_bytes() const {
    return page_bytes_.load(std::memory_order_relaxed);
  }
  void note_page_bytes(std::size_t bytes) { page_bytes_.store(bytes, std::memory_order_relaxed); }
  void show_debug(bool on) { show_debug_.store(on, std::memory_order_relaxed); }
  [[nodiscard]] bool debug_shown() const { return show_debug_.load(std::memory_order_relaxed); }

 private:
  Family& family(std::string_view name, MetricType type, std::size_t labels);

  const base::Clock& clock_;
  CellStore cells_;
  std::vector<std::unique_ptr<Family>> families_;
  std::mutex hooks_mutex_;
  std::vector<std::function<void()>> hooks_;
  std::atomic<bool> show_debug_{false};
  std::atomic<std::size_t> page_bytes_{64U << 10U};
};

}  // namespace testgen::telemetry
