// The terminal as a full screen: keys one at a time and not echoed, lines drawn in place, and all
// of it as it was at the end. One at a time; needs a terminal on standard input and output.
#pragma once

#include <termios.h>

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "operations/top/screen.h"

namespace testgen::app {

class FullScreen {
 public:
  FullScreen();
  ~FullScreen();
  FullScreen(const FullScreen&) = delete;
  FullScreen& operator=(const FullScreen&) = delete;

  [[nodiscard]] operations::ScreenSize size() const;
  // False when the terminal is gone.
  bool show(const std::vector<std::string>& lines, const operations::ScreenSize& size);

  enum class Event { Time, Resized, Quit };
  // Until the time is over, the terminal has another size, q was pressed, or `stop` was asked for.
  Event wait(std::chrono::milliseconds time, const std::stop_token& stop);

 private:
  termios before_{};
  operations::ScreenSize drawn_{0, 0};  // the size that show() drew for
};

}  // namespace testgen::app
