// How a model::Job becomes a row and back, and the queries that give jobs. Used by SqliteStore
// on whichever connection it holds; nothing here opens a transaction.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/sqlite.h"
#include "storage/store.h"

namespace testgen::storage {

// Microseconds since the epoch.
[[nodiscard]] std::int64_t to_column(base::WallTime time);

[[nodiscard]] base::Status insert_job(Database& database, const model::Job& job);
// NotFound when there is none.
[[nodiscard]] base::Result<model::Job> find_job(Database& database, const std::string& id);
[[nodiscard]] base::Result<std::optional<model::Job>> find_job_by_idempotency_key(
    Database& database, const std::string& tenant, const std::string& key);
// The job of that question that has not ended.
[[nodiscard]] base::Result<std::optional<model::Job>> find_job_in_flight(
    Database& database, const std::string& tenant, const std::string& content_key);
[[nodiscard]] base::Status remember_idempotency_key(Database& database, const std::string& tenant,
                                                    const std::string& key,
                                                    const std::string& job_id);
// The oldest queued job that may be run at that time.
[[nodiscard]] base::Result<std::optional<model::Job>> next_job(Database& database,
                                                               base::WallTime now);
// Ids and attempts of running jobs whose lease has ended by then.
[[nodiscard]] base::Result<std::vector<std::pair<std::string, int>>> lost_jobs(Database& database,
                                                                               base::WallTime now);
[[nodiscard]] base::Result<std::vector<model::Job>> list_jobs(Database& database,
                                                              const JobFilter& filter);
[[nodiscard]] base::Result<JobCounts> count_jobs(Database& database);

// Turns "no row changed" into the Conflict that finish, fail and release promise.
[[nodiscard]] base::Status expect_own_run(const base::Result<int>& changed, const std::string& id);

}  // namespace testgen::storage
