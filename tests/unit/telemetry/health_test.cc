#include "telemetry/health/health.h"

#include <atomic>
#include <stdexcept>

#include "fixture.h"
#include "telemetry/health/health_journal.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;

class HealthTest : public MetricsFixture {
 protected:
  // What a check answers; shared, because a check may outlive the test's frame.
  std::shared_ptr<std::atomic<bool>> answer(bool healthy) {
    return std::make_shared<std::atomic<bool>>(healthy);
  }
  void add(const char* name, CheckImpact impact, std::shared_ptr<std::atomic<bool>> healthy) {
    health_.add_check({.name = name, .impact = impact, .interval = 1ms},
                      [healthy](base::SteadyTime) {
                        return healthy->load() ? CheckResult{} : CheckResult{false, "down"};
                      });
  }
  bool eventually_ready(bool ready) {
    return eventually([&] { return health_.readiness().ready == ready; });
  }
  Health health_{metrics_, clock_};
};

TEST_F(HealthTest, WithoutChecksItIsReady) {
  const Readiness readiness = health_.readiness();
  EXPECT_TRUE(readiness.ready);
  EXPECT_FALSE(readiness.degraded);
}

TEST_F(HealthTest, ALostDatabaseIsNotReadyAndComesBack) {
  const auto database = answer(true);
  add("database", CheckImpact::NotReady, database);
  ASSERT_TRUE(eventually_ready(true));
  database->store(false);
  ASSERT_TRUE(eventually_ready(false));
  EXPECT_EQ(health_.readiness().checks[0].message, "down");
  EXPECT_FALSE(health_.readiness().degraded);
  database->store(true);
  EXPECT_TRUE(eventually_ready(true));
}

TEST_F(HealthTest, ALostModelOnlyDegrades) {
  add("llm_api", CheckImpact::Degrades, answer(false));
  ASSERT_TRUE(eventually([&] { return health_.readiness().checks[0].message == "down"; }));
  const Readiness readiness = health_.readiness();
  EXPECT_TRUE(readiness.ready);
  EXPECT_TRUE(readiness.degraded);
  EXPECT_FALSE(readiness.checks[0].healthy);
}

TEST_F(HealthTest, WhatIsNotConfiguredCountsAsTrue) {
  health_.add_unconfigured(kRedisCheck);
  const Readiness readiness = health_.readiness();
  ASSERT_EQ(readiness.checks.size(), 1U);
  EXPECT_TRUE(readiness.ready);
  EXPECT_FALSE(readiness.degraded);
  EXPECT_TRUE(readiness.checks[0].healthy);
  EXPECT_FALSE(readiness.checks[0].configured);
}

TEST_F(HealthTest, ACheckThatHangsReadsAsFailedAndHoldsNobodyUp) {
  const auto release = answer(false);
  const auto entered = answer(false);
  health_.add_check({.name = "disk_space", .deadline = 2s}, [=](base::SteadyTime) {
    entered->store(true);
    while (!release->load()) std::this_thread::sleep_for(1ms);
    return CheckResult{};
  });
  add("database", CheckImpact::NotReady, answer(true));
  ASSERT_TRUE(eventually([&] { return entered->load() && health_.readiness().checks[1].healthy; }));
  clock_.advance(3s);
  const Readiness readiness = health_.readiness();
  EXPECT_FALSE(readiness.ready);
  EXPECT_EQ(readiness.checks[0].message, "no answer within 2000 ms");
  const auto start = std::chrono::steady_clock::now();
  health_.shutdown(in(20ms));  // leaves it behind
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  release->store(true);
}

TEST_F(HealthTest, ACheckThatThrowsHasFailed) {
  health_.add_check({.name = "database"},
                    [](base::SteadyTime) -> CheckResult { throw std::runtime_error("boom"); });
  EXPECT_TRUE(eventually(
      [&] { return health_.readiness().checks[0].message == "the check failed: boom"; }));
}

TEST_F(HealthTest, BeforeItsFirstResultACheckPromisesNothing) {
  const auto release = answer(false);
  health_.add_check({.name = "database"}, [=](base::SteadyTime) {
    while (!release->load()) std::this_thread::sleep_for(1ms);
    return CheckResult{};
  });
  EXPECT_FALSE(health_.readiness().ready);
  release->store(true);
  EXPECT_TRUE(eventually_ready(true));
}

