// What users say of tests and findings, and what Alertmanager tells, as rows. Used by SqliteStore
// on whichever connection it holds; nothing here opens a transaction.
#pragma once

#include <optional>
#include <vector>

#include "storage/sqlite.h"
#include "storage/store.h"

namespace testgen::storage {

// Adds or replaces; gives the rating that was there.
[[nodiscard]] base::Result<std::optional<Rating>> put_rating(Database& database,
                                                             const Rating& rating);
[[nodiscard]] base::Result<std::vector<RatingCount>> count_ratings(Database& database);

// Adds or replaces; true when it was not known, or had another status.
[[nodiscard]] base::Result<bool> put_alert(Database& database, const Alert& alert);

// Alerts that were last told before the given time.
[[nodiscard]] base::Status forget_alerts_before(Database& database, base::WallTime time);

}  // namespace testgen::storage
