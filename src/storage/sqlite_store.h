// The Store in one SQLite file. All writes go through one thread that owns the only writing
// connection: SQLite has a single writer anyway, and a queue of our own never meets SQLITE_BUSY.
// Writes that wait together are committed together, so that one sync to disk acknowledges many.
// Reads use a second connection and, thanks to the write-ahead log, do not wait for writes.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "storage/sqlite.h"
#include "storage/store.h"

namespace testgen::storage {

struct SqliteOptions {
  std::filesystem::path file;
  std::int64_t max_pages = 0;  // size limit in pages of 4 KiB; 0: none. Past it: disk full.
  std::string vfs;             // of SQLite; empty: the usual one
};

class SqliteStore final : public Store {
 public:
  // Opens or creates the file, checks that it is whole, brings it to the current version.
  [[nodiscard]] static base::Result<std::unique_ptr<SqliteStore>> open(
      const SqliteOptions& options);
  // Finishes the writes already asked for.
  ~SqliteStore() override;
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  [[nodiscard]] base::Result<Enqueued> enqueue(const model::Job& job,
                                               std::uint64_t max_queued) override;
  [[nodiscard]] base::Result<std::optional<model::Job>> claim(const std::string& owner,
                                                              base::WallTime now,
                                                              base::WallTime lease_until) override;
  [[nodiscard]] base::Status renew(const std::string& owner, const std::vector<std::string>& ids,
                                   base::WallTime lease_until) override;
  [[nodiscard]] base::Status finish(const std::string& id, int attempt,
                                    const std::string& result_json, base::WallTime now) override;
  [[nodiscard]] base::Status fail(const std::string& id, int attempt, const std::string& error_json,
                                  base::WallTime now) override;
  [[nodiscard]] base::Status release(const std::string& id, int attempt) override;
  [[nodiscard]] base::Status retry(const std::string& id, int attempt,
                                   base::WallTime not_before) override;
  [[nodiscard]] base::Result<model::Job> cancel(const std::string& id, base::WallTime now) override;
  [[nodiscard]] base::Result<Requeued> requeue_lost(base::WallTime now, Lost which,
                                                    const RetryPolicy& policy) override;
  [[nodiscard]] base::Status remove(const std::string& id) override;
  [[nodiscard]] base::Result<std::optional<Rating>> rate(const Rating& rating) override;
  [[nodiscard]] base::Result<std::vector<RatingCount>> ratings() override;
  [[nodiscard]] base::Result<std::vector<Alert>> note_alerts(
      const std::vector<Alert>& alerts) override;
  [[nodiscard]] base::Result<std::uint64_t> forget_ended_before(base::WallTime time) override;
  [[nodiscard]] base::Result<model::Job> get(const std::string& id) override;
  [[nodiscard]] base::Result<std::vector<model::Job>> list(const JobFilter& filter) override;
  [[nodiscard]] base::Result<JobCounts> counts() override;
  [[nodiscard]] base::Result<std::vector<MinuteRow>> load_minutes(std::int64_t first) override;
  [[nodiscard]] base::Status save_minutes(const std::vector<MinuteRow>& rows,
                                          std::int64_t forget_before) override;
  [[nodiscard]] base::Status check() override;

 private:
  // May be applied twice (see write_batch), so it assigns its results and never appends to them.
  using Change = std::function<base::Status(Database&)>;
  struct Write {
    Change change;
    std::promise<base::Status> done;
  };

  SqliteStore(Database writer, Database reader);
  // Runs the change on the writer thread; returns once it is on disk.
  [[nodiscard]] base::Status write(Change change);
  void run_writer();
  void write_batch(std::vector<Write>& batch);

  Database writer_;  // used by writer_thread_ only
  std::mutex reader_mutex_;
  Database reader_;

  std::mutex queue_mutex_;
  std::condition_variable queue_changed_;
  std::deque<Write> queue_;
  bool closing_ = false;
  std::jthread writer_thread_;  // last: started when everything above exists
};

}  // namespace testgen::storage
