// Where the service keeps its jobs. Whatever a call has acknowledged survives a crash of the
// process and of the machine. Every job is in one of five states (model::JobState), and only
// these calls move it; a worker proves with the attempt number that a job is still its own, so
// that a result is never recorded twice. Implementations are thread-safe.
#pragma once

#include <chrono>
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
    Shared,    // the same question is being worked on: `job` is that work
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
  std::string tenant;
  std::optional<model::JobState> state;
  std::size_t limit = 50;
  std::string after;  // id of the last job of the page before; empty: from the newest
};

// How jobs are tried again that lost their run, or failed in a way that may pass.
struct RetryPolicy {
  int max_attempts = 3;
  std::chrono::milliseconds first_pause{1'000};  // after the second failed run; doubles
  std::string parked_error_json;                 // of a job that is given up

  // How long a job waits after so many runs: the first one may have been bad luck.
  [[nodiscard]] std::chrono::milliseconds pause_after(int attempts) const;
};
inline constexpr std::chrono::minutes kMaxRetryPause{5};

// What somebody says of a test or of a finding; the last word of each tenant counts.
struct Rating {
  std::string subject;  // "test" or "finding"
  std::string id;
  std::string tenant;
  std::string verdict;
  std::string comment;
  base::WallTime made{};
};
struct RatingCount {
  std::string subject;
  std::string verdict;
  std::uint64_t count = 0;
};

// An alert as Alertmanager told it last.
struct Alert {
  std::string fingerprint;
  std::string starts_at;  // as sent; with the fingerprint it names one occurrence
  std::string status;     // "firing" or "resolved"
  std::string document;   // the alert as JSON
  base::WallTime received{};
};

struct Requeued {
  std::vector<std::string> queued;  // ids that wait again
  std::vector<std::string> parked;  // ids that were given up after too many attempts
};

class Store {
 public:
  virtual ~Store() = default;

  // Stores a new job as Queued, unless `max_queued` jobs wait already. A known idempotency key of
  // the tenant gives the earlier job, Conflict when that one asked for something else; a job of
  // the tenant with the same content key that has not ended is given instead of a second one.
  [[nodiscard]] virtual base::Result<Enqueued> enqueue(const model::Job& job,
                                                       std::uint64_t max_queued) = 0;
  // Takes the oldest waiting job whose pause is over, or nothing: now Running, with one attempt
  // more, leased to `owner` until the given time.
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
  // Back to the queue for another attempt, not before the given time.
  [[nodiscard]] virtual base::Status retry(const std::string& id, int attempt,
                                           base::WallTime not_before) = 0;

  // Cancels a job that waits or runs and gives it back; a job that has ended is a Conflict.
  [[nodiscard]] virtual base::Result<model::Job> cancel(const std::string& id,
                                                        base::WallTime now) = 0;

  // Re-queues every running job, or every one whose lease has ended; those that have used up
  // their attempts become Failed. All of them is right at start, when no other process can be
  // running any.
  enum class Lost { LeaseEnded, All };
  [[nodiscard]] virtual base::Result<Requeued> requeue_lost(base::WallTime now, Lost which,
                                                            const RetryPolicy& policy) = 0;
  // Forgets jobs that ended before the given time, and alerts told before it; how many jobs.
  [[nodiscard]] virtual base::Result<std::uint64_t> forget_ended_before(base::WallTime time) = 0;
  // Removes a job that has ended, with its source and result; Conflict while it has not.
  [[nodiscard]] virtual base::Status remove(const std::string& id) = 0;

  // Adds a rating or replaces the tenant's earlier one, which is given back.
  [[nodiscard]] virtual base::Result<std::optional<Rating>> rate(const Rating& rating) = 0;
  [[nodiscard]] virtual base::Result<std::vector<RatingCount>> ratings() = 0;
  // Keeps what is told; gives back those that are news: not known, or of another status before.
  [[nodiscard]] virtual base::Result<std::vector<Alert>> note_alerts(
      const std::vector<Alert>& alerts) = 0;

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
