#include "service/queue/job_queue.h"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "service/active_trace.h"
#include "service/http/problem.h"
#include "service/queue/retention.h"
#include "telemetry/tracing/propagation.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;
using base::WallTime;
using telemetry::LogEvent;

// How often an idle worker looks by itself; work that arrives wakes it at once.
constexpr std::chrono::seconds kIdlePoll{5};
constexpr std::chrono::seconds kRetryPause{1};  // after the store failed
// The store judges a pause by another clock than the one that waits for its end.
constexpr std::chrono::milliseconds kAttemptMargin{5};

std::string parked_error_json(int max_attempts) {
  return problem_json(Problem::from(Error{ErrorCode::Internal,
                                          "the service stopped unexpectedly in each of " +
                                              std::to_string(max_attempts) + " runs of this job",
                                          "the job is not tried again; report it with its input"}),
                      "", "");
}

telemetry::SpanContext parent_of(const model::Job& job) {
  return telemetry::unpack_context(job.traceparent);
}

// Failures of the surroundings, which another attempt may not meet.
bool may_pass(ErrorCode code) {
  return code == ErrorCode::Unavailable || code == ErrorCode::ResourceExhausted ||
         code == ErrorCode::Io;
}

std::string state_json(const model::Job& job) {
  return nlohmann::json{
      {"id", job.id}, {"state", model::to_string(job.state)}, {"attempts", job.attempts}}
      .dump();
}

}  // namespace

JobQueue::JobQueue(const QueueOptions& options, storage::Store& store,
                   telemetry::Telemetry& telemetry, JobRunner runner, OnSuccess on_success)
    : options_(options),
      store_(store),
      telemetry_(telemetry),
      clock_(telemetry.clock()),
      runner_(std::move(runner)),
      on_success_(std::move(on_success)),
      owner_(base::random_hex(8)),
      waiters_(clock_) {}

Result<std::unique_ptr<JobQueue>> JobQueue::open(const QueueOptions& options, storage::Store& store,
                                                 telemetry::Telemetry& telemetry, JobRunner runner,
                                                 OnSuccess on_success) {
  std::unique_ptr<JobQueue> queue(
      new JobQueue(options, store, telemetry, std::move(runner), std::move(on_success)));
  TG_TRY(queue->recover());
  queue->start();
  return queue;
}

JobQueue::~JobQueue() {
  shutdown(clock_.steady_now());
}

// The caller holds the data folder's lock, so whatever runs in the store runs nowhere.
Status JobQueue::recover() {
  const telemetry::Span span = telemetry_.tracer().start("queue.recover");
  const ActiveTrace active(span.context());
  TG_ASSIGN(const auto requeued,
            store_.requeue_lost(clock_.wall_now(), storage::Store::Lost::All, retry_policy()));
  report_requeued(requeued);
  TG_ASSIGN(const auto counts, store_.counts());
  set_queue_length(counts.queued);
  return {};
}

storage::RetryPolicy JobQueue::retry_policy() const {
  return {.max_attempts = options_.max_attempts,
          .first_pause = options_.first_pause,
          .parked_error_json = parked_error_json(options_.max_attempts)};
}

void JobQueue::start() {
  for (unsigned i = 0; i < options_.workers; ++i) {
    workers_.emplace_back([this] {
      auto heartbeat = telemetry_.health().watch(telemetry::kQueueWorkerThread);
      work(heartbeat);
    });
  }
  housekeeper_ = std::jthread([this](const std::stop_token& stop) { keep_house(stop); });
}

Result<storage::Enqueued> JobQueue::submit(const model::Job& job) {
  TG_ASSIGN(auto enqueued, store_.enqueue(job, options_.max_queued));
  if (enqueued.outcome == storage::Enqueued::Outcome::Created) {
    telemetry_.metrics().queue_length.add(1);
    telemetry_.log().write(LogEvent::JobSubmitted, parent_of(job),
                           {{"job_id", enqueued.job.id}, {"kind", job.kind}});
    wake_workers();
  }
  return enqueued;
}

