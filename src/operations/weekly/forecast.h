// Where a figure is going: a straight line through the highest value of each day, and when it meets
// a bound. Days are what capacity is planned by, and hours of one day are no independent
// witnesses. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace testgen::operations {

struct Line {
  double level = 0;      // at the last day
  double per_day = 0;    // slope
  double spread = 0;     // standard deviation of the days around the line
  double doubt = 0;      // standard error of the slope
  std::size_t days = 0;  // it was drawn through
};

// Least squares; nothing below three days. Points are (day, value), days ascending.
[[nodiscard]] std::optional<Line> fit_line(const std::vector<std::pair<double, double>>& points);

// The highest value of each day of UTC, from (seconds since the epoch, value); NaN is left out.
[[nodiscard]] std::vector<std::pair<double, double>> daily_peaks(
    const std::vector<std::pair<double, double>>& points);

enum class Outlook : std::uint8_t {
  Past,    // the bound is behind us
  Soon,    // within 30 days
  Later,   // within a year
  Far,     // grows, and reaches it after a year or never
  Steady,  // no growth that is more than noise
  Falling,
};
struct Forecast {
  Outlook outlook = Outlook::Steady;
  std::optional<double> days;  // until the bound; Soon and Later
};
// Growth counts when the slope is at least three of its standard errors, and three days do not
// make a trend: below seven days only the level is judged.
[[nodiscard]] Forecast forecast(const Line& line, double bound);

}  // namespace testgen::operations
