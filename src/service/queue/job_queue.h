// Runs jobs from the store on a few threads. A job is in the store before anyone is told that it
// was accepted, and leaves it only with a result, an error or a cancellation; a run that ends
// any other way (the service stops, crashes, loses its lease) puts the job back. The request's
// trace goes on in the job: spans queue.wait and job.run. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/job.h"
#include "service/queue/job_events.h"
#include "service/queue/job_waiters.h"
#include "storage/store.h"
#include "telemetry/telemetry.h"

namespace testgen::service {

// How far a run is: the file it works on, a word for the step, and 0 to 1 of the whole job.
using JobProgress =
    std::function<void(std::string_view file, std::string_view stage, double fraction)>;

// Does a job's work and gives its result as JSON. Called on a queue thread with the span to
// continue; must honour the stop request promptly. An Error ends the job as failed, unless it is
// one that may pass (Unavailable, ResourceExhausted, Io): then the job is run again.
using JobRunner = std::function<base::Result<std::string>(
    const model::Job& job, const telemetry::SpanContext& parent, std::stop_token stop,
    const JobProgress& progress)>;

struct QueueOptions {
  unsigned workers = 1;
  std::uint64_t max_queued = 256;
  int max_attempts = 3;                          // runs that may be lost or meet a passing failure
  std::chrono::milliseconds first_pause{1'000};  // before another attempt; doubles
  std::chrono::seconds lease{60};
  std::chrono::milliseconds retention{std::chrono::hours(24 * 7)};  // of ended jobs
};

class JobQueue {
 public:
  // Called with each result of a run that was not stopped, before it is recorded.
  using OnSuccess =
      std::function<void(const model::Job& job, const telemetry::SpanContext& parent)>;

  // Takes back the jobs that a crash left running, then starts the workers. All references are
  // borrowed.
  [[nodiscard]] static base::Result<std::unique_ptr<JobQueue>> open(const QueueOptions& options,
                                                                    storage::Store& store,
                                                                    telemetry::Telemetry& telemetry,
                                                                    JobRunner runner,
                                                                    OnSuccess on_success);
  ~JobQueue();
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  // Durable when it returns.
  [[nodiscard]] base::Result<storage::Enqueued> submit(const model::Job& job);
  // Calls back once the job has ended, or with nothing at the deadline.
  void wait(const std::string& job_id, base::SteadyTime deadline, JobWaiters::Callback callback);
  [[nodiscard]] base::Result<model::Job> cancel(const std::string& id);
  // Removes a job that has ended, with everything that is stored of it.
  [[nodiscard]] base::Status remove(const model::Job& job);
  // Who watches jobs.
  [[nodiscard]] JobEvents& events() { return events_; }

  // Takes no new work, lets runs end until the deadline, then stops them and puts their jobs
  // back into the queue. Idempotent.
  void shutdown(base::SteadyTime deadline);

  struct Run {
    std::string job_id;
    std::string trace_id;
    std::chrono::milliseconds age{0};
    std::string stage;
    double fraction = 0;
  };
  [[nodiscard]] std::vector<Run> runs() const;
  [[nodiscard]] std::optional<Run> find_run(const std::string& job_id) const;

 private:
  struct Running {
    std::stop_source stop;
    telemetry::SpanContext context;
    base::SteadyTime since;
    std::string stage;  // what the runner said last
    double fraction = 0;
  };

  JobQueue(const QueueOptions& options, storage::Store& store, telemetry::Telemetry& telemetry,
           JobRunner runner, OnSuccess on_success);
  [[nodiscard]] base::Status recover();
  void start();
  void work(telemetry::Heartbeat& heartbeat);
  void run(const model::Job& job);
  [[nodiscard]] base::Result<std::string> call_runner(const model::Job& job, telemetry::Span& span,
                                                      const std::stop_token& stop);
  // Gives the job as it ended, or nothing when this run did not end it.
  [[nodiscard]] std::optional<model::Job> record(model::Job job,
                                                 const base::Result<std::string>& result,
                                                 telemetry::Span& span,
                                                 std::chrono::nanoseconds duration);
  void release(const model::Job& job, const telemetry::SpanContext& context);
  // True when the job waits for another attempt.
  [[nodiscard]] bool try_again(const model::Job& job, const base::Error& error,
                               const telemetry::SpanContext& context);
  void note_progress(const std::string& id, std::string_view file, std::string_view stage,
                     double fraction);
  void tell_state(const model::Job& job);
  [[nodiscard]] storage::RetryPolicy retry_policy() const;
  void note_outcome(const model::Job& job, std::string_view outcome, const base::Error* error,
                    const telemetry::SpanContext& context, std::chrono::nanoseconds duration);
  void note_use(const model::Job& job, std::string_view outcome, bool our_fault);
  void keep_house(const std::stop_token& stop);
  void report_requeued(const storage::Requeued& requeued);
  void set_queue_length(std::uint64_t queued);
  void wake_workers();

  const QueueOptions options_;
  storage::Store& store_;
  telemetry::Telemetry& telemetry_;
  const base::Clock& clock_;
  const JobRunner runner_;
  const OnSuccess on_success_;
  const std::string owner_;  // of the leases: this process
  JobWaiters waiters_;
  JobEvents events_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::uint64_t arrivals_ = 0;  // bumped whenever there may be something to claim
  base::SteadyTime next_attempt_ = base::SteadyTime::max();  // of a job that waits for one
  bool stopping_ = false;
  std::map<std::string, Running> running_;  // by job id; until its end is recorded
  std::vector<std::jthread> workers_;
  std::jthread housekeeper_;
};

}  // namespace testgen::service