void JobQueue::wait(const std::string& job_id, base::SteadyTime deadline,
                    JobWaiters::Callback callback) {
  waiters_.wait(job_id, deadline, std::move(callback));
  {
    const std::lock_guard lock(mutex_);
    if (running_.contains(job_id)) return;  // its end is still to be told
  }
  // It may have ended before the waiter was there.
  const auto job = store_.get(job_id);
  if (job && model::is_final(job->state)) waiters_.job_ended(*job);
}

Result<model::Job> JobQueue::cancel(const std::string& id) {
  TG_ASSIGN(model::Job job, store_.cancel(id, clock_.wall_now()));
  {
    const std::lock_guard lock(mutex_);
    const auto running = running_.find(id);
    if (running != running_.end()) running->second.stop.request_stop();
  }
  if (job.started == WallTime{}) telemetry_.metrics().queue_length.add(-1);
  telemetry_.log().write(LogEvent::JobCancelled, parent_of(job), {{"job_id", job.id}});
  note_outcome(job, "cancelled", nullptr, parent_of(job), std::chrono::nanoseconds(0));
  waiters_.job_ended(job);
  tell_state(job);
  return job;
}

Status JobQueue::remove(const model::Job& job) {
  TG_TRY(store_.remove(job.id));
  telemetry_.log().write(LogEvent::JobRemoved, parent_of(job), {{"job_id", job.id}});
  return {};
}

void JobQueue::tell_state(const model::Job& job) {
  if (!events_.anyone(job.id)) return;
  events_.tell(job.id, {model::is_final(job.state) ? "end" : "state", state_json(job)});
}

void JobQueue::wake_workers() {
  {
    const std::lock_guard lock(mutex_);
    ++arrivals_;
  }
  changed_.notify_all();
}

void JobQueue::work(telemetry::Heartbeat& heartbeat) {
  while (true) {
    heartbeat.beat();
    std::uint64_t seen = 0;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return heartbeat.idle();
      seen = arrivals_;
    }
    const WallTime now = clock_.wall_now();
    const auto claimed = store_.claim(owner_, now, now + options_.lease);
    if (claimed && claimed->has_value()) {
      telemetry_.metrics().queue_length.add(-1);
      run(**claimed);
      continue;
    }
    if (!claimed) {
      telemetry_.count_error(claimed.error(), "storage");
      telemetry_.log().write(LogEvent::QueueFailed, {{"error", base::describe(claimed.error())}});
    }
    heartbeat.idle();
    std::unique_lock lock(mutex_);
    const base::SteadyTime now_steady = clock_.steady_now();
    auto until = now_steady + (claimed ? kIdlePoll : kRetryPause);
    if (next_attempt_ <= now_steady) {
      next_attempt_ = base::SteadyTime::max();  // this look took care of it
    } else {
      until = std::min(until, next_attempt_);
    }
    changed_.wait_until(lock, until,
                        [&] { return stopping_ || (claimed.has_value() && arrivals_ != seen); });
  }
}

