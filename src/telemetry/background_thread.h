// A named thread that never receives signals (they belong to main) and stops on request. The
// owner joins it by destroying it. `work` must watch its stop token. It has its share of the
// processors, but takes none from a thread that serves: it waits until that one's turn is over.
#pragma once

#include <pthread.h>
#include <sched.h>

#include <csignal>
#include <stop_token>
#include <thread>
#include <utility>

namespace testgen::telemetry {

// `name` shows in ps and gdb; at most 15 characters.
template <class Work>
[[nodiscard]] std::jthread background_thread(const char* name, Work work) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  // Blocked before the thread exists, so that it inherits the mask and there is no gap.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::jthread thread([name, work = std::move(work)](const std::stop_token& stop) mutable {
    pthread_setname_np(pthread_self(), name);
    const sched_param usual{};
    (void)pthread_setschedparam(pthread_self(), SCHED_BATCH, &usual);  // refused: as any other
    work(stop);
  });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace testgen::telemetry
