#include "storage/sqlite_store.h"

#include <algorithm>
#include <utility>

#include "storage/feedback_rows.h"
#include "storage/job_rows.h"
#include "storage/migrations.h"

namespace testgen::storage {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;
using base::WallTime;

// Enough to share one sync among every thread that can be waiting; small enough that the first
// of them does not wait for long.
constexpr std::size_t kMaxBatch = 64;
// The check reads the whole file, so it is left out where it would make the start slow.
constexpr std::uintmax_t kMaxCheckedBytes = 256U << 20U;

Status configure_writer(Database& database, const SqliteOptions& options) {
  // FULL in WAL mode syncs the log at each commit: what is acknowledged survives a power cut.
  TG_TRY(database.query_text("PRAGMA journal_mode=WAL"));
  TG_TRY(database.execute("PRAGMA synchronous=FULL"));
  TG_TRY(database.execute("PRAGMA wal_autocheckpoint=1000"));
  // What was removed is overwritten: sources are other people's.
  TG_TRY(database.query_number("PRAGMA secure_delete=ON"));
  if (options.max_pages > 0) {
    TG_TRY(database.query_number("PRAGMA max_page_count=" + std::to_string(options.max_pages)));
  }
  return {};
}

Status check_whole(Database& database, const std::filesystem::path& file) {
  std::error_code code;
  const std::uintmax_t size = std::filesystem::file_size(file, code);
  if (code || size > kMaxCheckedBytes) return {};
  TG_ASSIGN(const std::string verdict, database.query_text("PRAGMA quick_check(1)"));
  if (verdict == "ok") return {};
  return Error{ErrorCode::Io, file.string() + " is damaged: " + verdict,
               "the file was left as it is: restore a backup, or move it away to start empty"};
}

// Applies one change so that its failure undoes only itself.
Status apply_in_savepoint(Database& database, const std::function<Status(Database&)>& change) {
  TG_TRY(database.execute("SAVEPOINT change"));
  Status applied = change(database);
  if (!database.in_transaction()) return applied;  // SQLite gave up the whole transaction
  if (!applied) TG_TRY(database.execute("ROLLBACK TO change"));
  TG_TRY(database.execute("RELEASE change"));
  return applied;
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const SqliteOptions& options) {
  const auto in_file = [&](const Error& error) {
    return error.with_context(options.file.string());
  };
  auto writer = Database::open(options.file, Database::Mode::ReadWrite, options.vfs);
  if (!writer) return writer.error();
  if (Status ready = configure_writer(*writer, options); !ready) return in_file(ready.error());
  if (Status whole = check_whole(*writer, options.file); !whole) return whole.error();
  if (Status current = migrate(*writer); !current) return in_file(current.error());
  auto reader = Database::open(options.file, Database::Mode::ReadOnly, options.vfs);
  if (!reader) return reader.error();
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(*writer), std::move(*reader)));
}

SqliteStore::SqliteStore(Database writer, Database reader)
    : writer_(std::move(writer)),
      reader_(std::move(reader)),
      writer_thread_([this] { run_writer(); }) {}

SqliteStore::~SqliteStore() {
  {
    const std::lock_guard lock(queue_mutex_);
    closing_ = true;
  }
  queue_changed_.notify_all();
}

Status SqliteStore::write(Change change) {
  std::future<Status> done;
  {
    const std::lock_guard lock(queue_mutex_);
    Write& pending = queue_.emplace_back(Write{std::move(change), {}});
    done = pending.done.get_future();
  }
  queue_changed_.notify_one();
  return done.get();
}

void SqliteStore::run_writer() {
  while (true) {
    std::vector<Write> batch;
    {
      std::unique_lock lock(queue_mutex_);
      queue_changed_.wait(lock, [this] { return closing_ || !queue_.empty(); });
      if (queue_.empty()) return;
      const std::size_t count = std::min(queue_.size(), kMaxBatch);
      std::move(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count),
                std::back_inserter(batch));
      queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    }
    write_batch(batch);
  }
}

