#include "app/interrupt.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <string>

#include "app/terminal.h"
#include "base/check.h"

namespace testgen::app {

Interrupt::Interrupt(std::string_view notice, Hangup hangup) {
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGINT);
  sigaddset(&watched, SIGTERM);
  if (hangup == Hangup::Watched) sigaddset(&watched, SIGHUP);
  TG_CHECK(pthread_sigmask(SIG_BLOCK, &watched, &previous_) == 0);
  // A reader that went away is an error of that write, not the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
  // Likewise a file that meets the limit of RLIMIT_FSIZE.
  std::signal(SIGXFSZ, SIG_IGN);
  signals_ = base::UniqueFd(::signalfd(-1, &watched, SFD_CLOEXEC));
  finished_ = base::UniqueFd(::eventfd(0, EFD_CLOEXEC));
  TG_CHECK(signals_ && finished_);
  watcher_ = std::jthread([this, text = std::string(notice)] { watch(text); });
}

Interrupt::~Interrupt() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t ignored = ::write(finished_.get(), &one, sizeof one);
  watcher_.join();
  pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
}

void Interrupt::on_hangup(std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  on_hangup_ = std::move(callback);
}

void Interrupt::watch(std::string_view notice) {
  while (true) {
    std::array<pollfd, 2> waits{{{signals_.get(), POLLIN, 0}, {finished_.get(), POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), -1) < 0) continue;  // interrupted
    if (waits[1].revents != 0) return;
    signalfd_siginfo info{};
    if (::read(signals_.get(), &info, sizeof info) != sizeof info) continue;
    if (info.ssi_signo == SIGHUP) {
      const std::lock_guard lock(mutex_);
      if (on_hangup_) on_hangup_();
      continue;
    }
    // Programs in the sandbox die with us: their parent-death signal sees to it.
    if (source_.stop_requested()) ::_exit(128 + static_cast<int>(info.ssi_signo));
    source_.request_stop();
    write_out(STDERR_FILENO, notice);
  }
}

}  // namespace testgen::app
