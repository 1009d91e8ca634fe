#include "telemetry/slo/slo_tracker.h"

#include <algorithm>
#include <map>
#include <utility>

namespace testgen::telemetry {
namespace {

constexpr std::int64_t kHour = 60;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kMonth = 30 * kDay;
// Less than this between the wall clock and ours is drift, more is a jump.
constexpr std::chrono::seconds kJump{90};

std::int64_t minute_of(std::chrono::nanoseconds since_epoch) {
  return std::chrono::floor<std::chrono::minutes>(since_epoch).count();
}

template <class Bounds>
std::size_t bucket_of(const Bounds& bounds, std::chrono::nanoseconds duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  return static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), seconds) -
                                  bounds.begin());
}

}  // namespace

std::string_view to_string(SloWindow window) {
  constexpr std::array<std::string_view, 3> kNames{"1h", "1d", "30d"};
  return kNames[static_cast<std::size_t>(window)];
}

SloTracker::SloTracker(const base::Clock& clock)
    : clock_(clock), windows_{Window{kHour, 0, {}}, Window{kDay, 0, {}}, Window{kMonth, 0, {}}} {
  offset_ = clock_.wall_now().time_since_epoch() - clock_.steady_now().time_since_epoch();
  current_index_ = now_minute();
}

std::int64_t SloTracker::now_minute() const {
  return minute_of(clock_.steady_now().time_since_epoch() + offset_);
}

void SloTracker::record_request(std::chrono::nanoseconds duration, int status) {
  const std::lock_guard lock(mutex_);
  SloMinute& minute = current();
  ++minute.events;
  ++minute.durations[bucket_of(SloMinute::kBounds, duration)];
  if (status == 429 || status == 503) ++minute.refused;
  if (status >= 500) {
    ++minute.errors;
  } else {
    mark_answered(minute);
  }
}

void SloTracker::record_job(bool failed) {
  const std::lock_guard lock(mutex_);
  SloMinute& minute = current();
  ++minute.events;
  if (failed) ++minute.errors;
}

void SloTracker::record_generation(std::chrono::nanoseconds duration) {
  const std::lock_guard lock(mutex_);
  ++current().generations[bucket_of(SloMinute::kGenerationBounds, duration)];
}

void SloTracker::record_cache(bool hit) {
  const std::lock_guard lock(mutex_);
  ++(hit ? current().cache_hits : current().cache_misses);
}

void SloTracker::tick(bool answering) {
  const std::lock_guard lock(mutex_);
  notice_jump();
  SloMinute& minute = current();
  if (answering) mark_answered(minute);
}

SloFigures SloTracker::figures(SloWindow window) {
  const std::lock_guard lock(mutex_);
  roll(now_minute());
  SloSums sums = windows_[static_cast<std::size_t>(window)].sums;
  sums.add(current_, /*ended=*/false);
  return sums.figures();
}

SloMinute& SloTracker::current() {
  roll(now_minute());
  return current_;
}

void SloTracker::mark_answered(SloMinute& minute) {
  if (!std::exchange(minute.answered, true)) unsaved_ = true;
}

// Only forward: minutes never go back while the process lives.
void SloTracker::notice_jump() {
  const auto offset = clock_.wall_now().time_since_epoch() - clock_.steady_now().time_since_epoch();
  if (offset - offset_ < kJump) return;
  roll(now_minute());
  offset_ = offset;
  const std::int64_t now = now_minute();
  if (now == current_index_) return;
  partial_ = true;  // it was cut short: it counts if it was answered in
  (void)close_current();
  current_index_ = now;
  current_ = {};
  current_.after_gap = true;
  partial_ = true;
  expire(now);
}

void SloTracker::roll(std::int64_t now) {
  if (now <= current_index_) return;
  bool gap = close_current();
  // Minutes in which nothing was heard are down.
  for (std::int64_t index = std::max(current_index_ + 1, now - kMonth); index < now; ++index) {
    SloMinute down;
    down.after_gap = std::exchange(gap, false);
    append(index, down);
  }
  current_index_ = now;
  current_ = {};
  current_.after_gap = gap;
  partial_ = false;
  unsaved_ = false;
  expire(now);
}

// True when the minute was left out and a gap before it is now one before the next.
bool SloTracker::close_current() {
  SloMinute unheard;
  unheard.after_gap = current_.after_gap;
  if (partial_ && current_ == unheard) return current_.after_gap;  // a start is no outage
  append(current_index_, current_);
  return false;
}