void JobQueue::run(const model::Job& job) {
  const telemetry::SpanContext parent = parent_of(job);
  telemetry_.tracer().start("queue.wait", telemetry::SpanKind::Internal, parent, job.created).end();
  const auto waited = std::max(std::chrono::duration<double>(job.started - job.created),
                               std::chrono::duration<double>(0));
  telemetry_.metrics().job_wait_seconds.observe(waited.count(), parent);
  telemetry_.metrics().queue_wait_seconds.observe(waited.count(), parent);

  telemetry::Span span =
      telemetry_.tracer().start("job.run", telemetry::SpanKind::Consumer, parent);
  span.set("job.id", job.id);
  span.set("job.kind", job.kind);
  span.set("job.attempt", job.attempts);
  const ActiveTrace active(span.context());
  std::stop_source stop;
  const base::SteadyTime begun = clock_.steady_now();
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) stop.request_stop();
    running_.emplace(job.id, Running{stop, span.context(), begun, "started", 0});
  }
  telemetry_.metrics().jobs_running.add(1);
  telemetry_.log().write(LogEvent::JobStarted, span.context(),
                         {{"job_id", job.id}, {"attempt", job.attempts}});
  tell_state(job);
  const Result<std::string> result = call_runner(job, span, stop.get_token());
  // First, so that there is no moment in which the same question is neither being worked on nor
  // answered: the result is right whatever becomes of this job. What was stopped is not whole.
  if (result && on_success_ && !stop.stop_requested()) {
    model::Job succeeded = job;
    succeeded.state = model::JobState::Succeeded;
    succeeded.finished = clock_.wall_now();
    succeeded.result_json = *result;
    on_success_(succeeded, span.context());
  }
  bool put_back = false;
  {
    const std::lock_guard lock(mutex_);
    // Stopped halfway by our own end: what came out is not the job's result. A run that ended
    // in time keeps it.
    put_back = stopping_ && stop.stop_requested();
  }
  std::optional<model::Job> ended;
  if (put_back) {
    release(job, span.context());
  } else if (result || !may_pass(result.error().code) ||
             !try_again(job, result.error(), span.context())) {
    ended = record(job, result, span, clock_.steady_now() - begun);
  }
  span.end();  // before the answer, so that whoever gets it can read the whole trace
  {
    const std::lock_guard lock(mutex_);
    running_.erase(job.id);
  }
  telemetry_.metrics().jobs_running.add(-1);
  changed_.notify_all();
  if (ended) {
    waiters_.job_ended(*ended);
    tell_state(*ended);
  }
}

bool JobQueue::try_again(const model::Job& job, const Error& error,
                         const telemetry::SpanContext& context) {
  if (job.attempts >= options_.max_attempts) return false;
  const auto pause = retry_policy().pause_after(job.attempts + 1);
  if (!store_.retry(job.id, job.attempts, clock_.wall_now() + pause)) return false;
  telemetry_.metrics().queue_length.add(1);
  telemetry_.count_error(error, "job");
  telemetry_.log().write(LogEvent::JobRetried, context,
                         {{"job_id", job.id},
                          {"attempt", job.attempts},
                          {"pause_ms", pause.count()},
                          {"error_type", base::to_string(error.code)},
                          {"error", base::describe(error)}});
  {
    const std::lock_guard lock(mutex_);
    next_attempt_ = std::min(next_attempt_, clock_.steady_now() + pause + kAttemptMargin);
    ++arrivals_;  // so that idle workers learn of the time
  }
  model::Job waiting = job;
  waiting.state = model::JobState::Queued;
  tell_state(waiting);
  return true;
}

void JobQueue::note_progress(const std::string& id, std::string_view file, std::string_view stage,
                             double fraction) {
  {
    const std::lock_guard lock(mutex_);
    const auto running = running_.find(id);
    if (running == running_.end()) return;
    const bool news = running->second.stage != stage || fraction >= running->second.fraction + 0.01;
    if (!news) return;
    running->second.stage = stage;
    running->second.fraction = fraction;
  }
  if (!events_.anyone(id)) return;
  events_.tell(
      id,
      {"progress",
       nlohmann::json{{"id", id}, {"file", file}, {"stage", stage}, {"fraction", fraction}}.dump(
           -1, ' ', false, nlohmann::json::error_handler_t::replace)});
}

void JobQueue::release(const model::Job& job, const telemetry::SpanContext& context) {
  const Status released = store_.release(job.id, job.attempts);
  if (released) telemetry_.metrics().queue_length.add(1);
  telemetry_.log().write(LogEvent::JobReturned, context,
                         {{"job_id", job.id}, {"released", released.has_value()}});
}

