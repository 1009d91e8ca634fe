// The weekly review, as data: figures compared with the week before, and those whose growth is
// followed to the bound where something must be done. Constant data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "operations/report/report.h"

namespace testgen::operations {

enum class Better : std::uint8_t { Lower, Higher, Neither };

struct WeeklyItem {
  std::string_view section;
  std::string_view id;
  std::string_view title;
  std::string_view advice;  // when a figure is worse than last week, or misses its bar
};

struct TrendFigure {
  std::string_view item;
  std::string_view name;
  std::string_view expression;  // with $before, see expand()
  Unit unit = Unit::Count;
  Better better = Better::Neither;
  double least = 0;  // a change smaller than this, in the unit, is no change
  std::string_view by;
  std::string_view presence;  // as in DailyFigure
  std::string_view idle;
};

struct CapacityFigure {
  std::string_view id;
  std::string_view title;
  std::string_view expression;  // at one moment; asked for each hour
  Unit unit = Unit::Ratio;
  double bound = 0;          // where something must have been done
  std::string_view remedy;   // what
  std::string_view missing;  // what is not scraped when there is no history
};

[[nodiscard]] std::span<const WeeklyItem> weekly_items();
[[nodiscard]] std::span<const TrendFigure> trend_figures();
[[nodiscard]] std::span<const CapacityFigure> capacity_figures();

}  // namespace testgen::operations
