#include "telemetry/slo/slo_tracker.h"

#include <gtest/gtest.h>

#include <map>

#include "support/fake_clock.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;
using enum SloWindow;

// A history in memory that can fail.
class FakeHistory final : public SloHistory {
 public:
  base::Result<std::vector<Minute>> load(std::int64_t first) override {
    std::vector<Minute> minutes;
    for (auto at = kept.lower_bound(first); at != kept.end(); ++at) {
      minutes.push_back({at->first, at->second});
    }
    return minutes;
  }
  base::Status save(std::span<const Minute> minutes, std::int64_t forget_before) override {
    if (broken) return base::Error{base::ErrorCode::Io, "disk full", ""};
    for (const Minute& minute : minutes) kept[minute.index] = minute.figures;
    kept.erase(kept.begin(), kept.lower_bound(forget_before));
    ++saves;
    return {};
  }
  std::map<std::int64_t, std::string> kept;
  int saves = 0;
  bool broken = false;
};

class SloTrackerTest : public ::testing::Test {
 protected:
  SloTrackerTest() { start_of_minute(); }
  void start_of_minute() {
    const auto wall = clock_.wall_now().time_since_epoch();
    const auto next = std::chrono::ceil<std::chrono::minutes>(wall);
    clock_.advance(next - wall);
  }
  // What the housekeeper of the service does.
  void live(int minutes, bool answering = true) {
    for (int i = 0; i < minutes; ++i) {
      tracker_->tick(answering);
      EXPECT_TRUE(tracker_->save());
      clock_.advance(1min);
    }
  }
  void restart(std::chrono::minutes pause, bool orderly = true) {
    if (orderly) {
      EXPECT_TRUE(tracker_->detach());
    }
    clock_.advance(pause);
    tracker_ = std::make_unique<SloTracker>(clock_);
    EXPECT_TRUE(tracker_->attach(history_));
  }
  double availability(SloWindow window) { return tracker_->figures(window).availability_ratio; }
  ObjectiveStanding standing(ObjectiveId id, SloWindow window = Hour) {
    return tracker_->figures(window).objectives[static_cast<std::size_t>(id)];
  }

  testing::FakeClock clock_;
  std::shared_ptr<FakeHistory> history_ = std::make_shared<FakeHistory>();
  std::unique_ptr<SloTracker> tracker_ = std::make_unique<SloTracker>(clock_);
};

TEST_F(SloTrackerTest, NoTrafficReadsWell) {
  for (const SloWindow window : kSloWindows) {
    const SloFigures figures = tracker_->figures(window);
    EXPECT_EQ(figures.availability_ratio, 1.0);
    EXPECT_EQ(figures.error_ratio, 0.0);
    EXPECT_EQ(figures.response_time_seconds, 0.0);
    for (const ObjectiveStanding& each : figures.objectives) {
      EXPECT_TRUE(each.met);
      EXPECT_EQ(each.budget_remaining, 1.0);
    }
  }
  live(10);
  EXPECT_EQ(availability(Month), 1.0);
  EXPECT_EQ(tracker_->figures(Month).error_ratio, 0.0);
}

TEST_F(SloTrackerTest, AvailabilityCountsMinutesInWhichItAnswered) {
  live(9);
  live(1, false);
  EXPECT_DOUBLE_EQ(availability(Month), 0.9);
}

TEST_F(SloTrackerTest, MinutesWithoutASignAreDown) {
  live(5);
  clock_.advance(5min);  // nothing ran: a hang
  EXPECT_DOUBLE_EQ(availability(Hour), 0.5);
}

TEST_F(SloTrackerTest, TheMinuteThatRunsIsNotHeldAgainstIt) {
  live(3);
  EXPECT_EQ(availability(Hour), 1.0);
  tracker_->tick(false);
  EXPECT_EQ(availability(Hour), 1.0);
}

TEST_F(SloTrackerTest, AStartIsNoOutage) {
  clock_.advance(30s);
  tracker_ = std::make_unique<SloTracker>(clock_);
  clock_.advance(30s);  // the rest of its first minute goes by while it starts
  live(4);
  EXPECT_EQ(availability(Hour), 1.0);
}

