// The init program (init/main.cc), embedded in this library, as a file that can be executed.
// It lives in sealed memory: nothing inside the sandbox can change what the next run executes.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

namespace testgen::sandbox {

// Read-only descriptor to execute through /proc/self/fd; close-on-exec.
[[nodiscard]] base::Result<base::UniqueFd> open_init_image();

}  // namespace testgen::sandbox
