#include "telemetry/stage.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/fake_clock.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;

class StageTest : public ::testing::Test {
 protected:
  std::uint64_t outcomes(const char* stage, const char* outcome) {
    return telemetry_->metrics().stage_outcomes_total.with(stage, outcome).value();
  }
  FinishedSpan only_span() {
    const auto roots = telemetry_->tracer().ring().recent_roots(10);
    EXPECT_EQ(roots.size(), 1U);
    return roots.at(0);
  }
  testing::FakeClock clock_;
  std::unique_ptr<Telemetry> telemetry_ =
      std::move(*Telemetry::create(TelemetryOptions::quiet(), clock_));
};

TEST_F(StageTest, OneLineGivesSpanHistogramCounterAndLog) {
  {
    Stage stage(*telemetry_, {}, "verify");
    stage.set("tests.count", 3);
    clock_.advance(250ms);
  }
  EXPECT_EQ(outcomes("verify", "ok"), 1U);
  EXPECT_EQ(outcomes("verify", "error"), 0U);
  const Histogram duration = telemetry_->metrics().stage_duration_seconds.with("verify");
  EXPECT_EQ(duration.count(), 1U);
  EXPECT_DOUBLE_EQ(duration.sum(), 0.25);
  const FinishedSpan span = only_span();
  EXPECT_EQ(span->name(), "verify");
  EXPECT_EQ(span->status(), SpanStatus::Ok);
  EXPECT_EQ(span->end_ns - span->start_ns, 250'000'000);
  EXPECT_EQ(span->attributes()[0].key(), "tests.count");
}

TEST_F(StageTest, AFailureIsAnErrorEverywhere) {
  {
    Stage stage(*telemetry_, {}, "emit");
    stage.fail({base::ErrorCode::Io, "disk gone", ""});
  }
  EXPECT_EQ(outcomes("emit", "error"), 1U);
  EXPECT_EQ(only_span()->status(), SpanStatus::Error);
  EXPECT_EQ(only_span()->status_message(), "disk gone");
  EXPECT_EQ(telemetry_->metrics().log_lines_total.with("ERROR").value(), 1U);
}

TEST_F(StageTest, BadInputIsAWarning) {
  {
    Stage stage(*telemetry_, {}, "load");
    stage.fail({base::ErrorCode::InvalidInput, "not Python", ""});
  }
  EXPECT_EQ(telemetry_->metrics().log_lines_total.with("WARNING").value(), 1U);
  EXPECT_EQ(telemetry_->metrics().log_lines_total.with("ERROR").value(), 0U);
}

TEST_F(StageTest, AnExceptionPassingThroughIsAFailure) {
  try {
    const Stage stage(*telemetry_, {}, "score");
    throw std::runtime_error("bug");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(outcomes("score", "error"), 1U);
  EXPECT_EQ(only_span()->status(), SpanStatus::Error);
}

TEST_F(StageTest, StagesNestThroughTheirContext) {
  Stage outer(*telemetry_, {}, "propose", "generate_tests");
  const Stage inner(*telemetry_, outer.context(), "verify");
  EXPECT_EQ(inner.context().trace_id, outer.context().trace_id);
}

}  // namespace
}  // namespace testgen::telemetry
