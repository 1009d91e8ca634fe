// The daily checklist of the operating procedures, as data: its items in order, and the figures
// that tick each. Items whose figures come from the service or from Alertmanager get those in
// daily.cc. Constant data.
#pragma once

#include <span>
#include <string_view>

#include "operations/report/report.h"

namespace testgen::operations {

struct DailyItem {
  std::string_view section;
  std::string_view id;
  std::string_view title;
  std::string_view advice;  // when a figure misses its bar
};

struct DailyFigure {
  std::string_view item;  // id
  std::string_view name;
  std::string_view expression;  // before expand()
  Unit unit = Unit::Count;
  Bar bar;
  std::string_view by;        // the label that tells its series apart; empty: there is one
  std::string_view presence;  // has series where there is something to judge, even without a figure
  std::string_view idle;      // said when presence has series and the expression none
  std::string_view absent;    // said when neither has; empty: that is unknown, and no answer
};

[[nodiscard]] std::span<const DailyItem> daily_items();
[[nodiscard]] std::span<const DailyFigure> daily_figures();

}  // namespace testgen::operations
