// The weekly review: trends against the week before, capacity with a forecast, and how the alerts
// behaved. Asks Prometheus and Alertmanager, and blocks for as long as they take.
#pragma once

#include <vector>

#include "base/clock.h"
#include "operations/report/report.h"
#include "operations/sources/alertmanager.h"
#include "operations/sources/prometheus.h"
#include "operations/weekly/alert_review.h"
#include "operations/weekly/weekly_table.h"

namespace testgen::operations {

struct WeeklySources {
  const Prometheus& prometheus;
  const Alertmanager& alertmanager;
  std::vector<Notification> notifications;  // empty when no log was given
};

[[nodiscard]] Report weekly_review(const WeeklySources& sources, base::WallTime now);

// This week's figure against the last one's, with a note that says how it changed. Pure.
[[nodiscard]] Figure compare(const TrendFigure& row, double now, std::optional<double> before);

}  // namespace testgen::operations
