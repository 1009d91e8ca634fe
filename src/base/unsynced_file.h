// Writing files whose loss is no harm, such as caches: a reader sees the old file or the new one,
// and nobody waits for the disk. A power cut may leave an older one, none, or an empty one, so
// readers check what they find. Thread-safe.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace testgen::base {

// Writes to a temporary name beside `path` and renames. Creates parent folders.
[[nodiscard]] Status write_file_unsynced(const std::filesystem::path& path,
                                         std::string_view content);

}  // namespace testgen::base
