#include "storage/job_rows.h"

#include <limits>

namespace testgen::storage {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;
using base::WallTime;

#define TG_JOB_COLUMNS                                                                         \
  "id, kind, state, request, result, error, traceparent, tenant, attempts, created, started, " \
  "finished, content_key, key_id"

WallTime from_column(std::int64_t microseconds) {
  return WallTime(
      std::chrono::duration_cast<WallTime::duration>(std::chrono::microseconds(microseconds)));
}

Result<model::Job> read_job(const Statement& row) {
  model::Job job;
  job.id = row.text(0);
  job.kind = row.text(1);
  const auto state = model::job_state_from(row.text(2));
  if (!state) {
    return Error{ErrorCode::Io, "job " + job.id + " is in the unknown state " + row.text(2),
                 "the database was changed from outside"};
  }
  job.state = *state;
  job.request_json = row.text(3);
  job.result_json = row.text(4);
  job.error_json = row.text(5);
  job.traceparent = row.text(6);
  job.tenant = row.text(7);
  job.attempts = static_cast<int>(row.number(8));
  job.created = from_column(row.number(9));
  job.started = from_column(row.number(10));
  job.finished = from_column(row.number(11));
  job.content_key = row.text(12);
  job.key_id = row.text(13);
  return job;
}

// The first row as a job, with the statement run to its end so that it holds no lock.
Result<std::optional<model::Job>> first_job(Statement& statement) {
  TG_ASSIGN(const bool found, statement.step());
  if (!found) return std::optional<model::Job>();
  TG_ASSIGN(model::Job job, read_job(statement));
  TG_TRY(statement.run());
  return std::optional(std::move(job));
}

}  // namespace

