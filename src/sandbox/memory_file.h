// Bytes as a sealed, read-only file without a name: programs, filters and standard input are
// handed to a child this way, and no child can change what another one reads.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace testgen::sandbox {

// Close-on-exec, positioned at the start.
[[nodiscard]] base::Result<base::UniqueFd> memory_file(const char* name, std::string_view content);

}  // namespace testgen::sandbox
