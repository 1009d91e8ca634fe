// Pushes something out every so often, on a thread of its own, and a last time at the end. Each
// receiver of metrics has one, so that a slow one delays nobody. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/clock.h"

namespace testgen::telemetry {

class Periodic {
 public:
  // `push` runs on the thread of this; `abort` must make a running one return soon. With an
  // interval of zero it pushes only at the end.
  Periodic(const char* thread_name, std::chrono::milliseconds interval, std::function<void()> push,
           std::function<void()> abort);
  ~Periodic();  // without a last push that has not begun
  Periodic(const Periodic&) = delete;
  Periodic& operator=(const Periodic&) = delete;

  // A last push, then stops; aborts at the deadline.
  void shutdown(base::SteadyTime deadline);

 private:
  void run(const std::stop_token& stop);

  const std::chrono::milliseconds interval_;
  const std::function<void()> push_;
  const std::function<void()> abort_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool final_push_ = false;
  bool finished_ = false;
  std::jthread thread_;  // last: it uses everything above
};

}  // namespace testgen::telemetry
