// Jobs of several callers in one store: whose they are, which are the same question, when one is
// tried again, and what is removed.
#include <gtest/gtest.h>

#include "base/file_system.h"
#include "storage/sqlite_store.h"

namespace testgen::storage {
namespace {

using base::ErrorCode;
using base::WallTime;
using model::JobState;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kNoLimit = 1'000'000;

WallTime at(int second) {
  return WallTime(seconds(1'700'000'000 + second));
}

model::Job make_job(const std::string& id, const std::string& tenant = "",
                    const std::string& question = "", const std::string& key = "") {
  model::Job job;
  job.id = id;
  job.kind = "generate";
  job.request_json = "{\"question\":\"" + question + "\"}";
  job.tenant = tenant;
  job.content_key = question;
  job.idempotency_key = key;
  job.created = at(0);
  return job;
}

class JobSharingTest : public ::testing::Test {
 protected:
  Enqueued::Outcome enqueue(const model::Job& job) {
    const auto enqueued = store_->enqueue(job, kNoLimit);
    EXPECT_TRUE(enqueued) << enqueued.error().message;
    last_ = enqueued->job.id;
    return enqueued->outcome;
  }
  model::Job claim(int second = 1) {
    auto claimed = store_->claim("worker", at(second), at(second + 60));
    EXPECT_TRUE(claimed && claimed->has_value());
    return claimed->value_or(model::Job{});
  }

  base::TempDir folder_ = *base::TempDir::create("store");
  std::unique_ptr<SqliteStore> store_ = *SqliteStore::open({.file = folder_.path() / "jobs.db"});
  std::string last_;
};

TEST_F(JobSharingTest, TheSameQuestionInFlightIsOneJob) {
  EXPECT_EQ(enqueue(make_job("a", "t", "q")), Enqueued::Outcome::Created);
  EXPECT_EQ(enqueue(make_job("b", "t", "q", "key")), Enqueued::Outcome::Shared);
  EXPECT_EQ(last_, "a");
  const model::Job running = claim();
  EXPECT_EQ(enqueue(make_job("c", "t", "q")), Enqueued::Outcome::Shared);
  EXPECT_EQ(enqueue(make_job("d", "t", "other")), Enqueued::Outcome::Created);
  EXPECT_EQ(enqueue(make_job("e", "t", "")), Enqueued::Outcome::Created);
  EXPECT_EQ(enqueue(make_job("f", "t", "")), Enqueued::Outcome::Created) << "no key, no sharing";
  ASSERT_TRUE(store_->finish("a", running.attempts, "{}", at(2)));
  // It has ended: only the key still leads there.
  EXPECT_EQ(enqueue(make_job("g", "t", "q")), Enqueued::Outcome::Created);
  EXPECT_EQ(enqueue(make_job("h", "t", "q", "key")), Enqueued::Outcome::Existing);
  EXPECT_EQ(last_, "a");
}

TEST_F(JobSharingTest, TenantsShareNeitherQuestionsNorKeysNorLists) {
  EXPECT_EQ(enqueue(make_job("a", "one", "q", "key")), Enqueued::Outcome::Created);
  EXPECT_EQ(enqueue(make_job("b", "two", "q", "key")), Enqueued::Outcome::Created);
  EXPECT_EQ(store_->get("b")->tenant, "two");
  const auto listed = store_->list({.tenant = "one"});
  ASSERT_TRUE(listed && listed->size() == 1U);
  EXPECT_EQ(listed->front().id, "a");
  EXPECT_EQ(store_->list({.tenant = "one", .after = "b"}).error().code, ErrorCode::NotFound);
  EXPECT_TRUE(store_->list({})->empty());
}

TEST_F(JobSharingTest, AJobThatIsTriedAgainWaitsForItsTime) {
  enqueue(make_job("a"));
  enqueue(make_job("b"));
  const model::Job first = claim();
  ASSERT_TRUE(store_->retry("a", first.attempts, at(10)));
  EXPECT_EQ(claim(2).id, "b") << "others go on meanwhile";
  EXPECT_FALSE(store_->claim("worker", at(9), at(60))->has_value());
  const model::Job second = claim(10);
  EXPECT_EQ(second.id, "a");
  EXPECT_EQ(second.attempts, 2);
  EXPECT_EQ(store_->retry("a", first.attempts, at(20)).error().code, ErrorCode::Conflict);
}

TEST_F(JobSharingTest, AClockThatIsPutBackDelaysNoJob) {
  enqueue(make_job("a"));
  ASSERT_TRUE(store_->retry("a", claim(100'000).attempts, at(100'010)));
  EXPECT_EQ(claim(5).id, "a") << "a day later by the old clock";
}

TEST_F(JobSharingTest, PausesDoubleUpToALimit) {
  const RetryPolicy policy{.first_pause = milliseconds(1000)};
  EXPECT_EQ(policy.pause_after(1), milliseconds(0));
  EXPECT_EQ(policy.pause_after(2), milliseconds(1000));
  EXPECT_EQ(policy.pause_after(3), milliseconds(2000));
  EXPECT_EQ(policy.pause_after(60), kMaxRetryPause);
  enqueue(make_job("a"));
  const RetryPolicy slow{.max_attempts = 3, .first_pause = seconds(30)};
  for (int run = 0; run < 2; ++run) {
    claim(run);
    ASSERT_TRUE(store_->requeue_lost(at(run), Store::Lost::All, slow));
  }
  EXPECT_FALSE(store_->claim("worker", at(2), at(60))->has_value());
  EXPECT_EQ(claim(32).attempts, 3);
}

TEST_F(JobSharingTest, RemovesOnlyWhatHasEndedAndEverythingOfIt) {
  enqueue(make_job("a", "t", "q", "key"));
  EXPECT_EQ(store_->remove("a").error().code, ErrorCode::Conflict);
  ASSERT_TRUE(store_->finish("a", claim().attempts, "{}", at(2)));
  ASSERT_TRUE(store_->remove("a"));
  EXPECT_EQ(store_->get("a").error().code, ErrorCode::NotFound);
  EXPECT_EQ(store_->remove("a").error().code, ErrorCode::NotFound);
  EXPECT_EQ(enqueue(make_job("b", "t", "q", "key")), Enqueued::Outcome::Created);
}

TEST_F(JobSharingTest, ForgottenJobsTakeTheirKeysWithThem) {
  enqueue(make_job("a", "", "", "key"));
  ASSERT_TRUE(store_->finish("a", claim().attempts, "{}", at(2)));
  EXPECT_EQ(store_->forget_ended_before(at(3)), 1U);
  EXPECT_EQ(enqueue(make_job("b", "", "", "key")), Enqueued::Outcome::Created);
}

TEST_F(JobSharingTest, TheLastRatingOfEachTenantCounts) {
  const auto rate = [&](const char* id, const char* tenant, const char* verdict) {
    const auto earlier = store_->rate({"test", id, tenant, verdict, "why", at(1)});
    EXPECT_TRUE(earlier);
    return *earlier ? (*earlier)->verdict : "";
  };
  EXPECT_EQ(rate("a", "one", "accepted"), "");
  EXPECT_EQ(rate("a", "two", "accepted"), "");
  EXPECT_EQ(rate("a", "one", "rejected"), "accepted");
  EXPECT_EQ(rate("b", "one", "accepted"), "");
  const auto counts = store_->ratings();
  ASSERT_TRUE(counts && counts->size() == 2U);
  EXPECT_EQ((*counts)[0].verdict, "accepted");
  EXPECT_EQ((*counts)[0].count, 2U);
  EXPECT_EQ((*counts)[1].count, 1U);
}

TEST_F(JobSharingTest, AnAlertIsNewsOnceForEachStatus) {
  const Alert firing{"f1", "2026-01-01T00:00:00Z", "firing", "{}", at(1)};
  Alert resolved = firing;
  resolved.status = "resolved";
  Alert later = firing;
  later.starts_at = "2026-01-02T00:00:00Z";
  EXPECT_EQ(store_->note_alerts({firing, firing, later})->size(), 2U);
  EXPECT_EQ(store_->note_alerts({firing})->size(), 0U);
  EXPECT_EQ(store_->note_alerts({resolved})->size(), 1U);
  EXPECT_EQ(store_->note_alerts({resolved})->size(), 0U);
  ASSERT_TRUE(store_->forget_ended_before(at(2)));
  EXPECT_EQ(store_->note_alerts({resolved})->size(), 1U) << "forgotten with time";
}

}  // namespace
}  // namespace testgen::storage