// One transaction for all of them. When it cannot be committed as a whole (a full disk undoes
// everything), each change is tried alone, so that a small one is not lost with a big one.
void SqliteStore::write_batch(std::vector<Write>& batch) {
  std::vector<Status> results(batch.size());
  const auto transaction = [&](std::size_t first, std::size_t last) -> Status {
    TG_TRY(writer_.execute("BEGIN IMMEDIATE"));
    for (std::size_t i = first; i < last; ++i) {
      results[i] = apply_in_savepoint(writer_, batch[i].change);
      if (!writer_.in_transaction()) return results[i].error();
    }
    return writer_.execute("COMMIT");
  };
  const auto attempt = [&](std::size_t first, std::size_t last) -> Status {
    Status committed = transaction(first, last);
    if (!committed && writer_.in_transaction()) {
      [[maybe_unused]] const Status rolled_back = writer_.execute("ROLLBACK");
    }
    return committed;
  };
  if (Status together = attempt(0, batch.size()); !together) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const Status alone = batch.size() == 1 ? together : attempt(i, i + 1);
      if (!alone) results[i] = alone;
    }
  }
  for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done.set_value(std::move(results[i]));
}

Result<Enqueued> SqliteStore::enqueue(const model::Job& job, std::uint64_t max_queued) {
  Enqueued result;
  const Status written = write([&](Database& db) -> Status {
    if (!job.idempotency_key.empty()) {
      TG_ASSIGN(auto earlier, find_job_by_idempotency_key(db, job.tenant, job.idempotency_key));
      if (earlier) {
        if (earlier->request_json != job.request_json || earlier->kind != job.kind) {
          return Error{ErrorCode::Conflict,
                       "this Idempotency-Key was already used for a different request",
                       "send a new key with a new request"};
        }
        result = Enqueued{Enqueued::Outcome::Existing, std::move(*earlier)};
        return {};
      }
    }
    if (!job.content_key.empty()) {
      TG_ASSIGN(auto running, find_job_in_flight(db, job.tenant, job.content_key));
      if (running) {
        if (!job.idempotency_key.empty()) {
          TG_TRY(remember_idempotency_key(db, job.tenant, job.idempotency_key, running->id));
        }
        result = Enqueued{Enqueued::Outcome::Shared, std::move(*running)};
        return {};
      }
    }
    TG_ASSIGN(const auto queued, db.query_number("SELECT count(*) FROM jobs WHERE state='queued'"));
    if (static_cast<std::uint64_t>(queued) >= max_queued) {
      result = Enqueued{Enqueued::Outcome::Full, {}};
      return {};
    }
    result = Enqueued{Enqueued::Outcome::Created, job};
    result.job.state = model::JobState::Queued;
    TG_TRY(insert_job(db, result.job));
    if (job.idempotency_key.empty()) return {};
    return remember_idempotency_key(db, job.tenant, job.idempotency_key, job.id);
  });
  TG_TRY(written);
  return result;
}

Result<std::optional<model::Job>> SqliteStore::claim(const std::string& owner, WallTime now,
                                                     WallTime lease_until) {
  std::optional<model::Job> claimed;
  const Status written = write([&](Database& db) -> Status {
    claimed.reset();
    TG_ASSIGN(claimed, next_job(db, now));
    if (!claimed) return {};
    claimed->state = model::JobState::Running;
    claimed->attempts += 1;
    claimed->started = now;
    TG_ASSIGN(Statement statement,
              db.prepare("UPDATE jobs SET state='running', attempts=?, "
                         "started=?, lease_owner=?, lease_until=? WHERE id=?"));
    statement.bind(claimed->attempts).bind(to_column(now)).bind(owner);
    statement.bind(to_column(lease_until)).bind(claimed->id);
    TG_TRY(statement.run());
    return {};
  });
  TG_TRY(written);
  return claimed;
}

Status SqliteStore::renew(const std::string& owner, const std::vector<std::string>& ids,
                          WallTime lease_until) {
  if (ids.empty()) return {};
  return write([&](Database& db) -> Status {
    for (const std::string& id : ids) {
      TG_ASSIGN(Statement statement, db.prepare("UPDATE jobs SET lease_until=? WHERE id=? "
                                                "AND state='running' AND lease_owner=?"));
      TG_TRY(statement.bind(to_column(lease_until)).bind(id).bind(owner).run());
    }
    return {};
  });
}