TEST_F(HealthTest, DrainingIsNotReady) {
  health_.start_draining();
  EXPECT_FALSE(health_.readiness().ready);
  EXPECT_TRUE(health_.readiness().draining);
}

TEST_F(HealthTest, GaugesShowStatusAndAge) {
  health_.add_check({.name = "database", .interval = 1h},
                    [](base::SteadyTime) { return CheckResult{}; });
  ASSERT_TRUE(eventually_ready(true));
  clock_.advance(7s);
  health_.update_metrics();
  EXPECT_EQ(metrics_.health_check_status.with("database").value(), 1);
  EXPECT_EQ(metrics_.health_check_age_seconds.with("database").value(), 7);
}

TEST_F(HealthTest, AStalledThreadIsDeadUntilItBeatsAgain) {
  Heartbeat worker = health_.watch({"worker", 10s, ""});
  clock_.advance(1h);
  EXPECT_TRUE(health_.liveness().alive);  // not watched before its first beat
  worker.beat();
  clock_.advance(9s);
  EXPECT_TRUE(health_.liveness().alive);
  clock_.advance(2s);
  EXPECT_FALSE(health_.liveness().alive);
  EXPECT_EQ(health_.liveness().error, "thread worker has stalled for 11 s");
  worker.beat();
  EXPECT_TRUE(health_.liveness().alive);
  worker.idle();
  clock_.advance(1h);
  EXPECT_TRUE(health_.liveness().alive);
}

class HealthJournalTest : public HealthTest {
 protected:
  // The events that a state of health adds to the log.
  std::vector<LogEvent> note(bool healthy, const char* check, bool low = false) {
    CheckStatus status;
    status.name = check;
    status.healthy = healthy;
    status.low = low;
    status.message = "reason";
    return changes({.checks = {status}}, {});
  }
  std::vector<LogEvent> changes(const Readiness& readiness, const Liveness& liveness) {
    sink_.events.clear();
    journal_.note(readiness, liveness, *log_);
    return sink_.events;
  }
  void SetUp() override { log_->forward_to(&sink_); }

  struct Sink final : LogSink {
    void take(const LogRecord& record) override { events.push_back(record.event); }
    std::vector<LogEvent> events;
  } sink_;
  std::unique_ptr<Logger> log_ =
      std::move(*Logger::create({.destination = LogDestination::None}, metrics_, clock_));
  HealthJournal journal_;
};

TEST_F(HealthJournalTest, SaysEachChangeOnceAndLoudEnough) {
  using Events = std::vector<LogEvent>;
  EXPECT_EQ(note(true, "database"), Events{});
  EXPECT_EQ(note(false, "database"), Events{LogEvent::DatabaseLost});
  EXPECT_EQ(note(false, "database"), Events{});
  EXPECT_EQ(note(true, "database"), Events{LogEvent::HealthCheckRecovered});
  EXPECT_EQ(note(false, "sandbox"), Events{LogEvent::HealthCheckFailed});
  EXPECT_EQ(note(true, "disk_space", true), Events{LogEvent::DiskSpaceLow});
  EXPECT_EQ(note(false, "disk_space"), Events{LogEvent::DiskSpaceExhausted});
  EXPECT_EQ(note(true, "disk_space", true),
            (Events{LogEvent::HealthCheckRecovered, LogEvent::DiskSpaceLow}));
}

TEST_F(HealthJournalTest, WhatWasNeverCheckedHasNotFailed) {
  CheckStatus unknown;
  unknown.name = "database";
  unknown.known = unknown.healthy = false;
  EXPECT_TRUE(changes({.checks = {unknown}}, {}).empty());
}

TEST_F(HealthJournalTest, AStalledThreadIsSaidOnce) {
  const Liveness dead{false, "thread x has stalled for 9 s"};
  EXPECT_EQ(changes({}, dead), std::vector<LogEvent>{LogEvent::ThreadStalled});
  EXPECT_TRUE(changes({}, dead).empty());
  EXPECT_TRUE(changes({}, {}).empty());
  EXPECT_EQ(changes({}, dead), std::vector<LogEvent>{LogEvent::ThreadStalled});
}

}  // namespace
}  // namespace testgen::telemetry
