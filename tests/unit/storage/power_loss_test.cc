// The power goes at every single change of the disk, one run for each: whatever the store had
// acknowledged is there afterwards, and no job ever gets a second result.
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "base/random.h"
#include "storage/sqlite_store.h"
#include "unit/storage/forgetful_disk.h"

namespace testgen::storage {
namespace {

using base::WallTime;
using model::JobState;
using std::chrono::seconds;

constexpr std::uint64_t kNoLimit = 1'000'000;
constexpr const char* kFile = "/jobs.db";
const RetryPolicy kPolicy{.max_attempts = 100, .first_pause = seconds(0), .parked_error_json = ""};

WallTime at(int second) {
  return WallTime(seconds(1'700'000'000 + second));
}

model::Job make_job(const std::string& id) {
  model::Job job;
  job.id = id;
  job.kind = "generate";
  // Over several pages, and different for each job.
  job.request_json = "{\"of\":\"" + id + std::string(9000, id.back()) + "\"}";
  job.idempotency_key = "key of " + id;
  job.content_key = "question of " + id;
  job.created = at(0);
  return job;
}

// What the store has acknowledged. A call that failed may have happened or not.
struct Promises {
  std::map<std::string, JobState> states;
  std::string unsure;  // the job of the call that failed
};

// Steps until one fails or all are done.
class Script {
 public:
  explicit Script(Promises& promises) : promises_(promises) {}

  void run(SqliteStore& store) {
    for (const char* id : {"a", "b", "c", "d", "e"}) enqueue(store, id);
    finish(store, "a");
    claim_and(
        store, "b",
        [&](const model::Job& job) { return store.fail(job.id, job.attempts, "{}", at(2)); },
        JobState::Failed);
    claim_and(
        store, "c", [&](const model::Job& job) { return store.retry(job.id, job.attempts, at(2)); },
        JobState::Queued);
    step("d", JobState::Cancelled, [&] { return store.cancel("d", at(3)).has_value(); });
    finish(store, "c");
    claim_and(
        store, "e", [&](const model::Job& job) { return store.release(job.id, job.attempts); },
        JobState::Queued);
    step("", JobState::Queued, [&] {
      return store.rate({"test", "a", "", "accepted", "", at(4)}).has_value();
    });
  }

 private:
  void step(const std::string& id, JobState becomes, const std::function<bool()>& call) {
    if (stopped_) return;
    if (call()) {
      if (!id.empty()) promises_.states[id] = becomes;
    } else {
      stopped_ = true;
      promises_.unsure = id;
    }
  }
  void enqueue(SqliteStore& store, const std::string& id) {
    step(id, JobState::Queued, [&] { return store.enqueue(make_job(id), kNoLimit).has_value(); });
  }
  template <class End>
  void claim_and(SqliteStore& store, const std::string& id, End end, JobState becomes) {
    model::Job job;
    step(id, JobState::Running, [&] {
      const auto claimed = store.claim("worker", at(5), at(65));
      if (!claimed) return false;
      EXPECT_TRUE(claimed->has_value() && (*claimed)->id == id);
      job = **claimed;
      return true;
    });
    step(id, becomes, [&] { return end(job).has_value(); });
  }
  void finish(SqliteStore& store, const std::string& id) {
    claim_and(
        store, id,
        [&](const model::Job& job) {
          return store.finish(job.id, job.attempts, "{\"result of\":\"" + job.id + "\"}", at(6));
        },
        JobState::Succeeded);
  }

  Promises& promises_;
  bool stopped_ = false;
};

void expect_kept(SqliteStore& store, const Promises& promises, std::uint64_t cut) {
  for (const auto& [id, state] : promises.states) {
    const auto job = store.get(id);
    ASSERT_TRUE(job) << "job " << id << " is lost, cut at " << cut;
    EXPECT_EQ(job->request_json, make_job(id).request_json) << id << ", cut at " << cut;
    if (id != promises.unsure) {
      EXPECT_EQ(job->state, state) << id << ", cut at " << cut;
    }
    if (job->state == JobState::Succeeded) {
      EXPECT_EQ(job->result_json, "{\"result of\":\"" + id + "\"}") << "cut at " << cut;
    }
    const auto again = store.enqueue(make_job(id), kNoLimit);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->outcome, Enqueued::Outcome::Existing) << id << ", cut at " << cut;
  }
}

// Everything that is left is run; nothing that has a result takes another.
void expect_each_ends_once(SqliteStore& store, const Promises& promises, std::uint64_t cut) {
  ASSERT_TRUE(store.requeue_lost(at(100), Store::Lost::All, kPolicy));
  while (true) {
    const auto claimed = store.claim("later", at(200), at(260));
    ASSERT_TRUE(claimed) << claimed.error().message;
    if (!*claimed) break;
    const model::Job& job = **claimed;
    EXPECT_TRUE(store.finish(job.id, job.attempts, "{\"result of\":\"" + job.id + "\"}", at(201)));
    EXPECT_FALSE(store.finish(job.id, job.attempts, "{}", at(202))) << "twice, cut at " << cut;
  }
  for (const auto& [id, state] : promises.states) {
    const auto job = store.get(id);
    ASSERT_TRUE(job && model::is_final(job->state)) << id << ", cut at " << cut;
    EXPECT_FALSE(store.finish(id, job->attempts, "{}", at(203))) << id << ", cut at " << cut;
  }
}

TEST(PowerLossTest, LosesNothingAcknowledgedWhereverThePowerGoes) {
  std::uint64_t total = 0;
  {
    ForgetfulDisk disk("forgetful-whole");
    Promises promises;
    auto store = SqliteStore::open({.file = kFile, .vfs = disk.name()});
    ASSERT_TRUE(store) << store.error().message;
    Script(promises).run(**store);
    ASSERT_EQ(promises.states.size(), 5U);
    store->reset();  // with its last checkpoint
    total = disk.changes();
  }
  ASSERT_GT(total, 100U);
  for (std::uint64_t cut = 1; cut <= total; ++cut) {
    ForgetfulDisk disk("forgetful");
    base::Random random(cut);
    Promises promises;
    disk.cut_power_at(cut);
    if (auto store = SqliteStore::open({.file = kFile, .vfs = disk.name()})) {
      Script(promises).run(**store);
    }
    ASSERT_TRUE(disk.power_is_off()) << cut;
    disk.restore_power(random);
    auto store = SqliteStore::open({.file = kFile, .vfs = disk.name()});
    ASSERT_TRUE(store) << store.error().message << ", cut at " << cut;
    auto reader = Database::open(kFile, Database::Mode::ReadOnly, disk.name());
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->query_text("PRAGMA quick_check(1)"), "ok") << "cut at " << cut;
    expect_kept(**store, promises, cut);
    expect_each_ends_once(**store, promises, cut);
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

// The disk itself forgets, or the test above would prove nothing.
TEST(PowerLossTest, TheDiskForgetsWhatWasNotSynced) {
  int lost = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    ForgetfulDisk disk("forgetful-unsynced");
    {
      auto database = Database::open(kFile, Database::Mode::ReadWrite, disk.name());
      ASSERT_TRUE(database);
      ASSERT_TRUE(database->execute("PRAGMA synchronous=OFF; CREATE TABLE t (x)"));
    }
    base::Random random(seed);
    disk.restore_power(random);
    auto database = Database::open(kFile, Database::Mode::ReadWrite, disk.name());
    if (!database || !database->query_number("SELECT count(*) FROM t")) ++lost;
  }
  EXPECT_GT(lost, 0);
}

}  // namespace
}  // namespace testgen::storage