TEST_F(SloTrackerTest, AnAnswerMakesAMinuteCountAndAnErrorDoesNot) {
  tracker_->record_request(10ms, 200);
  clock_.advance(1min);
  tracker_->record_request(10ms, 500);
  clock_.advance(1min);
  EXPECT_DOUBLE_EQ(availability(Hour), 0.5);
}

TEST_F(SloTrackerTest, ErrorsAreFailedAnswersAndJobs) {
  for (int i = 0; i < 6; ++i) tracker_->record_request(10ms, 200);
  tracker_->record_request(10ms, 404);
  tracker_->record_request(10ms, 500);
  tracker_->record_job(true);
  tracker_->record_job(false);
  EXPECT_DOUBLE_EQ(tracker_->figures(Hour).error_ratio, 0.2);
}

TEST_F(SloTrackerTest, ThePercentileIsInterpolatedAndExactAtObjectives) {
  for (int i = 0; i < 95; ++i) tracker_->record_request(2s, 200);
  for (int i = 0; i < 5; ++i) tracker_->record_request(20s, 200);
  EXPECT_DOUBLE_EQ(tracker_->figures(Hour).response_time_seconds, 2.0);
  EXPECT_TRUE(standing(ObjectiveId::ResponseTime).met);
  EXPECT_NEAR(standing(ObjectiveId::ResponseTime).budget_remaining, 0, 1e-9);
  for (int i = 0; i < 1000; ++i) tracker_->record_request(2min, 200);
  EXPECT_DOUBLE_EQ(tracker_->figures(Hour).response_time_seconds, 30.0);  // no more is known
  EXPECT_FALSE(standing(ObjectiveId::ResponseTime).met);
}

TEST_F(SloTrackerTest, EachWindowSlides) {
  tracker_->record_request(20s, 500);
  live(1, false);
  live(58);
  EXPECT_LT(availability(Hour), 1.0);
  live(1);
  EXPECT_EQ(availability(Hour), 1.0);
  EXPECT_EQ(tracker_->figures(Hour).error_ratio, 0.0);
  EXPECT_EQ(tracker_->figures(Day).error_ratio, 1.0);
  live(24 * 60 - 60);
  EXPECT_EQ(tracker_->figures(Day).error_ratio, 0.0);
  EXPECT_EQ(tracker_->figures(Month).error_ratio, 1.0);
  live(30 * 24 * 60 - 24 * 60 - 1);
  EXPECT_EQ(tracker_->figures(Month).error_ratio, 1.0);
  live(1);
  EXPECT_EQ(tracker_->figures(Month).error_ratio, 0.0);
  EXPECT_EQ(availability(Month), 1.0);
}

