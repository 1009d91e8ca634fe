#include "operations/weekly/forecast.h"

#include <gtest/gtest.h>

#include <cmath>

namespace testgen::operations {
namespace {

std::vector<std::pair<double, double>> days(int count, double level, double slope, double noise) {
  std::vector<std::pair<double, double>> out;
  for (int day = 0; day < count; ++day) {
    out.emplace_back(day, level + slope * day + (day % 2 == 0 ? noise : -noise));
  }
  return out;
}

TEST(Forecast, ALineIsFoundAgain) {
  const auto line = fit_line(days(14, 0.5, 0.01, 0));
  ASSERT_TRUE(line);
  EXPECT_NEAR(line->per_day, 0.01, 1e-12);
  EXPECT_NEAR(line->level, 0.63, 1e-12);
  const Forecast ahead = forecast(*line, 0.9);
  EXPECT_EQ(ahead.outlook, Outlook::Soon);
  EXPECT_NEAR(*ahead.days, 27, 1e-6);
  EXPECT_EQ(forecast(*line, 2).outlook, Outlook::Later);
  EXPECT_EQ(forecast(*line, 20).outlook, Outlook::Far);
  EXPECT_EQ(forecast(*line, 0.6).outlook, Outlook::Past);
}

TEST(Forecast, NoiseIsNoGrowth) {
  EXPECT_EQ(forecast(*fit_line(days(14, 0.5, 0.001, 0.1)), 0.9).outlook, Outlook::Steady);
  EXPECT_EQ(forecast(*fit_line(days(14, 0.5, 0, 0)), 0.9).outlook, Outlook::Steady);
  EXPECT_EQ(forecast(*fit_line(days(14, 0.8, -0.01, 0)), 0.9).outlook, Outlook::Falling);
  // Six days are too few for a trend, however straight.
  EXPECT_EQ(forecast(*fit_line(days(6, 0.5, 0.05, 0)), 0.9).outlook, Outlook::Steady);
}

TEST(Forecast, TooLittleHistoryGivesNoLine) {
  EXPECT_FALSE(fit_line({}));
  EXPECT_FALSE(fit_line({{0, 1}, {1, 2}}));
  EXPECT_FALSE(fit_line({{0, 1}, {0, 2}, {0, 3}}));
}

TEST(Forecast, EachDayIsItsHighestHour) {
  const auto peaks = daily_peaks(
      {{0, 1}, {3600, 5}, {7200, 2}, {86400, 3}, {90000, std::nan("")}, {86400 * 3, 4}});
  const std::vector<std::pair<double, double>> wanted{{0, 5}, {1, 3}, {3, 4}};
  EXPECT_EQ(peaks, wanted);
}

}  // namespace
}  // namespace testgen::operations
