#include "service/queue/job_queue.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file_system.h"
#include "storage/sqlite_store.h"
#include "support/raw_http.h"
#include "telemetry/tracing/trace_context.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using model::JobState;
using std::chrono::milliseconds;
using std::chrono::seconds;

model::Job make_job(const std::string& id, const std::string& traceparent = "") {
  model::Job job;
  job.id = id;
  job.kind = "generate";
  job.request_json = "{}";
  job.traceparent = traceparent;
  job.created = base::SystemClock().wall_now();
  return job;
}

class JobQueueTest : public ::testing::Test {
 protected:
  void open(JobRunner runner, QueueOptions options = {}) {
    auto opened = JobQueue::open(
        options, *store_, *telemetry_, std::move(runner),
        [this](const model::Job& job, const telemetry::SpanContext&) { succeeded_ += job.id; });
    ASSERT_TRUE(opened) << opened.error().message;
    queue_ = std::move(*opened);
  }
  // Runs until told to stop or to finish; says how often it was begun.
  JobRunner patient_runner() {
    return [this](const model::Job&, const telemetry::SpanContext&, const std::stop_token& stop,
                  const JobProgress&) -> Result<std::string> {
      ++begun_;
      (void)support::eventually([&] { return stop.stop_requested() || finish_.load(); });
      return std::string("{\"stopped\":") + (stop.stop_requested() ? "true}" : "false}");
    };
  }
  JobState state(const std::string& id) {
    const auto job = store_->get(id);
    return job ? job->state : JobState::Failed;
  }
  bool reaches(const std::string& id, JobState wanted) {
    return support::eventually([&] { return state(id) == wanted; });
  }
  base::SteadyTime in(milliseconds time) { return clock_.steady_now() + time; }
  std::uint64_t jobs_total(const char* outcome) {
    return telemetry_->metrics().jobs_total.with(outcome).value();
  }
  std::uint64_t errors(const char* type, const char* component) {
    return telemetry_->metrics().errors_total.with(type, component).value();
  }

  base::SystemClock clock_;
  std::unique_ptr<telemetry::Telemetry> telemetry_ =
      *telemetry::Telemetry::create(telemetry::TelemetryOptions::quiet(), clock_);
  base::TempDir folder_ = *base::TempDir::create("queue");
  std::unique_ptr<storage::Store> store_ =
      *storage::SqliteStore::open({.file = folder_.path() / "jobs.db"});
  std::atomic<int> begun_{0};
  std::atomic<bool> finish_{false};
  std::string succeeded_;  // written on queue threads, read after the job's end
  std::unique_ptr<JobQueue> queue_;
};

TEST_F(JobQueueTest, ForgetsEndedJobsAfterTheirTime) {
  const JobRunner runner = [](const model::Job&, const telemetry::SpanContext&,
                              const std::stop_token&,
                              const JobProgress&) -> Result<std::string> { return "{}"; };
  open(runner, {.retention = milliseconds(100)});
  ASSERT_TRUE(queue_->submit(make_job("a")));
  ASSERT_TRUE(support::eventually([&] { return jobs_total("succeeded") == 1; }));
  EXPECT_TRUE(support::eventually([&] { return !store_->get("a").has_value(); }));
}

TEST_F(JobQueueTest, RunsAJobAndTellsWhoWaits) {
  open([](const model::Job& job, const telemetry::SpanContext&, const std::stop_token&,
          const JobProgress&) -> Result<std::string> { return "{\"of\":\"" + job.id + "\"}"; });
  ASSERT_TRUE(queue_->submit(make_job("a")));
  std::atomic<bool> told{false};
  queue_->wait("a", in(seconds(10)), [&](const std::optional<model::Job>& job) {
    EXPECT_TRUE(job && job->result_json == "{\"of\":\"a\"}");
    told = true;
  });
  ASSERT_TRUE(support::eventually([&] { return told.load(); }));
  EXPECT_EQ(state("a"), JobState::Succeeded);
  EXPECT_EQ(succeeded_, "a");
  EXPECT_EQ(jobs_total("succeeded"), 1U);
  EXPECT_EQ(telemetry_->metrics().queue_length.value(), 0);

  // Waiting for one that has ended already does not wait.
  told = false;
  queue_->wait("a", in(seconds(10)), [&](const auto& job) { told = job.has_value(); });
  EXPECT_TRUE(told);
}

TEST_F(JobQueueTest, ContinuesTheTraceOfTheRequest) {
  const std::string traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  std::string seen;
  open([&](const model::Job&, const telemetry::SpanContext& parent, const std::stop_token&,
           const JobProgress&) -> Result<std::string> {
    seen = parent.trace_id.hex();
    return std::string("{}");
  });
  ASSERT_TRUE(queue_->submit(make_job("a", traceparent)));
  ASSERT_TRUE(reaches("a", JobState::Succeeded));
  queue_->shutdown(in(seconds(5)));
  EXPECT_EQ(seen, "0af7651916cd43dd8448eb211c80319c");
  const auto spans =
      telemetry_->tracer().ring().trace(telemetry::parse_trace_context(traceparent).trace_id);
  std::string names;
  for (const auto& span : spans) {
    names += std::string(span->name()) + " ";
    EXPECT_EQ(span->parent.hex(), "b7ad6b7169203331");
  }
  EXPECT_EQ(names, "queue.wait job.run ");
}