Result<std::string> JobQueue::call_runner(const model::Job& job, telemetry::Span& span,
                                          const std::stop_token& stop) {
  try {
    return runner_(job, span.context(), stop,
                   [&](std::string_view file, std::string_view stage, double fraction) {
                     note_progress(job.id, file, stage, fraction);
                   });
  } catch (const std::exception& error) {
    span.record_exception("std::exception", error.what());
    telemetry_.log().write(
        LogEvent::JobFailed, span.context(),
        {{"job_id", job.id}, {"error_type", "exception"}, {"error", error.what()}});
    return Error{ErrorCode::Internal, "an unexpected failure", "report it with the trace id"};
  }
}

std::optional<model::Job> JobQueue::record(model::Job job, const Result<std::string>& result,
                                           telemetry::Span& span,
                                           std::chrono::nanoseconds duration) {
  job.finished = clock_.wall_now();
  Status stored;
  if (result) {
    job.state = model::JobState::Succeeded;
    job.result_json = *result;
    stored = store_.finish(job.id, job.attempts, job.result_json, job.finished);
  } else {
    job.state = model::JobState::Failed;
    span.fail(result.error().message);
    Problem problem = Problem::from_job(result.error());
    if (may_pass(result.error().code) && job.attempts > 1) {
      problem.detail += "; given up after " + std::to_string(job.attempts) + " attempts";
    }
    job.error_json = problem_json(problem, span.context().trace_id.hex(), "");
    stored = store_.fail(job.id, job.attempts, job.error_json, job.finished);
  }
  if (!stored) {
    // Cancelled meanwhile: counted by cancel(). Otherwise the store failed; the lease will run
    // out and the job be run again, so nothing is lost but time.
    if (stored.error().code == ErrorCode::Conflict) return std::nullopt;
    telemetry_.count_error(stored.error(), "storage");
    telemetry_.log().write(LogEvent::JobEndUnrecorded, span.context(),
                           {{"job_id", job.id}, {"error", base::describe(stored.error())}});
    return std::nullopt;
  }
  note_outcome(job, model::to_string(job.state), result ? nullptr : &result.error(), span.context(),
               duration);
  return job;
}

void JobQueue::note_outcome(const model::Job& job, std::string_view outcome, const Error* error,
                            const telemetry::SpanContext& context,
                            std::chrono::nanoseconds duration) {
  telemetry_.metrics().jobs_total.with(outcome).add();
  const double seconds = std::chrono::duration<double>(duration).count();
  const bool our_fault = error != nullptr && Problem::from_job(*error).status >= 500;
  note_use(job, outcome, our_fault);
  if (outcome != "cancelled") {
    telemetry_.metrics().job_duration_seconds.observe(seconds, context);
    telemetry_.slo().record_job(our_fault);
    if (our_fault) telemetry_.count_error(*error, "job");
  }
  if (outcome == "cancelled") return;
  if (error == nullptr) {
    telemetry_.log().write(LogEvent::JobFinished, context,
                           {{"job_id", job.id},
                            {"outcome", outcome},
                            {"duration_ms", seconds * 1e3},
                            {"attempts", job.attempts}});
  } else {
    // A source that cannot be worked on is the caller's news, not our failure.
    const LogEvent event = our_fault ? LogEvent::JobFailed : LogEvent::JobRefused;
    telemetry_.log().write(event, context,
                           {{"job_id", job.id},
                            {"duration_ms", seconds * 1e3},
                            {"attempts", job.attempts},
                            {"error_type", base::to_string(error->code)},
                            {"error", base::describe(*error)}});
  }
}

