#include "telemetry/slo/slo_sums.h"

#include <numeric>
#include <span>

namespace testgen::telemetry {
namespace {

constexpr double kPercentile = 0.95;

double ratio(std::int64_t part, std::int64_t whole, double without) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : without;
}

std::int64_t total(std::span<const std::int64_t> counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

double percentile(double share, std::span<const double> bounds,
                  std::span<const std::int64_t> counts) {
  const std::int64_t all = total(counts);
  const double rank = share * static_cast<double>(all);
  double below = 0;
  for (std::size_t i = 0; all > 0 && i < counts.size(); ++i) {
    const auto count = static_cast<double>(counts[i]);
    if (below + count < rank || count == 0) {
      below += count;
      continue;
    }
    // Linear inside the bucket, as Prometheus does it; the last has no upper bound.
    const double low = i == 0 ? 0 : bounds[i - 1];
    const double high = i < bounds.size() ? bounds[i] : low;
    return low + (high - low) * (rank - below) / count;
  }
  return 0;
}

// `bound` is one of the bounds.
std::int64_t above(double bound, std::span<const double> bounds,
                   std::span<const std::int64_t> counts) {
  std::int64_t left = total(counts);
  for (std::size_t i = 0; i < bounds.size() && bounds[i] <= bound; ++i) left -= counts[i];
  return left;
}

}  // namespace

void SloSums::apply(const SloMinute& minute, std::int64_t sign, bool ended) {
  const auto answers = static_cast<std::int64_t>(minute.answers());
  minutes_ += ended || minute.answered ? sign : 0;
  answered_minutes_ += minute.answered ? sign : 0;
  busy_minutes_ += answers > 0 ? sign : 0;
  const bool starved = minute.refused > 0 &&
                       static_cast<double>(answers) < objective(ObjectiveId::Throughput).target;
  starved_minutes_ += starved ? sign : 0;
  events_ += sign * minute.events;
  errors_ += sign * minute.errors;
  answers_ += sign * answers;
  cache_hits_ += sign * minute.cache_hits;
  cache_misses_ += sign * minute.cache_misses;
  for (std::size_t i = 0; i < generations_.size(); ++i) {
    generations_[i] += sign * minute.generations[i];
  }
  for (std::size_t i = 0; i < durations_.size(); ++i) {
    durations_[i] += sign * minute.durations[i];
  }
}

ObjectiveStanding SloSums::standing(const Objective& objective) const {
  ObjectiveStanding standing;
  std::int64_t bad = 0;
  std::int64_t of = 0;
  switch (objective.id) {
    case ObjectiveId::Availability:
      standing.value = ratio(answered_minutes_, minutes_, 1);
      bad = minutes_ - answered_minutes_;
      of = minutes_;
      break;
    case ObjectiveId::ErrorRate:
      standing.value = ratio(errors_, events_, 0);
      bad = errors_;
      of = events_;
      break;
    case ObjectiveId::ResponseTime:
      standing.value = percentile(kPercentile, SloMinute::kBounds, durations_);
      bad = above(objective.target, SloMinute::kBounds, durations_);
      of = answers_;
      break;
    case ObjectiveId::GenerationTime:
      standing.value = percentile(kPercentile, SloMinute::kGenerationBounds, generations_);
      bad = above(objective.target, SloMinute::kGenerationBounds, generations_);
      of = total(generations_);
      break;
    case ObjectiveId::Throughput:
      standing.value = ratio(answers_, busy_minutes_, 0);
      bad = starved_minutes_;
      of = minutes_;
      break;
    case ObjectiveId::CacheHitRate:
      standing.value = ratio(cache_hits_, cache_hits_ + cache_misses_, 1);
      bad = cache_misses_;
      of = cache_hits_ + cache_misses_;
      break;
  }
  if (of > 0) {
    standing.budget_remaining =
        1 - static_cast<double>(bad) / (objective.allowed * static_cast<double>(of));
  }
  constexpr double kRounding = 1e-9;
  standing.met = standing.budget_remaining >= -kRounding;
  return standing;
}

SloFigures SloSums::figures() const {
  SloFigures figures;
  figures.availability_ratio = ratio(answered_minutes_, minutes_, 1);
  figures.error_ratio = ratio(errors_, events_, 0);
  figures.response_time_seconds = percentile(kPercentile, SloMinute::kBounds, durations_);
  for (std::size_t i = 0; i < kObjectives.size(); ++i) {
    figures.objectives[i] = standing(kObjectives[i]);
  }
  return figures;
}

}  // namespace testgen::telemetry
