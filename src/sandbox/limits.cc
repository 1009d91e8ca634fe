#include "sandbox/limits.h"

#include <algorithm>

namespace testgen::sandbox {
namespace {

// A hard limit can only be lowered, so ask for no more than we were given.
ResourceLimit at_most(__rlimit_resource resource, rlim_t soft, rlim_t hard) {
  rlimit current{RLIM_INFINITY, RLIM_INFINITY};
  ::getrlimit(resource, &current);
  hard = std::min(hard, current.rlim_max);
  return {resource, {std::min(soft, hard), hard}};
}

ResourceLimit at_most(__rlimit_resource resource, rlim_t value) {
  return at_most(resource, value, value);
}

}  // namespace

std::vector<ResourceLimit> resource_limits(const Limits& limits, rlim_t extra_processes) {
  const auto cpu = static_cast<rlim_t>(std::max<std::int64_t>(limits.cpu.count(), 1));
  return {
      at_most(RLIMIT_CPU, cpu, cpu + 1),  // SIGXCPU, and SIGKILL a second later
      at_most(RLIMIT_AS, limits.memory_bytes),
      at_most(RLIMIT_FSIZE, limits.file_bytes),
      at_most(RLIMIT_NPROC, limits.processes + extra_processes),
      at_most(RLIMIT_NOFILE, limits.open_files),
      at_most(RLIMIT_CORE, 0),
      at_most(RLIMIT_MEMLOCK, rlim_t{64} << 10U),
      at_most(RLIMIT_MSGQUEUE, 0),
  };
}

}  // namespace testgen::sandbox
