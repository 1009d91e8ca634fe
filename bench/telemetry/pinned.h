// Keeps a thread of a benchmark on a processor of its own for as long as this lives: two threads
// that take turns on one processor would not be in each other's way, and that is what is measured.
#pragma once

#include <sched.h>

namespace testgen::bench {

class Pinned {
 public:
  explicit Pinned(int thread) {
    CPU_ZERO(&before_);
    ::sched_getaffinity(0, sizeof before_, &before_);
    const int allowed = CPU_COUNT(&before_);
    if (allowed == 0) return;
    int wanted = thread % allowed;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (!CPU_ISSET(cpu, &before_) || wanted-- > 0) continue;
      cpu_set_t mine;
      CPU_ZERO(&mine);
      CPU_SET(cpu, &mine);
      ::sched_setaffinity(0, sizeof mine, &mine);
      return;
    }
  }
  ~Pinned() { ::sched_setaffinity(0, sizeof before_, &before_); }
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;

 private:
  cpu_set_t before_{};
};

}  // namespace testgen::bench