TEST_F(SloTrackerTest, BudgetsAreSpentByBadEvents) {
  for (int i = 0; i < 9'995; ++i) tracker_->record_request(1ms, 200);
  for (int i = 0; i < 5; ++i) tracker_->record_request(1ms, 500);
  EXPECT_NEAR(standing(ObjectiveId::ErrorRate).budget_remaining, 0.5, 1e-9);
  EXPECT_TRUE(standing(ObjectiveId::ErrorRate).met);
  for (int i = 0; i < 15; ++i) tracker_->record_request(1ms, 500);
  EXPECT_LT(standing(ObjectiveId::ErrorRate).budget_remaining, 0);
  EXPECT_FALSE(standing(ObjectiveId::ErrorRate).met);

  for (int i = 0; i < 9; ++i) tracker_->record_cache(true);
  tracker_->record_cache(false);
  EXPECT_DOUBLE_EQ(standing(ObjectiveId::CacheHitRate).value, 0.9);
  EXPECT_DOUBLE_EQ(standing(ObjectiveId::CacheHitRate).budget_remaining, 0.5);

  for (int i = 0; i < 9; ++i) tracker_->record_generation(30s);
  EXPECT_TRUE(standing(ObjectiveId::GenerationTime).met);
  tracker_->record_generation(31s);
  EXPECT_FALSE(standing(ObjectiveId::GenerationTime).met);
}

TEST_F(SloTrackerTest, TurningCallersAwayBelowThePromisedThroughputSpendsIt) {
  for (int i = 0; i < 100; ++i) tracker_->record_request(1ms, 200);
  tracker_->record_request(1ms, 429);  // enough were answered
  live(1);
  EXPECT_TRUE(standing(ObjectiveId::Throughput).met);
  tracker_->record_request(1ms, 200);
  tracker_->record_request(1ms, 429);
  live(1);
  EXPECT_FALSE(standing(ObjectiveId::Throughput).met);
}

TEST_F(SloTrackerTest, SurvivesARestart) {
  ASSERT_TRUE(tracker_->attach(history_));
  tracker_->record_request(3s, 500);
  live(9);
  live(1, false);
  tracker_->tick(true);
  restart(5min);
  // 15 minutes are over: 10 answered, one was not, four went by in between.
  tracker_->tick(true);
  EXPECT_DOUBLE_EQ(availability(Day), 11.0 / 16);
  EXPECT_DOUBLE_EQ(tracker_->figures(Day).error_ratio, 1.0);
  EXPECT_GT(tracker_->figures(Day).response_time_seconds, 2.0);
}

TEST_F(SloTrackerTest, TwoLivesInOneMinuteAddUp) {
  ASSERT_TRUE(tracker_->attach(history_));
  tracker_->record_request(1ms, 200);
  tracker_->record_request(1ms, 500);
  restart(0min);
  EXPECT_DOUBLE_EQ(tracker_->figures(Hour).error_ratio, 0.5);
  tracker_->record_request(1ms, 500);
  tracker_->record_request(1ms, 500);
  restart(0min);
  restart(1min);
  EXPECT_DOUBLE_EQ(tracker_->figures(Hour).error_ratio, 0.75);
  EXPECT_EQ(availability(Hour), 1.0);
}

TEST_F(SloTrackerTest, AKilledProcessLosesLessThanAMinute) {
  ASSERT_TRUE(tracker_->attach(history_));
  live(3);
  tracker_->record_request(1ms, 200);
  ASSERT_TRUE(tracker_->save());
  tracker_->record_request(1ms, 500);  // after the minute's first save
  restart(1min, /*orderly=*/false);
  EXPECT_EQ(availability(Hour), 1.0);
  EXPECT_EQ(tracker_->figures(Hour).error_ratio, 0.0);
}

TEST_F(SloTrackerTest, WritesAMinuteTwiceAtMost) {
  ASSERT_TRUE(tracker_->attach(history_));
  for (int minute = 0; minute < 10; ++minute) {
    for (int second = 0; second < 60; second += 5) {
      tracker_->tick(true);
      ASSERT_TRUE(tracker_->save());
      clock_.advance(5s);
    }
  }
  EXPECT_LE(history_->saves, 20);
}

TEST_F(SloTrackerTest, WhatCannotBeWrittenIsTriedAgain) {
  ASSERT_TRUE(tracker_->attach(history_));
  history_->broken = true;
  for (int i = 0; i < 5; ++i) {
    tracker_->tick(true);
    EXPECT_FALSE(tracker_->save());
    clock_.advance(1min);
  }
  history_->broken = false;
  live(1);
  restart(0min);
  EXPECT_EQ(history_->kept.size(), 6U);
  EXPECT_EQ(availability(Hour), 1.0);
}

TEST_F(SloTrackerTest, TheHistoryForgetsWhatLeftTheWindow) {
  ASSERT_TRUE(tracker_->attach(history_));
  live(30 * 24 * 60 + 100);
  EXPECT_LE(history_->kept.size(), 30U * 24 * 60);
}

TEST_F(SloTrackerTest, DamagedRowsAreLeftOut) {
  ASSERT_TRUE(tracker_->attach(history_));
  live(4);
  ASSERT_TRUE(tracker_->detach());
  history_->kept.begin()->second = "1 0 1 99999999999";
  (--history_->kept.end())->second = "what?";
  tracker_ = std::make_unique<SloTracker>(clock_);
  ASSERT_TRUE(tracker_->attach(history_));
  // The first is unknown, so the account begins with the second; the last is a minute without a
  // sign.
  EXPECT_DOUBLE_EQ(availability(Hour), 2.0 / 3);
}

// Jumps of the wall clock. FakeClock moves both, so a clock of our own.
class JumpyClock final : public base::Clock {
 public:
  [[nodiscard]] base::SteadyTime steady_now() const override { return base::SteadyTime(steady); }
  [[nodiscard]] base::WallTime wall_now() const override {
    return base::WallTime(std::chrono::duration_cast<base::WallTime::duration>(steady + ahead));
  }
  std::chrono::nanoseconds steady{100h};
  std::chrono::nanoseconds ahead{400'000h};
};

class SloJumps : public ::testing::Test {
 protected:
  void live(int minutes) {
    for (int i = 0; i < minutes; ++i) {
      tracker_->tick(true);
      EXPECT_TRUE(tracker_->save());
      clock_.steady += 1min;
    }
  }
  void restart() {
    EXPECT_TRUE(tracker_->detach());
    tracker_ = std::make_unique<SloTracker>(clock_);
    EXPECT_TRUE(tracker_->attach(history_));
  }
  JumpyClock clock_;
  std::shared_ptr<FakeHistory> history_ = std::make_shared<FakeHistory>();
  std::unique_ptr<SloTracker> tracker_ = std::make_unique<SloTracker>(clock_);
};

TEST_F(SloJumps, AJumpForwardIsNoOutageAlsoAfterARestart) {
  ASSERT_TRUE(tracker_->attach(history_));
  live(5);
  clock_.ahead += 20min;
  live(5);
  EXPECT_EQ(tracker_->figures(Hour).availability_ratio, 1.0);
  restart();
  EXPECT_EQ(tracker_->figures(Hour).availability_ratio, 1.0);
  clock_.ahead += 24h;
  live(1);
  tracker_->record_request(1ms, 500);
  EXPECT_EQ(tracker_->figures(Day).error_ratio, 1.0);
  EXPECT_EQ(tracker_->figures(Day).availability_ratio, 1.0);
}

TEST_F(SloJumps, AJumpBackChangesNothingWhileItRunsAndDropsTheFutureAfterwards) {
  ASSERT_TRUE(tracker_->attach(history_));
  live(5);
  tracker_->record_request(1ms, 500);
  clock_.ahead -= 3h;
  live(5);
  EXPECT_EQ(tracker_->figures(Hour).availability_ratio, 1.0);
  EXPECT_EQ(tracker_->figures(Hour).error_ratio, 1.0);
  restart();
  EXPECT_EQ(tracker_->figures(Hour).error_ratio, 0.0) << "those minutes are yet to come";
  live(3);
  EXPECT_EQ(tracker_->figures(Hour).availability_ratio, 1.0);
}

TEST_F(SloJumps, DriftIsNoJump) {
  live(5);
  clock_.ahead += 40s;
  live(5);
  clock_.ahead -= 40s;
  live(5);
  EXPECT_EQ(tracker_->figures(Hour).availability_ratio, 1.0);
}

TEST(SloMinutes, ReadBackAsWritten) {
  SloMinute minute;
  EXPECT_EQ(SloMinute::decode(minute.encode()), minute);
  minute.answered = true;
  EXPECT_EQ(minute.encode(), "1 0 1");
  minute.after_gap = true;
  minute.events = 4'000'000'000;
  minute.generations.back() = 7;
  minute.durations[3] = 5;
  EXPECT_EQ(SloMinute::decode(minute.encode()), minute);
  for (const char* bad : {"", "1", " 1 0 1", "1 0 1 ", "2 0 1", "1 0 2", "1  0", "1 -0 1", "x"}) {
    const auto read = SloMinute::decode(bad);
    EXPECT_TRUE(!read || read->encode() == bad) << bad;
  }
  EXPECT_FALSE(SloMinute::decode(std::string(400, '1')));
}

TEST(Objectives, AreBoundsOfWhatIsCounted) {
  const auto holds = [](const auto& bounds, double bound) {
    return std::find(bounds.begin(), bounds.end(), bound) != bounds.end();
  };
  EXPECT_TRUE(holds(SloMinute::kBounds, objective(ObjectiveId::ResponseTime).target));
  EXPECT_TRUE(holds(SloMinute::kGenerationBounds, objective(ObjectiveId::GenerationTime).target));
}

}  // namespace
}  // namespace testgen::telemetry
