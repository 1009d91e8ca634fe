// Where the service keeps its jobs. Whatever a call has acknowledged survives a crash of the
// process and of the machine. Every job is in one of five states (model::JobState), and only
// these calls move it; a worker proves with the attempt number that a job is still its own, so
// that a result is never recorded twice. Implementations are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/job.h"

namespace testgen::storage {

struct Enqueued {
  enum class Outcome {
    Created,   // the job is in the queue
    Existing,  // the idempotency key was known: `job` is the earlier one
    Full,      // too many jobs wait; nothing was stored
  };
  Outcome outcome = Outcome::Created;
  model::Job job;
};

struct JobCounts {
  std::uint64_t queued = 0;
  std::uint64_t running = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t cancelled = 0;
};

struct JobFilter {
  std::optional<model::JobState> state;
  std::size_t limit = 50;
  std::string after;  // id of the last job of the page before; empty: from the newest
};

struct Requeued {
  std::vector<std::string> queued;  // ids that wait again
  std::vector<std::string> parked;  // ids that were given up after too many attempts
};

class Store {
 public:
  virtual ~Store() = default;

  // Stores a new job as Queued, unless `max_queued` jobs wait already. A known idempotency key
  // gives the earlier job; Conflict when that one asked for something else.
  [[nodiscard]] virtual base::Result<Enqueued> enqueue(const model::Job& job,
                                                       std::uint64_t max_queued) = 0;
  // Takes the oldest waiting job, or nothing: now Running, with one attempt more, leased to
  // `owner` until the given time.
  [[nodiscard]] virtual base::Result<std::optional<model::Job>> claim(
      const std::string& owner, base::WallTime now, base::WallTime lease_until) = 0;
  // Prolongs the leases of those of these jobs that this owner runs.
  [[nodiscard]] virtual base::Status renew(const std::string& owner,
                                           const std::vector<std::string>& ids,
                                           base::WallTime lease_until) = 0;

  // The three ways a run ends. Conflict when the job is no longer in this attempt: it was
  // cancelled, or the lease was lost.
  [[nodiscard]] virtual base::Status finish(const std::string& id, int attempt,
                                            const std::string& result_json, base::WallTime now) = 0;
  [[nodiscard]] virtual base::Status fail(const std::string& id, int attempt,
                                          const std::string& error_json, base::WallTime now) = 0;
  // Back to the queue, as if never claimed: the service is stopping.
  [[nodiscard]] virtual base::Status release(const std::string& id, int attempt) = 0;

  // Cancels a job that waits or runs and gives it back; a job that has ended is a Conflict.
  [[nodiscard]] virtual base::Result<model::Job> cancel(const std::string& id,
                                                        base::WallTime now) = 0;

  // Re-queues every running job whose lease has ended; those that have used up
  // `max_attempts` become Failed with `parked_error_json`. WallTime::max() means all of them,
  // which is right at start, when no other process can be running any.
  [[nodiscard]] virtual base::Result<Requeued> requeue_lost(
      base::WallTime now, int max_attempts, const std::string& parked_error_json) = 0;
  // Forgets jobs that ended before the given time; how many.
  [[nodiscard]] virtual base::Result<std::uint64_t> forget_ended_before(base::WallTime time) = 0;

  [[nodiscard]] virtual base::Result<model::Job> get(const std::string& id) = 0;
  // Newest first, without request and result.
  [[nodiscard]] virtual base::Result<std::vector<model::Job>> list(const JobFilter& filter) = 0;
  [[nodiscard]] virtual base::Result<JobCounts> counts() = 0;
  // The account of the objectives, one short text a minute; the store does not read it.
  struct MinuteRow {
    std::int64_t minute = 0;  // since the epoch
    std::string figures;
  };
  // From `first` on, ascending.
  [[nodiscard]] virtual base::Result<std::vector<MinuteRow>> load_minutes(std::int64_t first) = 0;
  // Adds or replaces these and forgets those before `forget_before`.
  [[nodiscard]] virtual base::Status save_minutes(const std::vector<MinuteRow>& rows,
                                                  std::int64_t forget_before) = 0;

  // Proves that the database still answers and can be written.
  [[nodiscard]] virtual base::Status check() = 0;
};

}  // namespace testgen::storage
