#include "telemetry/metrics/instruments.h"

#include <algorithm>
#include <cmath>

namespace testgen::telemetry {
namespace {

Exemplar exemplar_of(const SpanContext& context, double value, const base::Clock& clock) {
  return {context.trace_id, context.span_id, value, base::unix_seconds(clock.wall_now())};
}

}  // namespace

void Counter::add(std::uint64_t amount, const SpanContext& exemplar) const {
  add(amount);
  const std::uint32_t round = family_->cells().round();
  if (!exemplar.sampled() || !series_->exemplars.wants(0, round) || !exemplar.valid()) return;
  series_->exemplars.store(0, 1, round,
                           exemplar_of(exemplar, static_cast<double>(amount), family_->clock()));
}

std::uint64_t Counter::value() const {
  return family_->cells().view().sum(series_->cell);
}

std::optional<std::uint32_t> Histogram::record(double value) const {
  if (std::isnan(value)) return std::nullopt;
  const std::vector<double>& bounds = family_->spec().bounds;
  // Linear: at a dozen bounds it beats a binary search, whose branches cannot be predicted.
  std::uint32_t bucket = 0;
  while (bucket < bounds.size() && value > bounds[bucket]) ++bucket;
  CellStore& cells = family_->cells();
  cells.add(series_->cell + bucket, 1);
  cells.add_double(series_->cell + static_cast<std::uint32_t>(bounds.size()) + 1, value);
  // Last: a reader that has the classic buckets first never sees more of them than of these.
  if (const auto& native = family_->native()) {
    cells.add(series_->native_cell + native->cell_of(value), 1);
  }
  return bucket;
}

void Histogram::observe(double value, const SpanContext& exemplar) const {
  const auto bucket = record(value);
  const std::uint32_t round = family_->cells().round();
  if (!bucket || !exemplar.sampled() || !series_->exemplars.wants(*bucket, round)) return;
  if (!exemplar.valid()) return;
  series_->exemplars.store(*bucket, static_cast<std::uint32_t>(family_->spec().bounds.size()) + 1,
                           round, exemplar_of(exemplar, value, family_->clock()));
}

std::uint64_t Histogram::count() const {
  const auto view = family_->cells().view();
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i <= family_->spec().bounds.size(); ++i) {
    total += view.sum(series_->cell + i);
  }
  return total;
}

double Histogram::sum() const {
  return family_->cells().view().sum_double(
      series_->cell + static_cast<std::uint32_t>(family_->spec().bounds.size()) + 1);
}

}  // namespace testgen::telemetry
