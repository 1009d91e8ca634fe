// The service's own account of its promises over a sliding window, kept in minutes: how much of
// the time it answered, how many answers were errors, how long they took. With no traffic it
// reads 100 % available and 0 % errors. In memory: it starts anew with the process. Thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>

#include "base/clock.h"

namespace testgen::telemetry {

struct SlaFigures {
  double availability_ratio = 1.0;   // minutes in which the service answered ÷ minutes observed
  double error_ratio = 0.0;          // 5xx answers and failed jobs ÷ answers and jobs
  double response_time_seconds = 0;  // 95th percentile of answers; 0 without traffic
};

class SlaWindow {
 public:
  // `clock` is borrowed.
  explicit SlaWindow(const base::Clock& clock, std::chrono::minutes window = kDefaultWindow);

  static constexpr std::chrono::minutes kDefaultWindow{std::chrono::hours(24 * 30)};

  // An answered request; `failed` when it was a 5xx.
  void record_request(std::chrono::nanoseconds duration, bool failed);
  // A finished job; `failed` when it failed through no fault of its input.
  void record_job(bool failed);
  // Called every few seconds with whether the service could answer. A minute counts as answered
  // when any tick said so or a request got an answer below 500; a minute without any is down.
  void tick(bool answering);
  [[nodiscard]] SlaFigures figures();

  // Bounds of the response-time buckets in seconds; the objectives 0.5, 1, 2, 5 and 30 are among
  // them so that the percentile is exact there.
  static constexpr std::array<double, 18> kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                  0.1,   0.2,    0.35,  0.5,  0.75,  1,
                                                  1.5,   2,      3.5,   5,    10,    30};

 private:
  struct Minute {
    std::int64_t index = 0;  // minutes of the steady clock
    bool answered = false;
    std::uint32_t total = 0;
    std::uint32_t errors = 0;
    std::array<std::uint32_t, kBounds.size() + 1> durations{};
  };
  void mark_answered(Minute& minute);
  Minute& current();
  void expire(std::int64_t now);
  [[nodiscard]] std::int64_t now_minute() const;

  const base::Clock& clock_;
  const std::int64_t window_minutes_;
  std::mutex mutex_;
  const std::int64_t first_minute_;  // the first whole one: a start is no outage
  std::deque<Minute> minutes_;       // only minutes in which something was recorded, oldest first
  std::uint64_t total_ = 0;          // sums over minutes_
  std::uint64_t errors_ = 0;
  std::uint64_t answered_minutes_ = 0;
  std::array<std::uint64_t, kBounds.size() + 1> durations_{};
};

}  // namespace testgen::telemetry
