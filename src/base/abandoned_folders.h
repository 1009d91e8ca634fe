// Temporary folders of programs that were killed. Each TempDir (file_system.h) is locked for as
// long as its process lives; the kernel lifts the lock however that ends. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace testgen::base {

// Removes those of this user whose names begin with `prefix` and whose process is gone; how many.
// What cannot be looked at or removed stays.
[[nodiscard]] Result<std::size_t> remove_abandoned_folders(std::string_view prefix);

// For TempDir alone: locks a folder that was just made, until it is let go. False when somebody
// took it for abandoned in the moment between, and it is gone.
[[nodiscard]] Result<bool> lock_folder(const std::string& path);
void unlock_folder(const std::string& path) noexcept;

// "testgen-job.XXXXXX", for mkdtemp: how a folder is named that has a lock.
[[nodiscard]] std::string locked_folder_pattern(std::string_view prefix);

}  // namespace testgen::base
