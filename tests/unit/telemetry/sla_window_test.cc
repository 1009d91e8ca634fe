#include "telemetry/slo/sla_window.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;

class SlaWindowTest : public ::testing::Test {
 protected:
  SlaWindowTest() { clock_.advance(20s); }  // to the start of the first whole minute
  void minutes(int count, bool answering) {
    for (int i = 0; i < count; ++i) {
      sla_.tick(answering);
      clock_.advance(1min);
    }
  }
  testing::FakeClock clock_;
  SlaWindow sla_{clock_};
};

TEST_F(SlaWindowTest, NoTrafficReadsWell) {
  EXPECT_EQ(sla_.figures().availability_ratio, 1.0);
  EXPECT_EQ(sla_.figures().error_ratio, 0.0);
  EXPECT_EQ(sla_.figures().response_time_seconds, 0.0);
  minutes(10, true);
  EXPECT_EQ(sla_.figures().availability_ratio, 1.0);
  EXPECT_EQ(sla_.figures().error_ratio, 0.0);
}

TEST_F(SlaWindowTest, AvailabilityCountsMinutesInWhichItAnswered) {
  minutes(9, true);
  minutes(1, false);
  EXPECT_DOUBLE_EQ(sla_.figures().availability_ratio, 0.9);
}

TEST_F(SlaWindowTest, MinutesWithoutASignAreDown) {
  minutes(5, true);
  clock_.advance(5min);  // nothing ran: a hang
  EXPECT_DOUBLE_EQ(sla_.figures().availability_ratio, 0.5);
}

TEST_F(SlaWindowTest, AnAnswerMakesAMinuteCountAndAnErrorDoesNot) {
  sla_.record_request(10ms, false);
  clock_.advance(1min);
  sla_.record_request(10ms, true);
  clock_.advance(1min);
  EXPECT_DOUBLE_EQ(sla_.figures().availability_ratio, 0.5);
}

TEST_F(SlaWindowTest, ErrorsAreFailedAnswersAndJobs) {
  for (int i = 0; i < 7; ++i) sla_.record_request(10ms, false);
  sla_.record_request(10ms, true);
  sla_.record_job(true);
  sla_.record_job(false);
  EXPECT_DOUBLE_EQ(sla_.figures().error_ratio, 0.2);
}

TEST_F(SlaWindowTest, ThePercentileIsInterpolatedAndExactAtObjectives) {
  for (int i = 0; i < 95; ++i) sla_.record_request(2s, false);
  for (int i = 0; i < 5; ++i) sla_.record_request(20s, false);
  EXPECT_DOUBLE_EQ(sla_.figures().response_time_seconds, 2.0);
  for (int i = 0; i < 1000; ++i) sla_.record_request(2min, false);
  EXPECT_DOUBLE_EQ(sla_.figures().response_time_seconds, 30.0);  // no more is known
}

TEST_F(SlaWindowTest, TheWindowSlides) {
  sla_.record_request(20s, true);
  minutes(1, false);
  minutes(30 * 24 * 60 - 2, true);
  EXPECT_EQ(sla_.figures().error_ratio, 1.0);
  EXPECT_LT(sla_.figures().availability_ratio, 1.0);
  minutes(2, true);
  EXPECT_EQ(sla_.figures().error_ratio, 0.0);
  EXPECT_EQ(sla_.figures().response_time_seconds, 0.0);
  EXPECT_EQ(sla_.figures().availability_ratio, 1.0);
}

}  // namespace
}  // namespace testgen::telemetry
