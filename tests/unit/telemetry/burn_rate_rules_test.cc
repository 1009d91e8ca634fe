#include "telemetry/slo/burn_rate_rules.h"

#include <gtest/gtest.h>

#include <string>

#include "telemetry/slo/objectives.h"

namespace testgen::telemetry {
namespace {

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    ++found;
  }
  return found;
}

TEST(BurnRateRules, RecordBadEventsAndHowManyTheBudgetAllowsOfEveryObjective) {
  const std::string rules = burn_rate_rules();
  for (const Objective& objective : kObjectives) {
    EXPECT_EQ(count(rules, "labels: {objective: " + std::string(objective.name) + "}"), 2U)
        << objective.name;
    EXPECT_NE(rules.find(objective.meaning), std::string::npos) << objective.name;
  }
}

TEST(BurnRateRules, TakeTargetsAndBudgetsFromTheTable) {
  const std::string rules = burn_rate_rules();
  EXPECT_NE(rules.find(R"(testgen_request_duration_seconds_bucket{le=~"2|2[.]0"})"),
            std::string::npos);
  EXPECT_NE(rules.find(R"(testgen_generation_duration_seconds_bucket{le=~"30|30[.]0"})"),
            std::string::npos);
  EXPECT_NE(rules.find("histogram_fraction(0, 30, "), std::string::npos);
  EXPECT_NE(rules.find("< bool 100)"), std::string::npos);
  EXPECT_EQ(count(rules, "0.001 * ("), 3U);
  EXPECT_EQ(count(rules, "0.05 * ("), 2U);
  EXPECT_EQ(count(rules, "0.2 * ("), 1U);
  for (const char* const word : {"TARGET", "BOUND", "ALLOWED", "BUDGET", "MINUTE"}) {
    EXPECT_EQ(rules.find(word), std::string::npos) << word;
  }
}

TEST(BurnRateRules, JudgeTwoPairsOfWindowsEach) {
  const std::string rules = burn_rate_rules();
  EXPECT_EQ(count(rules, "- alert: "), 2U);
  for (const char* const pair :
       {"rate1h > 14.4\n            and job_objective:testgen_slo_burn:rate5m > 14.4",
        "rate6h > 6\n            and job_objective:testgen_slo_burn:rate30m > 6",
        "rate1d > 3\n            and job_objective:testgen_slo_burn:rate2h > 3",
        "rate3d > 1\n            and job_objective:testgen_slo_burn:rate6h > 1"}) {
    EXPECT_EQ(count(rules, pair), 1U) << pair;
  }
}

}  // namespace
}  // namespace testgen::telemetry
