#include "telemetry/metrics/registry.h"

#include <algorithm>

#include "base/check.h"

namespace testgen::telemetry {

Registry::Registry(std::span<const MetricSpec> rows, const base::Clock& clock, bool native,
                   std::uint32_t series_limit)
    : clock_(clock) {
  families_.reserve(rows.size());
  for (const MetricSpec& row : rows) {
    families_.push_back(std::make_unique<Family>(row, cells_, clock, native, series_limit));
  }
}

Family& Registry::family(std::string_view name, MetricType type, std::size_t labels) {
  const auto found = std::find_if(families_.begin(), families_.end(),
                                  [&](const auto& each) { return each->spec().name == name; });
  TG_CHECK(found != families_.end());
  TG_CHECK((*found)->spec().type == type);
  TG_CHECK((*found)->spec().labels.size() == labels);
  return **found;
}

Counter Registry::counter(std::string_view name) {
  Family& found = family(name, MetricType::Counter, 0);
  return {found, found.series({})};
}

ObservedCounter Registry::observed_counter(std::string_view name) {
  Family& found = family(name, MetricType::ObservedCounter, 0);
  return {found, found.series({})};
}

Gauge Registry::gauge(std::string_view name) {
  Family& found = family(name, MetricType::Gauge, 0);
  return {found, found.series({})};
}

Histogram Registry::histogram(std::string_view name) {
  Family& found = family(name, MetricType::Histogram, 0);
  return {found, found.series({})};
}

RegistrySize Registry::size() const {
  RegistrySize size{0, cells_.bytes()};
  for (const auto& family : families_) {
    size.series += family->series_count();
    size.bytes += family->bytes();
  }
  return size;
}

void Registry::on_collect(std::function<void()> hook) {
  const std::lock_guard lock(hooks_mutex_);
  hooks_.push_back(std::move(hook));
}

void Registry::collect() {
  const std::lock_guard lock(hooks_mutex_);
  for (const auto& hook : hooks_) hook();
  cells_.next_round();
}

}  // namespace testgen::telemetry
