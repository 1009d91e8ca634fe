// Ctrl-C and SIGTERM: the first asks the work to stop, the second ends the process at once.
// Make it before any other thread: they inherit its signal mask. One at a time.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

#include "base/unique_fd.h"

namespace testgen::app {

class Interrupt {
 public:
  // `notice` is written to standard error at the first signal; empty: nothing is.
  explicit Interrupt(std::string_view notice);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  [[nodiscard]] bool requested() const { return source_.stop_requested(); }

 private:
  std::stop_source source_;
  sigset_t previous_{};
  base::UniqueFd signals_;
  base::UniqueFd finished_;
  std::jthread watcher_;
};

}  // namespace testgen::app
