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
  "id, kind, state, request, result, error, traceparent, idempotency_key, attempts, created, " \
  "started, finished"

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
  job.idempotency_key = row.text(7);
  job.attempts = static_cast<int>(row.number(8));
  job.created = from_column(row.number(9));
  job.started = from_column(row.number(10));
  job.finished = from_column(row.number(11));
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
            database.prepare("INSERT INTO jobs (id, kind, state, request, traceparent, "
                             "idempotency_key, created) VALUES (?,?,?,?,?,?,?)"));
  statement.bind(job.id).bind(job.kind).bind(model::to_string(job.state)).bind(job.request_json);
  statement.bind_or_null(job.traceparent).bind_or_null(job.idempotency_key);
  TG_TRY(statement.bind(to_column(job.created)).run());
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
                                                              const std::string& key) {
  TG_ASSIGN(Statement statement,
            database.prepare("SELECT " TG_JOB_COLUMNS " FROM jobs WHERE idempotency_key=?"));
  return first_job(statement.bind(key));
}

Result<std::optional<model::Job>> oldest_queued_job(Database& database) {
  TG_ASSIGN(Statement statement,
            database.prepare("SELECT " TG_JOB_COLUMNS " FROM jobs WHERE state='queued' "
                             "ORDER BY sequence LIMIT 1"));
  return first_job(statement);
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
    TG_ASSIGN(Statement cursor, database.prepare("SELECT sequence FROM jobs WHERE id=?"));
    TG_ASSIGN(const bool found, cursor.bind(filter.after).step());
    if (!found) return Error{ErrorCode::NotFound, "there is no job " + filter.after, ""};
    before = cursor.number(0);
    TG_TRY(cursor.run());
  }
  TG_ASSIGN(Statement statement,
            database.prepare("SELECT id, kind, state, '', '', error, traceparent, "
                             "idempotency_key, attempts, created, started, finished FROM jobs "
                             "WHERE sequence < ? AND (?='' OR state=?) "
                             "ORDER BY sequence DESC LIMIT ?"));
  const std::string_view state = filter.state ? model::to_string(*filter.state) : "";
  statement.bind(before).bind(state).bind(state).bind(static_cast<std::int64_t>(filter.limit));
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
