#include "storage/migrations.h"

#include <array>
#include <string>

namespace testgen::storage {
namespace {

// Times are microseconds since the epoch. `sequence` gives first-in, first-out order that does
// not depend on the clock. `lease_until` is set while a job runs.
constexpr std::string_view kFirst = R"sql(
CREATE TABLE jobs (
  sequence        INTEGER PRIMARY KEY AUTOINCREMENT,
  id              TEXT NOT NULL UNIQUE,
  kind            TEXT NOT NULL,
  state           TEXT NOT NULL,
  request         TEXT NOT NULL,
  result          TEXT,
  error           TEXT,
  traceparent     TEXT,
  idempotency_key TEXT UNIQUE,
  attempts        INTEGER NOT NULL DEFAULT 0,
  created         INTEGER NOT NULL,
  started         INTEGER NOT NULL DEFAULT 0,
  finished        INTEGER NOT NULL DEFAULT 0,
  lease_owner     TEXT,
  lease_until     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX jobs_by_state ON jobs (state, sequence);
CREATE INDEX jobs_by_end ON jobs (finished) WHERE finished > 0;
-- Written by the health check, so that it meets a full or read-only disk before a job does.
CREATE TABLE probe (beats INTEGER NOT NULL);
INSERT INTO probe VALUES (0);
)sql";

// What telemetry::SloTracker remembers of each of the last 30 days' minutes.
constexpr std::string_view kSecond = R"sql(
CREATE TABLE slo_minutes (
  minute  INTEGER PRIMARY KEY,
  figures TEXT NOT NULL
);
)sql";

// Jobs belong to a tenant; the same question asked twice is one job, so idempotency keys are rows
// of their own; a job may have to wait before it is run again; and what users and Alertmanager
// say is kept.
constexpr std::string_view kThird = R"sql(
CREATE TABLE jobs_of_tenants (
  sequence        INTEGER PRIMARY KEY AUTOINCREMENT,
  id              TEXT NOT NULL UNIQUE,
  kind            TEXT NOT NULL,
  state           TEXT NOT NULL,
  request         TEXT NOT NULL,
  result          TEXT,
  error           TEXT,
  traceparent     TEXT,
  tenant          TEXT NOT NULL DEFAULT '',
  content_key     TEXT,
  attempts        INTEGER NOT NULL DEFAULT 0,
  created         INTEGER NOT NULL,
  started         INTEGER NOT NULL DEFAULT 0,
  finished        INTEGER NOT NULL DEFAULT 0,
  not_before      INTEGER NOT NULL DEFAULT 0,
  lease_owner     TEXT,
  lease_until     INTEGER NOT NULL DEFAULT 0
);
INSERT INTO jobs_of_tenants (sequence, id, kind, state, request, result, error, traceparent,
                             attempts, created, started, finished, lease_owner, lease_until)
  SELECT sequence, id, kind, state, request, result, error, traceparent, attempts, created,
         started, finished, lease_owner, lease_until FROM jobs;
CREATE TABLE idempotency_keys (
  tenant TEXT NOT NULL,
  key    TEXT NOT NULL,
  job    TEXT NOT NULL,
  PRIMARY KEY (tenant, key)
) WITHOUT ROWID;
INSERT INTO idempotency_keys (tenant, key, job)
  SELECT '', idempotency_key, id FROM jobs WHERE idempotency_key IS NOT NULL;
DROP TABLE jobs;
ALTER TABLE jobs_of_tenants RENAME TO jobs;
CREATE INDEX jobs_by_state ON jobs (state, sequence);
CREATE INDEX jobs_by_tenant ON jobs (tenant, sequence);
CREATE INDEX jobs_by_end ON jobs (finished) WHERE finished > 0;
CREATE INDEX jobs_in_flight ON jobs (content_key) WHERE finished = 0 AND content_key IS NOT NULL;
CREATE INDEX idempotency_keys_by_job ON idempotency_keys (job);
CREATE TABLE ratings (
  subject TEXT NOT NULL,
  id      TEXT NOT NULL,
  tenant  TEXT NOT NULL,
  verdict TEXT NOT NULL,
  comment TEXT NOT NULL,
  made    INTEGER NOT NULL,
  PRIMARY KEY (subject, id, tenant)
) WITHOUT ROWID;
CREATE TABLE alerts (
  fingerprint TEXT NOT NULL,
  starts_at   TEXT NOT NULL,
  status      TEXT NOT NULL,
  document    TEXT NOT NULL,
  received    INTEGER NOT NULL,
  PRIMARY KEY (fingerprint, starts_at)
) WITHOUT ROWID;
CREATE INDEX alerts_by_time ON alerts (received);
)sql";

// Whose budget a job's models count against.
constexpr std::string_view kFourth = R"sql(
ALTER TABLE jobs ADD COLUMN key_id TEXT NOT NULL DEFAULT '';
)sql";

constexpr std::array<std::string_view, 4> kMigrations{kFirst, kSecond, kThird, kFourth};

}  // namespace

std::span<const std::string_view> migrations() {
  return kMigrations;
}

base::Status migrate(Database& database) {
  TG_ASSIGN(const std::int64_t applied, database.query_number("PRAGMA user_version"));
  const auto known = static_cast<std::int64_t>(kMigrations.size());
  if (applied > known) {
    return base::Error{base::ErrorCode::Unsupported,
                       "the database has version " + std::to_string(applied) +
                           " and this program knows versions up to " + std::to_string(known),
                       "run the newer testgen that wrote it, or use another data folder"};
  }
  for (std::int64_t step = applied; step < known; ++step) {
    const std::string sql = "BEGIN IMMEDIATE;" +
                            std::string(kMigrations[static_cast<std::size_t>(step)]) +
                            "PRAGMA user_version=" + std::to_string(step + 1) + ";COMMIT;";
    if (base::Status done = database.execute(sql); !done) {
      if (database.in_transaction()) {
        // The first error is the one to report; a failed rollback adds nothing to it.
        [[maybe_unused]] const base::Status rolled_back = database.execute("ROLLBACK");
      }
      return done.error().with_context("cannot bring the database to version " +
                                       std::to_string(step + 1));
    }
  }
  return {};
}

}  // namespace testgen::storage