Status SqliteStore::finish(const std::string& id, int attempt, const std::string& result_json,
                           WallTime now) {
  return write([&](Database& db) -> Status {
    TG_ASSIGN(Statement statement,
              db.prepare("UPDATE jobs SET state='succeeded', result=?, error=NULL, finished=?, "
                         "lease_until=0 WHERE id=? AND state='running' AND attempts=?"));
    statement.bind(result_json).bind(to_column(now)).bind(id).bind(attempt);
    return expect_own_run(statement.run(), id);
  });
}

Status SqliteStore::fail(const std::string& id, int attempt, const std::string& error_json,
                         WallTime now) {
  return write([&](Database& db) -> Status {
    TG_ASSIGN(Statement statement,
              db.prepare("UPDATE jobs SET state='failed', error=?, finished=?, lease_until=0 "
                         "WHERE id=? AND state='running' AND attempts=?"));
    statement.bind(error_json).bind(to_column(now)).bind(id).bind(attempt);
    return expect_own_run(statement.run(), id);
  });
}

Status SqliteStore::release(const std::string& id, int attempt) {
  return write([&](Database& db) -> Status {
    TG_ASSIGN(Statement statement,
              db.prepare("UPDATE jobs SET state='queued', attempts=attempts-1, started=0, "
                         "lease_until=0 WHERE id=? AND state='running' AND attempts=?"));
    return expect_own_run(statement.bind(id).bind(attempt).run(), id);
  });
}

Status SqliteStore::retry(const std::string& id, int attempt, WallTime not_before) {
  return write([&](Database& db) -> Status {
    TG_ASSIGN(Statement statement,
              db.prepare("UPDATE jobs SET state='queued', started=0, lease_until=0, not_before=? "
                         "WHERE id=? AND state='running' AND attempts=?"));
    statement.bind(to_column(not_before)).bind(id).bind(attempt);
    return expect_own_run(statement.run(), id);
  });
}

Result<model::Job> SqliteStore::cancel(const std::string& id, WallTime now) {
  model::Job cancelled;
  const Status written = write([&](Database& db) -> Status {
    TG_ASSIGN(Statement statement,
              db.prepare("UPDATE jobs SET state='cancelled', finished=?, lease_until=0 "
                         "WHERE id=? AND state IN ('queued','running')"));
    TG_ASSIGN(const int changed, statement.bind(to_column(now)).bind(id).run());
    TG_ASSIGN(cancelled, find_job(db, id));
    if (changed == 0) {
      return Error{ErrorCode::Conflict,
                   "job " + id + " has already ended: it is " +
                       std::string(model::to_string(cancelled.state)),
                   ""};
    }
    return {};
  });
  TG_TRY(written);
  return cancelled;
}

Result<Requeued> SqliteStore::requeue_lost(WallTime now, Lost which, const RetryPolicy& policy) {
  Requeued result;
  const Status written = write([&](Database& db) -> Status {
    result = {};
    TG_ASSIGN(const auto lost, lost_jobs(db, which == Lost::All ? WallTime::max() : now));
    for (const auto& [id, attempts] : lost) {
      if (attempts < policy.max_attempts) {
        TG_ASSIGN(Statement again, db.prepare("UPDATE jobs SET state='queued', started=0, "
                                              "lease_until=0, not_before=? WHERE id=?"));
        TG_TRY(again.bind(to_column(now + policy.pause_after(attempts))).bind(id).run());
        result.queued.push_back(id);
      } else {
        TG_ASSIGN(Statement park, db.prepare("UPDATE jobs SET state='failed', error=?, "
                                             "finished=?, lease_until=0 WHERE id=?"));
        TG_TRY(park.bind(policy.parked_error_json).bind(to_column(now)).bind(id).run());
        result.parked.push_back(id);
      }
    }
    return {};
  });
  TG_TRY(written);
  return result;
}

