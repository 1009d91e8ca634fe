// The service's own account of its promises over sliding windows of 1 hour, 1 day and 30 days,
// kept in minutes. A minute counts as answered when any tick said so or a request got an answer
// below 500; one without a sign is down, and so is the time between two lives of the process.
// With a history attached it survives a restart. Thread-safe; recording never waits for a disk.
//
// Time runs with the steady clock from the wall time of the start, so a small correction of the
// wall clock changes nothing. A jump forward (a suspended machine) is a gap that nobody watched,
// no outage; a jump back is ignored until the next start, which drops minutes of the future.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "telemetry/slo/slo_history.h"
#include "telemetry/slo/slo_sums.h"

namespace testgen::telemetry {

enum class SloWindow : std::uint8_t { Hour, Day, Month };
inline constexpr std::array<SloWindow, 3> kSloWindows{SloWindow::Hour, SloWindow::Day,
                                                      SloWindow::Month};
// "1h", "1d", "30d": the value of the label `window`.
[[nodiscard]] std::string_view to_string(SloWindow window);

class SloTracker {
 public:
  // `clock` is borrowed.
  explicit SloTracker(const base::Clock& clock);

  // An answered request; `status` is the HTTP code.
  void record_request(std::chrono::nanoseconds duration, int status);
  // A finished job; `failed` when it failed through no fault of its input.
  void record_job(bool failed);
  // The tests of one file were made.
  void record_generation(std::chrono::nanoseconds duration);
  void record_cache(bool hit);
  // Called every few seconds with whether the service could answer.
  void tick(bool answering);
  [[nodiscard]] SloFigures figures(SloWindow window);

  // Takes up the account where an earlier process left it. Once, before there is traffic.
  [[nodiscard]] base::Status attach(std::shared_ptr<SloHistory> history);
  // Writes what has ended since the last call, and a minute once it is first answered. To be
  // called every few seconds; does nothing without a history. What fails is tried again.
  [[nodiscard]] base::Status save();
  // Writes all there is, lets the history go, and begins anew: the account is the history's.
  [[nodiscard]] base::Status detach();

 private:
  struct Entry {
    std::int64_t index = 0;
    std::string figures;  // encoded: short strings keep 30 days small
  };
  struct Window {
    std::int64_t minutes = 0;
    std::uint64_t oldest = 0;  // number of its first entry, counted from the first one ever
    SloSums sums;
  };

  [[nodiscard]] std::int64_t now_minute() const;
  SloMinute& current();
  void mark_answered(SloMinute& minute);
  void notice_jump();
  void roll(std::int64_t now);
  bool close_current();
  void append(std::int64_t index, const SloMinute& minute);
  void expire(std::int64_t now);
  void replay(const std::vector<SloHistory::Minute>& loaded);
  [[nodiscard]] base::Status write(bool everything);

  const base::Clock& clock_;
  std::mutex mutex_;
  std::chrono::nanoseconds offset_{0};  // wall minus steady
  std::int64_t current_index_ = 0;
  SloMinute current_;
  bool partial_ = true;   // the current minute began before we watched: it counts if answered
  bool unsaved_ = false;  // the current minute was answered and the history has not heard
  std::deque<Entry> entries_;
  std::uint64_t first_number_ = 0;  // of entries_.front()
  std::array<Window, kSloWindows.size()> windows_;
  bool keeping_ = false;                     // a history is attached
  std::vector<SloHistory::Minute> pending_;  // ended and not yet in the history

  std::mutex history_mutex_;  // held while writing; taken before mutex_
  std::shared_ptr<SloHistory> history_;
};

}  // namespace testgen::telemetry