std::int64_t to_column(WallTime time) {
  if (time == WallTime::max()) return std::numeric_limits<std::int64_t>::max();
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

Status insert_job(Database& database, const model::Job& job) {
  TG_ASSIGN(Statement statement,
            database.prepare("INSERT INTO jobs (id, kind, state, request, traceparent, tenant, "
                             "content_key, key_id, created) VALUES (?,?,?,?,?,?,?,?,?)"));
  statement.bind(job.id).bind(job.kind).bind(model::to_string(job.state)).bind(job.request_json);
  statement.bind_or_null(job.traceparent).bind(job.tenant).bind_or_null(job.content_key);
  statement.bind(job.key_id);
  TG_TRY(statement.bind(to_column(job.created)).run());
  return {};
}

Status remember_idempotency_key(Database& database, const std::string& tenant,
                                const std::string& key, const std::string& job_id) {
  TG_ASSIGN(Statement statement,
            database.prepare("INSERT OR REPLACE INTO idempotency_keys (tenant, key, job) "
                             "VALUES (?,?,?)"));
  TG_TRY(statement.bind(tenant).bind(key).bind(job_id).run());
  return {};
}

Result<model::Job> find_job(Database& database, const std::string& id) {
  TG_ASSIGN(Statement statement,
            database.prepare("SELECT " TG_JOB_COLUMNS " FROM jobs WHERE id=?"));
  TG_ASSIGN(auto job, first_job(statement.bind(id)));
  if (!job) return Error{ErrorCode::NotFound, "there is no job " + id, ""};
  return std::move(*job);
}

Result<std::optional<model::Job>> find_job_by_idempotency_key(Database& database,
                                                              const std::string& tenant,
                                                              const std::string& key) {
  TG_ASSIGN(Statement statement,
            database.prepare("SELECT " TG_JOB_COLUMNS " FROM jobs WHERE id=(SELECT job FROM "
                             "idempotency_keys WHERE tenant=? AND key=?)"));
  return first_job(statement.bind(tenant).bind(key));
}

Result<std::optional<model::Job>> find_job_in_flight(Database& database, const std::string& tenant,
                                                     const std::string& content_key) {
  TG_ASSIGN(Statement statement,
            database.prepare("SELECT " TG_JOB_COLUMNS " FROM jobs WHERE content_key=? AND "
                             "finished=0 AND tenant=? ORDER BY sequence LIMIT 1"));
  return first_job(statement.bind(content_key).bind(tenant));
}

// A pause that ends later than any pause can was set by a clock that has been put back since.
Result<std::optional<model::Job>> next_job(Database& database, WallTime now) {
  TG_ASSIGN(Statement statement,
            database.prepare("SELECT " TG_JOB_COLUMNS " FROM jobs WHERE state='queued' AND "
                             "(not_before <= ? OR not_before > ?) ORDER BY sequence LIMIT 1"));
  return first_job(statement.bind(to_column(now)).bind(to_column(now + kMaxRetryPause)));
}

Result<std::vector<std::pair<std::string, int>>> lost_jobs(Database& database, WallTime now) {
  TG_ASSIGN(Statement statement,
            database.prepare("SELECT id, attempts FROM jobs WHERE state='running' AND "
                             "lease_until <= ? ORDER BY sequence"));
  statement.bind(to_column(now));
  std::vector<std::pair<std::string, int>> lost;
  while (true) {
    TG_ASSIGN(const bool row, statement.step());
    if (!row) return lost;
    lost.emplace_back(statement.text(0), static_cast<int>(statement.number(1)));
  }
}

Result<std::vector<model::Job>> list_jobs(Database& database, const JobFilter& filter) {
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  if (!filter.after.empty()) {
    TG_ASSIGN(Statement cursor,
              database.prepare("SELECT sequence FROM jobs WHERE id=? AND tenant=?"));
    TG_ASSIGN(const bool found, cursor.bind(filter.after).bind(filter.tenant).step());
    if (!found) return Error{ErrorCode::NotFound, "there is no job " + filter.after, ""};
    before = cursor.number(0);
    TG_TRY(cursor.run());
  }
  TG_ASSIGN(Statement statement,
            database.prepare("SELECT id, kind, state, '', '', error, traceparent, tenant, "
                             "attempts, created, started, finished, '', '' FROM jobs "
                             "WHERE tenant=? AND sequence < ? AND (?='' OR state=?) "
                             "ORDER BY sequence DESC LIMIT ?"));
  const std::string_view state = filter.state ? model::to_string(*filter.state) : "";
  statement.bind(filter.tenant).bind(before).bind(state).bind(state);
  statement.bind(static_cast<std::int64_t>(filter.limit));
  std::vector<model::Job> jobs;
  while (true) {
    TG_ASSIGN(const bool row, statement.step());
    if (!row) return jobs;
    TG_ASSIGN(model::Job job, read_job(statement));
    jobs.push_back(std::move(job));
  }
}

Result<JobCounts> count_jobs(Database& database) {
  TG_ASSIGN(Statement statement,
            database.prepare("SELECT state, count(*) FROM jobs GROUP BY state"));
  JobCounts counts;
  while (true) {
    TG_ASSIGN(const bool row, statement.step());
    if (!row) return counts;
    const auto state = model::job_state_from(statement.text(0));
    const auto count = static_cast<std::uint64_t>(statement.number(1));
    if (!state) continue;
    switch (*state) {
      case model::JobState::Queued:
        counts.queued = count;
        break;
      case model::JobState::Running:
        counts.running = count;
        break;
      case model::JobState::Succeeded:
        counts.succeeded = count;
        break;
      case model::JobState::Failed:
        counts.failed = count;
        break;
      case model::JobState::Cancelled:
        counts.cancelled = count;
        break;
    }
  }
}

Status expect_own_run(const Result<int>& changed, const std::string& id) {
  if (!changed) return changed.error();
  if (*changed > 0) return {};
  return Error{ErrorCode::Conflict, "job " + id + " is no longer run by this worker",
               "it was cancelled, or its lease was lost"};
}

}  // namespace testgen::storage
