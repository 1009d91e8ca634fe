#include "service/queue/job_waiters.h"

#include <gtest/gtest.h>

#include "support/raw_http.h"

namespace testgen::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

class JobWaitersTest : public ::testing::Test {
 protected:
  JobWaiters::Callback note(const std::string& name) {
    return [this, name](const std::optional<model::Job>& job) {
      const std::lock_guard lock(mutex_);
      calls_ += name + (job ? "=" + job->id : "") + " ";
    };
  }
  std::string calls() {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  base::SteadyTime in(std::chrono::milliseconds time) { return clock_.steady_now() + time; }
  static model::Job job(const std::string& id) {
    model::Job named;
    named.id = id;
    return named;
  }

  base::SystemClock clock_;
  std::mutex mutex_;
  std::string calls_;
  std::optional<JobWaiters> waiters_{std::in_place, clock_};
};

TEST_F(JobWaitersTest, CallsThoseOfTheEndedJobOnce) {
  waiters_->wait("a", in(minutes(1)), note("1"));
  waiters_->wait("a", in(minutes(1)), note("2"));
  waiters_->wait("b", in(minutes(1)), note("3"));
  waiters_->job_ended(job("a"));
  waiters_->job_ended(job("a"));
  EXPECT_EQ(calls(), "1=a 2=a ");
  waiters_.reset();
  EXPECT_EQ(calls(), "1=a 2=a 3 ");
}

TEST_F(JobWaitersTest, CallsWithNothingAtEachDeadlineWhateverTheOrder) {
  waiters_->wait("a", in(minutes(1)), note("late"));
  waiters_->wait("b", in(milliseconds(60)), note("second"));
  waiters_->wait("c", in(milliseconds(20)), note("first"));
  ASSERT_TRUE(support::eventually([&] { return calls() == "first second "; })) << calls();
  waiters_->job_ended(job("b"));
  EXPECT_EQ(calls(), "first second ");
}

TEST_F(JobWaitersTest, ReleasesAllAtTheEnd) {
  waiters_->wait("a", in(minutes(1)), note("1"));
  waiters_->release_all();
  EXPECT_EQ(calls(), "1 ");
}

}  // namespace
}  // namespace testgen::service
