#include "service/observed_store.h"

#include <gtest/gtest.h>

#include "base/file_system.h"
#include "service/active_trace.h"
#include "storage/sqlite_store.h"
#include "support/fake_clock.h"
#include "telemetry/tracing/propagation.h"

namespace testgen::service {
namespace {

using namespace std::chrono_literals;

class ObservedStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<storage::Store> open(std::int64_t max_pages = 0) {
    return observe(*storage::SqliteStore::open({folder_.path() / "jobs.db", max_pages}),
                   *telemetry_);
  }
  std::uint64_t calls(const char* operation) {
    return telemetry_->metrics().database_operation_duration_seconds.with(operation).count();
  }
  std::uint64_t errors(const char* operation) {
    return telemetry_->metrics().database_errors_total.with(operation).value();
  }
  testing::FakeClock clock_;
  base::TempDir folder_ = *base::TempDir::create("observed");
  std::unique_ptr<telemetry::Telemetry> telemetry_ =
      *telemetry::Telemetry::create(telemetry::TelemetryOptions::quiet(), clock_);
};

TEST_F(ObservedStoreTest, EveryCallIsTimed) {
  const auto store = open();
  model::Job job;
  job.id = "a";
  job.kind = "generate";
  job.request_json = "{}";
  ASSERT_TRUE(store->enqueue(job, 10));
  ASSERT_TRUE(store->claim("me", clock_.wall_now(), clock_.wall_now() + 1min));
  ASSERT_TRUE(store->renew("me", {"a"}, clock_.wall_now() + 1min));
  ASSERT_TRUE(store->release("a", 1));
  ASSERT_TRUE(store->claim("me", clock_.wall_now(), clock_.wall_now() + 1min));
  ASSERT_TRUE(store->retry("a", 1, clock_.wall_now()));
  ASSERT_TRUE(store->claim("me", clock_.wall_now(), clock_.wall_now() + 1min));
  ASSERT_TRUE(store->finish("a", 2, "{}", clock_.wall_now()));
  EXPECT_FALSE(store->fail("a", 1, "{}", clock_.wall_now()));  // a conflict
  EXPECT_FALSE(store->cancel("a", clock_.wall_now()));         // likewise
  EXPECT_FALSE(store->get("nobody"));                          // not found
  ASSERT_TRUE(
      store->requeue_lost(clock_.wall_now(), storage::Store::Lost::LeaseEnded, {3, {}, "{}"}));
  ASSERT_TRUE(store->forget_ended_before(clock_.wall_now()));
  ASSERT_TRUE(store->remove("a"));
  ASSERT_TRUE(store->rate({"test", "a", "", "accepted", "", clock_.wall_now()}));
  ASSERT_TRUE(store->ratings());
  ASSERT_TRUE(store->note_alerts({{"f", "now", "firing", "{}", clock_.wall_now()}}));
  ASSERT_TRUE(store->list({}));
  ASSERT_TRUE(store->counts());
  ASSERT_TRUE(store->check());
  ASSERT_TRUE(store->save_minutes({{5, "x"}}, 0));
  ASSERT_EQ(store->load_minutes(0)->size(), 1U);
  for (const auto& row : telemetry::catalogue()) {
    if (row.name != "testgen_database_operation_duration_seconds") continue;
    for (const std::string& operation : row.labels[0].values) {
      EXPECT_GE(calls(operation.c_str()), 1U) << operation;
      EXPECT_EQ(errors(operation.c_str()), 0U) << operation;
    }
  }
}

TEST_F(ObservedStoreTest, EveryOperationIsASpanOfTheTraceThatAskedForIt) {
  const auto store = open();
  model::Job job;
  job.id = "a";
  job.kind = "generate";
  job.request_json = "{}";
  job.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const telemetry::SpanContext trace = telemetry::unpack_context(job.traceparent);
  const auto lease = clock_.wall_now() + 1min;
  {
    const ActiveTrace request(trace);
    ASSERT_TRUE(store->enqueue(job, 10));
  }
  for (int attempt = 1; attempt <= 2; ++attempt) {
    // Nobody knows beforehand whose job it will be.
    ASSERT_TRUE(store->claim("me", clock_.wall_now(), lease));
    const ActiveTrace run(trace);
    if (attempt == 1) {
      ASSERT_TRUE(store->release("a", attempt));
    }
  }
  {
    const ActiveTrace run(trace);
    ASSERT_TRUE(store->renew("me", {"a"}, lease));
    const auto held = store->get("a");
    ASSERT_TRUE(store->finish("a", held->attempts, "{}", clock_.wall_now()));
    {
      const telemetry::SpanContext none;
      const ActiveTrace nobody(none);
      ASSERT_TRUE(store->counts());  // not for this trace
    }
    ASSERT_TRUE(store->list({}));
  }
  ASSERT_TRUE(store->check());  // for no trace
  std::string names;
  for (const auto& span : telemetry_->tracer().ring().trace(trace.trace_id)) {
    names += std::string(span->name()) + " ";
    EXPECT_EQ(span->parent, trace.span_id);
    EXPECT_EQ(span->kind, telemetry::SpanKind::Client);
    EXPECT_EQ(span->status(), telemetry::SpanStatus::Unset);
  }
  EXPECT_EQ(names, "db.enqueue db.claim db.release db.claim db.renew db.get db.finish db.list ");
  EXPECT_TRUE(telemetry_->tracer().ring().recent_roots(1).empty());
}

TEST_F(ObservedStoreTest, AFullDiskIsAnError) {
  const auto store = open(/*max_pages=*/20);
  model::Job job;
  job.kind = "generate";
  job.request_json = std::string(20'000, 'x');
  bool failed = false;
  for (int i = 0; i < 20 && !failed; ++i) {
    job.id = std::to_string(i);
    failed = !store->enqueue(job, 100);
  }
  EXPECT_TRUE(failed);
  EXPECT_EQ(errors("enqueue"), 1U);
  // A failure is worth a trace even where none was asked for.
  const auto roots = telemetry_->tracer().ring().recent_roots(10);
  ASSERT_EQ(roots.size(), 1U);
  EXPECT_EQ(roots[0]->name(), "db.enqueue");
  EXPECT_EQ(roots[0]->status(), telemetry::SpanStatus::Error);
}

TEST_F(ObservedStoreTest, TheAccountOfTheObjectivesSurvivesInTheDatabase) {
  {
    const std::shared_ptr<storage::Store> store = open();
    telemetry::SloTracker tracker(clock_);
    ASSERT_TRUE(tracker.attach(slo_history(store)));
    tracker.record_request(1ms, 500);
    tracker.record_request(1ms, 200);
    ASSERT_TRUE(tracker.detach());
    EXPECT_EQ(tracker.figures(telemetry::SloWindow::Month).error_ratio, 0.0);
  }
  clock_.advance(2min);
  const std::shared_ptr<storage::Store> store = open();
  telemetry::SloTracker tracker(clock_);
  ASSERT_TRUE(tracker.attach(slo_history(store)));
  EXPECT_EQ(tracker.figures(telemetry::SloWindow::Month).error_ratio, 0.5);
  EXPECT_EQ(tracker.figures(telemetry::SloWindow::Month).availability_ratio, 0.5);
}

}  // namespace
}  // namespace testgen::service