Result<std::uint64_t> SqliteStore::forget_ended_before(WallTime time) {
  std::uint64_t forgotten = 0;
  const Status written = write([&](Database& db) -> Status {
    TG_ASSIGN(Statement statement,
              db.prepare("DELETE FROM jobs WHERE finished > 0 AND finished < ?"));
    TG_ASSIGN(const int changed, statement.bind(to_column(time)).run());
    forgotten = static_cast<std::uint64_t>(changed);
    TG_TRY(db.execute("DELETE FROM idempotency_keys WHERE job NOT IN (SELECT id FROM jobs)"));
    return forget_alerts_before(db, time);
  });
  TG_TRY(written);
  return forgotten;
}

Status SqliteStore::remove(const std::string& id) {
  return write([&](Database& db) -> Status {
    TG_ASSIGN(const model::Job job, find_job(db, id));
    if (!model::is_final(job.state)) {
      return Error{
          ErrorCode::Conflict,
          "job " + id + " has not ended: it is " + std::string(model::to_string(job.state)),
          "cancel it first"};
    }
    TG_ASSIGN(Statement keys, db.prepare("DELETE FROM idempotency_keys WHERE job=?"));
    TG_TRY(keys.bind(id).run());
    TG_ASSIGN(Statement row, db.prepare("DELETE FROM jobs WHERE id=?"));
    TG_TRY(row.bind(id).run());
    return {};
  });
}

Result<std::optional<Rating>> SqliteStore::rate(const Rating& rating) {
  std::optional<Rating> earlier;
  const Status written = write([&](Database& db) -> Status {
    TG_ASSIGN(earlier, put_rating(db, rating));
    return {};
  });
  TG_TRY(written);
  return earlier;
}

Result<std::vector<RatingCount>> SqliteStore::ratings() {
  const std::lock_guard lock(reader_mutex_);
  return count_ratings(reader_);
}

Result<std::vector<Alert>> SqliteStore::note_alerts(const std::vector<Alert>& alerts) {
  std::vector<Alert> news;
  const Status written = write([&](Database& db) -> Status {
    news.clear();
    for (const Alert& alert : alerts) {
      TG_ASSIGN(const bool is_news, put_alert(db, alert));
      if (is_news) news.push_back(alert);
    }
    return {};
  });
  TG_TRY(written);
  return news;
}

Result<model::Job> SqliteStore::get(const std::string& id) {
  const std::lock_guard lock(reader_mutex_);
  return find_job(reader_, id);
}

Result<std::vector<model::Job>> SqliteStore::list(const JobFilter& filter) {
  const std::lock_guard lock(reader_mutex_);
  return list_jobs(reader_, filter);
}

Result<JobCounts> SqliteStore::counts() {
  const std::lock_guard lock(reader_mutex_);
  return count_jobs(reader_);
}

Result<std::vector<Store::MinuteRow>> SqliteStore::load_minutes(std::int64_t first) {
  const std::lock_guard lock(reader_mutex_);
  TG_ASSIGN(Statement statement,
            reader_.prepare("SELECT minute, figures FROM slo_minutes WHERE minute >= ? "
                            "ORDER BY minute"));
  statement.bind(first);
  std::vector<MinuteRow> rows;
  while (true) {
    TG_ASSIGN(const bool row, statement.step());
    if (!row) return rows;
    rows.push_back({statement.number(0), statement.text(1)});
  }
}

Status SqliteStore::save_minutes(const std::vector<MinuteRow>& rows, std::int64_t forget_before) {
  return write([&](Database& db) -> Status {
    for (const MinuteRow& row : rows) {
      TG_ASSIGN(Statement put, db.prepare("INSERT INTO slo_minutes (minute, figures) VALUES (?, ?) "
                                          "ON CONFLICT (minute) DO UPDATE SET "
                                          "figures=excluded.figures"));
      TG_TRY(put.bind(row.minute).bind(row.figures).run());
    }
    TG_ASSIGN(Statement forget, db.prepare("DELETE FROM slo_minutes WHERE minute < ?"));
    TG_TRY(forget.bind(forget_before).run());
    return {};
  });
}

Status SqliteStore::check() {
  {
    const std::lock_guard lock(reader_mutex_);
    TG_TRY(reader_.query_number("SELECT count(*) FROM probe"));
  }
  // A real write: a disk that became full or read-only shows only there.
  return write([](Database& db) -> Status { return db.execute("UPDATE probe SET beats=beats+1"); });
}

}  // namespace testgen::storage