// The same end as its user sees it.
void JobQueue::note_use(const model::Job& job, std::string_view outcome, bool our_fault) {
  const telemetry::Metrics& metrics = telemetry_.metrics();
  if (outcome == "cancelled") {
    metrics.journey_steps_total.with("abandoned").add();
    return;
  }
  if (outcome == "succeeded") metrics.journey_steps_total.with("generated").add();
  if (our_fault) metrics.feature_errors_total.with(job.kind).add();
  const auto waited = std::max(std::chrono::duration<double>(job.finished - job.created),
                               std::chrono::duration<double>(0));
  metrics.feature_duration_seconds.with(job.kind).observe(waited.count());
}

void JobQueue::report_requeued(const storage::Requeued& requeued) {
  for (const std::string& id : requeued.queued) {
    telemetry_.log().write(LogEvent::JobLostRun, {{"job_id", id}});
  }
  for (const std::string& id : requeued.parked) {
    const Error error{ErrorCode::Internal, "the job was lost too often", ""};
    telemetry_.metrics().jobs_total.with("failed").add();
    telemetry_.slo().record_job(true);
    telemetry_.metrics().feature_errors_total.with("generate").add();
    telemetry_.count_error(error, "job");
    telemetry_.log().write(LogEvent::JobGivenUp, {{"job_id", id}});
  }
}

void JobQueue::set_queue_length(std::uint64_t queued) {
  telemetry_.metrics().queue_length.set(static_cast<double>(queued));
}

// Keeps the leases of what runs, takes back what lost its lease, forgets what is old.
void JobQueue::keep_house(const std::stop_token& stop) {
  Retention retention(options_.retention, clock_);
  const std::chrono::milliseconds pause =
      std::min<std::chrono::milliseconds>(options_.lease / 4, options_.retention);
  auto heartbeat = telemetry_.health().watch(telemetry::kQueueThread);
  while (!stop.stop_requested()) {
    std::vector<std::string> mine;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, pause, [] { return false; });
      if (stop.stop_requested()) return heartbeat.idle();
      for (const auto& [id, running] : running_) mine.push_back(id);
    }
    const WallTime now = clock_.wall_now();
    heartbeat.beat();
    telemetry::Span span = telemetry_.tracer().start("queue.housekeeping");
    const ActiveTrace active(span.context());
    Status done = store_.renew(owner_, mine, now + options_.lease);
    if (done) {
      const auto requeued =
          store_.requeue_lost(clock_.wall_now(), storage::Store::Lost::LeaseEnded, retry_policy());
      if (requeued) {
        report_requeued(*requeued);
        if (!requeued->queued.empty()) wake_workers();
      } else {
        done = requeued.error();
      }
    }
    if (const auto counts = store_.counts()) set_queue_length(counts->queued);
    if (const auto before = retention.due()) {
      if (!done || !store_.forget_ended_before(*before)) retention.failed();
    }
    if (!done) {
      span.set("error.type", base::to_string(done.error().code));
      span.record_exception(base::to_string(done.error().code), done.error().message);
      telemetry_.count_error(done.error(), "storage");
      telemetry_.log().write(LogEvent::QueueFailed, span.context(),
                             {{"error", base::describe(done.error())}});
    }
  }
}

std::vector<JobQueue::Run> JobQueue::runs() const {
  const base::SteadyTime now = clock_.steady_now();
  std::vector<Run> listed;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, running] : running_) {
    listed.push_back({id, running.context.trace_id.hex(),
                      std::chrono::duration_cast<std::chrono::milliseconds>(now - running.since),
                      running.stage, running.fraction});
  }
  return listed;
}

std::optional<JobQueue::Run> JobQueue::find_run(const std::string& job_id) const {
  for (Run& run : runs()) {
    if (run.job_id == job_id) return std::move(run);
  }
  return std::nullopt;
}

void JobQueue::shutdown(base::SteadyTime deadline) {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait_until(lock, deadline, [this] { return running_.empty(); });
    for (auto& [id, running] : running_) running.stop.request_stop();
  }
  housekeeper_ = {};
  workers_.clear();  // joins
  waiters_.release_all();
  events_.forget_all();
}

}  // namespace testgen::service
