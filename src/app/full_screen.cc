#include "app/full_screen.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "app/terminal.h"

namespace testgen::app {
namespace {

// Another screen, so that what was there comes back; no cursor.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";
constexpr std::chrono::milliseconds kSlice{100};  // how soon a stop and another size are noticed

}  // namespace

FullScreen::FullScreen() {
  ::tcgetattr(STDIN_FILENO, &before_);
  termios raw = before_;
  // Signals stay: Ctrl-C ends the program as anywhere.
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  write_out(STDOUT_FILENO, kEnter);
}

FullScreen::~FullScreen() {
  write_out(STDOUT_FILENO, kLeave);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

operations::ScreenSize FullScreen::size() const {
  operations::ScreenSize out;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    out = {size.ws_col, size.ws_row};
  }
  return out;
}

bool FullScreen::show(const std::vector<std::string>& lines, const operations::ScreenSize& size) {
  drawn_ = size;
  // Written over what is there, line by line, so that nothing flickers.
  std::string out = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += lines[i] + "\x1b[K";
    if (i + 1 < lines.size()) out += "\r\n";
  }
  out += "\x1b[J";
  return write_out(STDOUT_FILENO, out);
}

FullScreen::Event FullScreen::wait(std::chrono::milliseconds time, const std::stop_token& stop) {
  const auto deadline = std::chrono::steady_clock::now() + time;
  while (!stop.stop_requested()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return Event::Time;
    // Asked for, not told of: a signal may go to any thread.
    const operations::ScreenSize now = size();
    if (now.columns != drawn_.columns || now.rows != drawn_.rows) return Event::Resized;
    pollfd keys{STDIN_FILENO, POLLIN, 0};
    const auto slice = static_cast<int>(std::min(left, kSlice).count());
    if (::poll(&keys, 1, slice) < 0 && errno != EINTR) return Event::Quit;
    if (keys.revents == 0) continue;
    char key = 0;
    const ssize_t got = ::read(STDIN_FILENO, &key, 1);
    if (got == 0 || key == 'q' || key == 'Q') return Event::Quit;
  }
  return Event::Quit;
}

}  // namespace testgen::app
