// Ctrl-C and SIGTERM: the first asks the work to stop, the second ends the process at once.
// SIGHUP, where it is watched, calls back. A pipe nobody reads and a file past its limit are errors
// of the write from then on, and end nothing. Make it before any other thread: they inherit its
// signal mask. One at a time.
#pragma once

#include <csignal>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <thread>

#include "base/unique_fd.h"

namespace testgen::app {

class Interrupt {
 public:
  enum class Hangup { Ends, Watched };

  // `notice` is written to standard error at the first signal; empty: nothing is.
  explicit Interrupt(std::string_view notice, Hangup hangup = Hangup::Ends);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  // Called on the watching thread; nullptr ends that, and then no call is under way any more.
  void on_hangup(std::function<void()> callback);

 private:
  void watch(std::string_view notice);

  std::stop_source source_;
  sigset_t previous_{};
  base::UniqueFd signals_;
  base::UniqueFd finished_;
  std::mutex mutex_;
  std::function<void()> on_hangup_;
  std::jthread watcher_;
};

}  // namespace testgen::app
