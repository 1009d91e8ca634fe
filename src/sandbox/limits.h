// Limits as the kernel's resource limits, for one process each. What a whole tree may use is
// bounded by them together with RLIMIT_NPROC, the size of /tmp and the wall-clock deadline.
#pragma once

#include <sys/resource.h>

#include <vector>

#include "sandbox/sandbox.h"

namespace testgen::sandbox {

struct ResourceLimit {
  int resource = 0;  // RLIMIT_*
  rlimit value{};
};

// `extra_processes` are those of ours that run as the same user and are counted with it.
[[nodiscard]] std::vector<ResourceLimit> resource_limits(const Limits& limits,
                                                         rlim_t extra_processes);

}  // namespace testgen::sandbox
