// System calls that code under test has no honest use for, as a seccomp filter. Everything else
// is allowed: interpreters and compilers use hundreds of calls, and the namespaces, the lost
// capabilities and the resource limits are what bounds those.
#pragma once

#include <string>

#include "base/result.h"

namespace testgen::sandbox {

// The filter as a BPF program, ready to be passed to bubblewrap. Depends only on this machine's
// architecture; calls through another one (32-bit, x32) kill the process.
[[nodiscard]] base::Result<std::string> seccomp_filter();

}  // namespace testgen::sandbox
