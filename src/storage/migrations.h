// The database's shape as numbered steps. A step, once released, is never edited: a change is
// a new step. The number of the last one applied is kept in SQLite's user_version.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "storage/sqlite.h"

namespace testgen::storage {

// Step N is element N-1.
[[nodiscard]] std::span<const std::string_view> migrations();

// Applies what is missing, each step in a transaction of its own. A database written by a
// newer program is refused and left as it is.
[[nodiscard]] base::Status migrate(Database& database);

}  // namespace testgen::storage
