#include "telemetry/slo/sla_window.h"

#include <algorithm>
#include <utility>

namespace testgen::telemetry {

SlaWindow::SlaWindow(const base::Clock& clock, std::chrono::minutes window)
    : clock_(clock), window_minutes_(window.count()), first_minute_(now_minute() + 1) {}

std::int64_t SlaWindow::now_minute() const {
  return std::chrono::floor<std::chrono::minutes>(clock_.steady_now().time_since_epoch()).count();
}

void SlaWindow::record_request(std::chrono::nanoseconds duration, bool failed) {
  const double seconds = std::chrono::duration<double>(duration).count();
  const auto bucket = static_cast<std::size_t>(
      std::lower_bound(kBounds.begin(), kBounds.end(), seconds) - kBounds.begin());
  const std::lock_guard lock(mutex_);
  Minute& minute = current();
  ++minute.total;
  ++minute.durations[bucket];
  ++total_;
  ++durations_[bucket];
  if (failed) {
    ++minute.errors;
    ++errors_;
  } else {
    mark_answered(minute);
  }
}

void SlaWindow::record_job(bool failed) {
  const std::lock_guard lock(mutex_);
  Minute& minute = current();
  ++minute.total;
  ++total_;
  if (failed) {
    ++minute.errors;
    ++errors_;
  }
}

void SlaWindow::tick(bool answering) {
  const std::lock_guard lock(mutex_);
  if (answering) mark_answered(current());
}

SlaFigures SlaWindow::figures() {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = now_minute();
  expire(now);
  SlaFigures figures;
  // The minute that runs is not over: it counts once it has been answered in.
  const std::int64_t first = std::max(first_minute_, now - window_minutes_ + 1);
  const bool current_answered =
      !minutes_.empty() && minutes_.back().index == now && minutes_.back().answered;
  const std::int64_t observed = now - first + (current_answered ? 1 : 0);
  if (observed > 0) {
    figures.availability_ratio =
        std::min(1.0, static_cast<double>(answered_minutes_) / static_cast<double>(observed));
  }
  if (total_ > 0) figures.error_ratio = static_cast<double>(errors_) / static_cast<double>(total_);

  std::uint64_t answers = 0;
  for (const std::uint64_t count : durations_) answers += count;
  const double rank = 0.95 * static_cast<double>(answers);
  double below = 0;
  for (std::size_t i = 0; answers > 0 && i < durations_.size(); ++i) {
    const auto count = static_cast<double>(durations_[i]);
    if (below + count < rank || count == 0) {
      below += count;
      continue;
    }
    // Linear inside the bucket, as Prometheus does it; the last has no upper bound.
    const double low = i == 0 ? 0 : kBounds[i - 1];
    const double high = i < kBounds.size() ? kBounds[i] : low;
    figures.response_time_seconds = low + (high - low) * (rank - below) / count;
    break;
  }
  return figures;
}

void SlaWindow::mark_answered(Minute& minute) {
  if (minute.index >= first_minute_ && !std::exchange(minute.answered, true)) ++answered_minutes_;
}

SlaWindow::Minute& SlaWindow::current() {
  const std::int64_t now = now_minute();
  if (minutes_.empty() || minutes_.back().index != now) {
    expire(now);
    minutes_.push_back(Minute{now});
  }
  return minutes_.back();
}

void SlaWindow::expire(std::int64_t now) {
  while (!minutes_.empty() && minutes_.front().index <= now - window_minutes_) {
    const Minute& old = minutes_.front();
    total_ -= old.total;
    errors_ -= old.errors;
    answered_minutes_ -= old.answered ? 1 : 0;
    for (std::size_t i = 0; i < durations_.size(); ++i) durations_[i] -= old.durations[i];
    minutes_.pop_front();
  }
}

}  // namespace testgen::telemetry