TEST_F(JobQueueTest, CountsFailuresByWhoseFaultTheyAre) {
  std::atomic<ErrorCode> code{ErrorCode::InvalidInput};
  open([&](const model::Job&, const telemetry::SpanContext&, const std::stop_token&,
           const JobProgress&) -> Result<std::string> {
    return Error{code, "broken", "mend it"};
  });
  ASSERT_TRUE(queue_->submit(make_job("a")));
  ASSERT_TRUE(reaches("a", JobState::Failed));
  const auto document = nlohmann::json::parse(store_->get("a")->error_json);
  EXPECT_EQ(document["status"], 422);
  EXPECT_EQ(document["detail"], "broken");
  EXPECT_EQ(errors("invalid_input", "job"), 0U);

  code = ErrorCode::Environment;
  ASSERT_TRUE(queue_->submit(make_job("b")));
  ASSERT_TRUE(support::eventually([&] { return jobs_total("failed") == 2; }));
  EXPECT_EQ(errors("environment", "job"), 1U);
}

TEST_F(JobQueueTest, AnExceptionFailsTheJobAndNotTheQueue) {
  open([](const model::Job& job, const telemetry::SpanContext&, const std::stop_token&,
          const JobProgress&) -> Result<std::string> {
    if (job.id == "bad") throw std::runtime_error("bug");
    return std::string("{}");
  });
  ASSERT_TRUE(queue_->submit(make_job("bad")));
  ASSERT_TRUE(queue_->submit(make_job("good")));
  EXPECT_TRUE(reaches("good", JobState::Succeeded));
  EXPECT_EQ(state("bad"), JobState::Failed);
  EXPECT_EQ(nlohmann::json::parse(store_->get("bad")->error_json)["status"], 500);
}

TEST_F(JobQueueTest, CancelStopsARunningJobAndKeepsItCancelled) {
  open(patient_runner());
  ASSERT_TRUE(queue_->submit(make_job("a")));
  ASSERT_TRUE(support::eventually([&] { return begun_ == 1; }));
  EXPECT_EQ(queue_->runs().size(), 1U);
  std::atomic<bool> told{false};
  queue_->wait("a", in(seconds(10)),
               [&](const auto& job) { told = job && job->state == JobState::Cancelled; });
  ASSERT_TRUE(queue_->cancel("a"));
  EXPECT_TRUE(told);
  ASSERT_TRUE(support::eventually([&] { return queue_->runs().empty(); }));
  queue_->shutdown(in(seconds(5)));
  EXPECT_EQ(state("a"), JobState::Cancelled);
  EXPECT_EQ(succeeded_, "");
  EXPECT_EQ(jobs_total("cancelled"), 1U);
  EXPECT_EQ(jobs_total("succeeded"), 0U);
}

TEST_F(JobQueueTest, RefusesMoreThanItMayHold) {
  open(patient_runner(), {.workers = 1, .max_queued = 1});
  ASSERT_TRUE(queue_->submit(make_job("a")));
  ASSERT_TRUE(support::eventually([&] { return begun_ == 1; }));
  EXPECT_EQ(queue_->submit(make_job("b"))->outcome, storage::Enqueued::Outcome::Created);
  EXPECT_EQ(queue_->submit(make_job("c"))->outcome, storage::Enqueued::Outcome::Full);
  EXPECT_EQ(telemetry_->metrics().queue_length.value(), 1);
  finish_ = true;
  EXPECT_TRUE(reaches("b", JobState::Succeeded));
}

TEST_F(JobQueueTest, ShutdownLetsARunFinishInTime) {
  open(patient_runner());
  ASSERT_TRUE(queue_->submit(make_job("a")));
  ASSERT_TRUE(support::eventually([&] { return begun_ == 1; }));
  std::jthread finisher([&] { finish_ = true; });
  queue_->shutdown(in(seconds(30)));
  EXPECT_EQ(state("a"), JobState::Succeeded);
  EXPECT_EQ(store_->get("a")->result_json, "{\"stopped\":false}");
}

TEST_F(JobQueueTest, ShutdownPutsBackWhatIsNotDoneInTimeAndTheNextQueueRunsIt) {
  open(patient_runner());
  ASSERT_TRUE(queue_->submit(make_job("a")));
  ASSERT_TRUE(support::eventually([&] { return begun_ == 1; }));
  std::atomic<bool> released{false};
  queue_->wait("a", in(seconds(60)), [&](const auto& job) { released = !job.has_value(); });
  queue_->shutdown(in(milliseconds(10)));
  EXPECT_TRUE(released);
  EXPECT_EQ(state("a"), JobState::Queued);
  EXPECT_EQ(store_->get("a")->attempts, 0);
  finish_ = true;
  open(patient_runner());
  EXPECT_TRUE(reaches("a", JobState::Succeeded));
}

