#include "storage/sqlite_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "base/file_system.h"
#include "base/random.h"

namespace testgen::storage {
namespace {

using base::ErrorCode;
using base::WallTime;
using model::JobState;
using std::chrono::seconds;

constexpr std::uint64_t kNoLimit = 1'000'000;

WallTime at(int second) {
  return WallTime(seconds(1'700'000'000 + second));
}

model::Job make_job(const std::string& id, const std::string& key = "") {
  model::Job job;
  job.id = id;
  job.kind = "generate";
  job.request_json = R"({"language":"python"})";
  job.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  job.idempotency_key = key;
  job.created = at(0);
  return job;
}

class SqliteStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { reopen(); }
  void reopen() {
    store_.reset();
    auto opened = SqliteStore::open({.file = folder_.path() / "jobs.db"});
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  model::Job claim() {
    auto claimed = store_->claim("worker", at(1), at(61));
    EXPECT_TRUE(claimed && claimed->has_value());
    return claimed->value_or(model::Job{});
  }

  base::TempDir folder_ = *base::TempDir::create("store");
  std::unique_ptr<SqliteStore> store_;
};

TEST_F(SqliteStoreTest, CarriesAJobFromTheQueueToItsResult) {
  ASSERT_EQ(store_->enqueue(make_job("a"), kNoLimit)->outcome, Enqueued::Outcome::Created);
  EXPECT_EQ(store_->get("a")->state, JobState::Queued);

  const model::Job running = claim();
  EXPECT_EQ(running.id, "a");
  EXPECT_EQ(running.attempts, 1);
  EXPECT_EQ(running.state, JobState::Running);
  EXPECT_EQ(running.request_json, make_job("a").request_json);
  EXPECT_EQ(running.traceparent, make_job("a").traceparent);

  ASSERT_TRUE(store_->finish("a", running.attempts, R"({"tests":3})", at(2)));
  const auto job = store_->get("a");
  ASSERT_TRUE(job);
  EXPECT_EQ(job->state, JobState::Succeeded);
  EXPECT_EQ(job->result_json, R"({"tests":3})");
  EXPECT_EQ(job->created, at(0));
  EXPECT_EQ(job->started, at(1));
  EXPECT_EQ(job->finished, at(2));
}

TEST_F(SqliteStoreTest, ClaimsInTheOrderOfArrivalAndThenNothing) {
  for (const char* id : {"c", "a", "b"}) ASSERT_TRUE(store_->enqueue(make_job(id), kNoLimit));
  EXPECT_EQ(claim().id, "c");
  EXPECT_EQ(claim().id, "a");
  EXPECT_EQ(claim().id, "b");
  const auto none = store_->claim("worker", at(1), at(61));
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
}

TEST_F(SqliteStoreTest, RecordsAResultOnlyForTheAttemptThatRuns) {
  ASSERT_TRUE(store_->enqueue(make_job("a"), kNoLimit));
  const model::Job first = claim();
  ASSERT_TRUE(store_->requeue_lost(at(1), Store::Lost::All, {3, seconds(0), "{}"}));
  const model::Job second = claim();
  EXPECT_EQ(second.attempts, 2);
  EXPECT_EQ(store_->finish("a", first.attempts, "late", at(3)).error().code, ErrorCode::Conflict);
  EXPECT_EQ(store_->fail("a", first.attempts, "late", at(3)).error().code, ErrorCode::Conflict);
  ASSERT_TRUE(store_->finish("a", second.attempts, "right", at(4)));
  EXPECT_EQ(store_->finish("a", second.attempts, "twice", at(5)).error().code, ErrorCode::Conflict);
  EXPECT_EQ(store_->get("a")->result_json, "right");
}

TEST_F(SqliteStoreTest, KeepsTheErrorOfAFailedJob) {
  ASSERT_TRUE(store_->enqueue(make_job("a"), kNoLimit));
  ASSERT_TRUE(store_->fail("a", claim().attempts, R"({"status":422})", at(2)));
  EXPECT_EQ(store_->get("a")->state, JobState::Failed);
  EXPECT_EQ(store_->get("a")->error_json, R"({"status":422})");
}

TEST_F(SqliteStoreTest, CancelsWaitingAndRunningJobsButNotEndedOnes) {
  ASSERT_TRUE(store_->enqueue(make_job("a"), kNoLimit));
  EXPECT_EQ(store_->cancel("a", at(1))->state, JobState::Cancelled);
  EXPECT_EQ(store_->cancel("a", at(2)).error().code, ErrorCode::Conflict);
  EXPECT_FALSE(store_->claim("worker", at(1), at(61))->has_value());

  ASSERT_TRUE(store_->enqueue(make_job("b"), kNoLimit));
  const model::Job running = claim();
  ASSERT_TRUE(store_->cancel("b", at(1)));
  EXPECT_EQ(store_->finish("b", running.attempts, "{}", at(2)).error().code, ErrorCode::Conflict);
  EXPECT_EQ(store_->cancel("none", at(1)).error().code, ErrorCode::NotFound);
}

TEST_F(SqliteStoreTest, GivesTheEarlierJobForAKnownIdempotencyKey) {
  ASSERT_TRUE(store_->enqueue(make_job("a", "key-1"), kNoLimit));
  const auto again = store_->enqueue(make_job("b", "key-1"), kNoLimit);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->outcome, Enqueued::Outcome::Existing);
  EXPECT_EQ(again->job.id, "a");
  EXPECT_EQ(store_->get("b").error().code, ErrorCode::NotFound);

  model::Job other = make_job("c", "key-1");
  other.request_json = R"({"language":"java"})";
  EXPECT_EQ(store_->enqueue(other, kNoLimit).error().code, ErrorCode::Conflict);
  ASSERT_TRUE(store_->enqueue(make_job("d"), kNoLimit));  // no key at all is no key in common
  ASSERT_TRUE(store_->enqueue(make_job("e"), kNoLimit));
}

TEST_F(SqliteStoreTest, RefusesMoreThanTheBoundOfWaitingJobs) {
  ASSERT_EQ(store_->enqueue(make_job("a", "key-1"), 1)->outcome, Enqueued::Outcome::Created);
  EXPECT_EQ(store_->enqueue(make_job("b"), 1)->outcome, Enqueued::Outcome::Full);
  EXPECT_EQ(store_->enqueue(make_job("c", "key-1"), 1)->outcome, Enqueued::Outcome::Existing);
  claim();  // running jobs no longer wait
  EXPECT_EQ(store_->enqueue(make_job("b"), 1)->outcome, Enqueued::Outcome::Created);
}

TEST_F(SqliteStoreTest, RequeuesAfterAReopenAndParksAfterTooManyAttempts) {
  ASSERT_TRUE(store_->enqueue(make_job("a"), kNoLimit));
  for (int attempt = 1; attempt <= 3; ++attempt) {
    EXPECT_EQ(claim().attempts, attempt);
    reopen();
    const auto requeued =
        store_->requeue_lost(at(1), Store::Lost::All, {3, seconds(0), R"({"detail":"lost"})"});
    ASSERT_TRUE(requeued);
    EXPECT_EQ(requeued->queued.size(), attempt < 3 ? 1U : 0U);
    EXPECT_EQ(requeued->parked.size(), attempt < 3 ? 0U : 1U);
  }
  EXPECT_EQ(store_->get("a")->state, JobState::Failed);
  EXPECT_EQ(store_->get("a")->error_json, R"({"detail":"lost"})");
}

TEST_F(SqliteStoreTest, LeavesLeasedJobsAloneUntilTheLeaseEnds) {
  ASSERT_TRUE(store_->enqueue(make_job("a"), kNoLimit));
  claim();  // leased until 61
  EXPECT_TRUE(
      store_->requeue_lost(at(60), Store::Lost::LeaseEnded, {3, seconds(0), "{}"})->queued.empty());
  ASSERT_TRUE(store_->renew("worker", {"a"}, at(120)));
  EXPECT_TRUE(store_->requeue_lost(at(100), Store::Lost::LeaseEnded, {3, seconds(0), "{}"})
                  ->queued.empty());
  ASSERT_TRUE(store_->renew("somebody else", {"a"}, at(500)));
  EXPECT_EQ(store_->requeue_lost(at(121), Store::Lost::LeaseEnded, {3, seconds(0), "{}"})->queued,
            std::vector<std::string>{"a"});
}

TEST_F(SqliteStoreTest, ReleasesWithoutCountingTheAttempt) {
  ASSERT_TRUE(store_->enqueue(make_job("a"), kNoLimit));
  for (int round = 0; round < 5; ++round) {
    const model::Job running = claim();
    EXPECT_EQ(running.attempts, 1);
    ASSERT_TRUE(store_->release("a", running.attempts));
  }
  EXPECT_EQ(store_->get("a")->state, JobState::Queued);
}

TEST_F(SqliteStoreTest, ListsNewestFirstInPagesAndByState) {
  for (const char* id : {"a", "b", "c", "d"}) ASSERT_TRUE(store_->enqueue(make_job(id), kNoLimit));
  ASSERT_TRUE(store_->finish("a", claim().attempts, R"({"big":1})", at(2)));
  const auto ids = [&](const JobFilter& filter) {
    const auto jobs = store_->list(filter);
    std::string text;
    for (const model::Job& job : *jobs) text += job.id;
    return text;
  };
  EXPECT_EQ(ids({}), "dcba");
  EXPECT_EQ(ids({.limit = 2}), "dc");
  EXPECT_EQ(ids({.limit = 2, .after = "c"}), "ba");
  EXPECT_EQ(ids({.state = JobState::Succeeded}), "a");
  EXPECT_EQ(ids({.state = JobState::Cancelled}), "");
  EXPECT_EQ(store_->list({.after = "zzz"}).error().code, ErrorCode::NotFound);
  const auto all = store_->list({});
  EXPECT_TRUE(all->back().result_json.empty());

  const auto counts = store_->counts();
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->queued, 3U);
  EXPECT_EQ(counts->succeeded, 1U);
  EXPECT_EQ(counts->running, 0U);
}

TEST_F(SqliteStoreTest, ForgetsWhatEndedLongAgoAndNothingElse) {
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(store_->enqueue(make_job(id), kNoLimit));
  ASSERT_TRUE(store_->finish("a", claim().attempts, "{}", at(10)));
  ASSERT_TRUE(store_->finish("b", claim().attempts, "{}", at(20)));
  EXPECT_EQ(store_->forget_ended_before(at(15)), 1U);
  EXPECT_FALSE(store_->get("a"));
  EXPECT_TRUE(store_->get("b"));
  EXPECT_TRUE(store_->get("c"));
}

TEST_F(SqliteStoreTest, GivesEachJobToOneWorkerOnlyUnderContention) {
  constexpr int kJobs = 40;
  std::atomic<int> next{0};
  std::mutex mutex;
  std::multiset<std::string> claimed;
  {
    std::vector<std::jthread> threads;
    for (int producer = 0; producer < 4; ++producer) {
      threads.emplace_back([&] {
        for (int i = next++; i < kJobs; i = next++) {
          EXPECT_TRUE(store_->enqueue(make_job("job" + std::to_string(i)), kNoLimit));
        }
      });
      threads.emplace_back([&] {
        const auto deadline = std::chrono::steady_clock::now() + seconds(20);
        while (std::chrono::steady_clock::now() < deadline) {
          const auto job = store_->claim("worker", at(1), at(61));
          ASSERT_TRUE(job);
          const std::lock_guard lock(mutex);
          if (*job) claimed.insert((*job)->id);
          if (claimed.size() >= kJobs) return;
        }
      });
    }
  }
  EXPECT_EQ(claimed.size(), static_cast<std::size_t>(kJobs));
  EXPECT_EQ(std::set<std::string>(claimed.begin(), claimed.end()).size(),
            static_cast<std::size_t>(kJobs));
}

}  // namespace
}  // namespace testgen::storage