void SloTracker::append(std::int64_t index, const SloMinute& minute) {
  entries_.push_back({index, minute.empty() ? std::string() : minute.encode()});
  for (Window& window : windows_) window.sums.add(minute);
  // A minute that is down needs no row: it is one that has none.
  if (keeping_ && !minute.empty()) pending_.push_back({index, entries_.back().figures});
}

void SloTracker::expire(std::int64_t now) {
  for (Window& window : windows_) {
    const std::uint64_t end = first_number_ + entries_.size();
    while (window.oldest < end) {
      const Entry& entry = entries_[static_cast<std::size_t>(window.oldest - first_number_)];
      if (entry.index > now - window.minutes) break;
      window.sums.remove(SloMinute::decode(entry.figures).value_or(SloMinute{}));
      ++window.oldest;
    }
  }
  while (first_number_ < windows_.back().oldest) {
    entries_.pop_front();
    ++first_number_;
  }
}

base::Status SloTracker::attach(std::shared_ptr<SloHistory> history) {
  const std::lock_guard writing(history_mutex_);
  std::int64_t first = 0;
  {
    const std::lock_guard lock(mutex_);
    first = now_minute() - kMonth + 1;
  }
  TG_ASSIGN(const auto loaded, history->load(first));
  history_ = std::move(history);
  const std::lock_guard lock(mutex_);
  roll(now_minute());
  replay(loaded);
  return {};
}

// Puts what was loaded together with what this process has seen, and counts everything anew.
void SloTracker::replay(const std::vector<SloHistory::Minute>& loaded) {
  std::map<std::int64_t, SloMinute> known;
  for (const SloHistory::Minute& each : loaded) {
    const auto minute = SloMinute::decode(each.figures);
    if (!minute || each.index > current_index_) continue;  // damaged, or of a clock put back
    if (each.index == current_index_) {
      current_.merge(*minute);
      unsaved_ = current_.answered;
    } else {
      known[each.index] = *minute;
    }
  }
  std::map<std::int64_t, SloMinute> changed;
  for (const Entry& entry : std::exchange(entries_, {})) {
    const auto minute = SloMinute::decode(entry.figures).value_or(SloMinute{});
    known[entry.index].merge(minute);
    if (!minute.empty()) changed[entry.index] = known[entry.index];
  }
  first_number_ = 0;
  for (Window& window : windows_) window = {window.minutes, 0, {}};
  std::int64_t next = 0;
  for (const auto& [index, minute] : known) {
    // Between two minutes the service was down, unless nobody was watching.
    if (next != 0 && !minute.after_gap) {
      for (; next < index; ++next) append(next, {});
    }
    append(index, minute);
    next = index + 1;
  }
  for (; next != 0 && !current_.after_gap && next < current_index_; ++next) append(next, {});
  expire(current_index_);
  keeping_ = true;
  for (const auto& [index, minute] : changed) pending_.push_back({index, minute.encode()});
}

base::Status SloTracker::save() {
  const std::lock_guard writing(history_mutex_);
  return write(/*everything=*/false);
}

base::Status SloTracker::detach() {
  const std::lock_guard writing(history_mutex_);
  base::Status written = write(/*everything=*/true);
  history_.reset();
  const std::lock_guard lock(mutex_);
  keeping_ = false;
  pending_.clear();
  entries_.clear();
  first_number_ = 0;
  for (Window& window : windows_) window = {window.minutes, 0, {}};
  current_index_ = now_minute();
  current_ = {};
  partial_ = true;
  return written;
}

base::Status SloTracker::write(bool everything) {
  if (!history_) return {};
  std::vector<SloHistory::Minute> minutes;
  std::int64_t forget_before = 0;
  {
    const std::lock_guard lock(mutex_);
    roll(now_minute());
    minutes = std::exchange(pending_, {});
    if (unsaved_ || (everything && !current_.empty())) {
      minutes.push_back({current_index_, current_.encode()});
      unsaved_ = false;
    }
    forget_before = current_index_ - kMonth + 1;
  }
  if (minutes.empty()) return {};
  base::Status saved = history_->save(minutes, forget_before);
  if (!saved) {
    const std::lock_guard lock(mutex_);
    minutes.insert(minutes.end(), pending_.begin(), pending_.end());
    std::erase_if(minutes, [&](const auto& each) { return each.index < forget_before; });
    pending_ = std::move(minutes);
  }
  return saved;
}

}  // namespace testgen::telemetry