TEST_F(JobQueueTest, TakesBackWhatACrashLeftRunningAndGivesUpTheThirdTime) {
  ASSERT_TRUE(store_->enqueue(make_job("poison"), 100));
  const auto crash_while_running = [&] {
    ASSERT_TRUE(store_->claim("dead", base::WallTime{}, base::WallTime::max()));
    ASSERT_TRUE(store_->requeue_lost(clock_.wall_now(), storage::Store::Lost::All, {100, {}, ""}));
  };
  crash_while_running();
  crash_while_running();
  ASSERT_TRUE(store_->claim("dead", base::WallTime{}, base::WallTime::max()));  // the third run
  ASSERT_TRUE(store_->enqueue(make_job("a"), 100));
  ASSERT_TRUE(store_->claim("dead", base::WallTime{}, base::WallTime::max()));  // its first
  finish_ = true;
  open(patient_runner());
  EXPECT_TRUE(reaches("a", JobState::Succeeded));
  EXPECT_EQ(state("poison"), JobState::Failed);
  EXPECT_EQ(nlohmann::json::parse(store_->get("poison")->error_json)["status"], 500);
  EXPECT_EQ(jobs_total("failed"), 1U);
}

TEST_F(JobQueueTest, TriesAgainWhatMayPassAndThenGivesUp) {
  std::atomic<int> runs{0};
  std::atomic<int> good_run{2};
  open(
      [&](const model::Job&, const telemetry::SpanContext&, const std::stop_token&,
          const JobProgress&) -> Result<std::string> {
        if (++runs == good_run) return std::string("{}");
        return Error{ErrorCode::Unavailable, "the disk sleeps", ""};
      },
      {.max_attempts = 3, .first_pause = milliseconds(10)});
  ASSERT_TRUE(queue_->submit(make_job("a")));
  ASSERT_TRUE(reaches("a", JobState::Succeeded));
  EXPECT_EQ(store_->get("a")->attempts, 2);
  EXPECT_EQ(errors("unavailable", "job"), 1U);

  good_run = 0;
  runs = 0;
  ASSERT_TRUE(queue_->submit(make_job("poison")));
  ASSERT_TRUE(reaches("poison", JobState::Failed));
  EXPECT_EQ(runs, 3);
  const auto document = nlohmann::json::parse(store_->get("poison")->error_json);
  EXPECT_EQ(document["detail"], "the disk sleeps; given up after 3 attempts");
  EXPECT_TRUE(support::eventually([&] { return jobs_total("failed") == 1; }));
  EXPECT_EQ(telemetry_->metrics().queue_length.value(), 0);
}

TEST_F(JobQueueTest, TellsWhoWatchesWhatBecomesOfAJob) {
  open([&](const model::Job&, const telemetry::SpanContext&, const std::stop_token&,
           const JobProgress& progress) -> Result<std::string> {
    (void)support::eventually([&] { return finish_.load(); });
    progress("calc.py", "propose", 0.25);
    progress("calc.py", "propose", 0.251);  // no news
    progress("calc.py", "verify", 0.9);
    return std::string("{}");
  });
  ASSERT_TRUE(queue_->submit(make_job("a")));
  std::mutex mutex;
  std::string seen;
  std::atomic<bool> ended{false};
  queue_->events().watch("a", [&](const JobEvent& event) {
    const std::lock_guard lock(mutex);
    const auto data = nlohmann::json::parse(event.data);
    seen += std::string(event.name) + ":" + data.value("state", data.value("stage", "")) + " ";
    ended = event.name == "end";
    return true;
  });
  finish_ = true;
  ASSERT_TRUE(support::eventually([&] { return ended.load(); }));
  const std::lock_guard lock(mutex);
  // The run may have begun before anybody watched.
  EXPECT_TRUE(seen.ends_with("progress:propose progress:verify end:succeeded ")) << seen;
  EXPECT_FALSE(queue_->events().anyone("a"));
}

TEST_F(JobQueueTest, AWatcherThatIsGoneIsForgotten) {
  JobEvents events;
  int told = 0;
  events.watch("a", [&](const JobEvent&) { return ++told < 2; });
  const auto other = events.watch("a", [&](const JobEvent&) { return true; });
  events.tell("a", {"state", "{}"});
  events.stop_watching(other);
  events.tell("b", {"state", "{}"});
  EXPECT_TRUE(events.anyone("a"));
  events.tell("a", {"state", "{}"});
  EXPECT_FALSE(events.anyone("a"));
  EXPECT_EQ(told, 2);
}

}  // namespace
}  // namespace testgen::service
