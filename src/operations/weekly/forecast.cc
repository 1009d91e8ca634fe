#include "operations/weekly/forecast.h"

#include <cmath>
#include <map>

namespace testgen::operations {
namespace {

constexpr std::size_t kFewest = 3;
constexpr std::size_t kTrend = 7;
constexpr double kSure = 3;
constexpr double kSoon = 30;
constexpr double kYear = 365;
constexpr double kDay = 86400;

}  // namespace

std::optional<Line> fit_line(const std::vector<std::pair<double, double>>& points) {
  if (points.size() < kFewest) return std::nullopt;
  const auto n = static_cast<double>(points.size());
  double mean_x = 0;
  double mean_y = 0;
  for (const auto& [x, y] : points) {
    mean_x += x / n;
    mean_y += y / n;
  }
  double xx = 0;
  double xy = 0;
  for (const auto& [x, y] : points) {
    xx += (x - mean_x) * (x - mean_x);
    xy += (x - mean_x) * (y - mean_y);
  }
  if (xx <= 0) return std::nullopt;
  Line line;
  line.days = points.size();
  line.per_day = xy / xx;
  line.level = mean_y + line.per_day * (points.back().first - mean_x);
  double squares = 0;
  for (const auto& [x, y] : points) {
    const double off = y - (mean_y + line.per_day * (x - mean_x));
    squares += off * off;
  }
  line.spread = std::sqrt(squares / (n - 2));
  line.doubt = line.spread / std::sqrt(xx);
  return line;
}

std::vector<std::pair<double, double>> daily_peaks(
    const std::vector<std::pair<double, double>>& points) {
  std::map<double, double> peaks;
  for (const auto& [seconds, value] : points) {
    if (!std::isfinite(value)) continue;
    const auto [day, added] = peaks.try_emplace(std::floor(seconds / kDay), value);
    if (!added && value > day->second) day->second = value;
  }
  return {peaks.begin(), peaks.end()};
}

Forecast forecast(const Line& line, double bound) {
  if (line.level >= bound) return {Outlook::Past, std::nullopt};
  if (line.days < kTrend || std::abs(line.per_day) <= kSure * line.doubt || line.per_day == 0) {
    return {Outlook::Steady, std::nullopt};
  }
  if (line.per_day < 0) return {Outlook::Falling, std::nullopt};
  const double days = (bound - line.level) / line.per_day;
  if (days <= kSoon) return {Outlook::Soon, days};
  if (days <= kYear) return {Outlook::Later, days};
  return {Outlook::Far, std::nullopt};
}

}  // namespace testgen::operations
