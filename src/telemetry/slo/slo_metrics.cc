#include "telemetry/slo/slo_metrics.h"

namespace testgen::telemetry {

void publish(SloTracker& tracker, const Metrics& metrics) {
  for (const Objective& objective : kObjectives) {
    metrics.slo_target.with(objective.name).set(objective.target);
  }
  for (const SloWindow window : kSloWindows) {
    const SloFigures figures = tracker.figures(window);
    // The fixed names are about 30 days and have no label for it.
    const std::string_view label = window == SloWindow::Month ? "" : to_string(window);
    metrics.sla_availability_percent.with(label).set(figures.availability_ratio * 100);
    metrics.sla_availability_ratio.with(label).set(figures.availability_ratio);
    metrics.sla_error_rate_percent.with(label).set(figures.error_ratio * 100);
    metrics.sla_error_rate_ratio.with(label).set(figures.error_ratio);
    metrics.sla_response_time_seconds.with(label).set(figures.response_time_seconds);
    for (const Objective& objective : kObjectives) {
      const ObjectiveStanding& standing =
          figures.objectives[static_cast<std::size_t>(objective.id)];
      const std::string_view name = to_string(window);
      metrics.slo_value.with(objective.name, name).set(standing.value);
      metrics.slo_met.with(objective.name, name).set(standing.met ? 1 : 0);
      metrics.slo_error_budget_remaining_ratio.with(objective.name, name)
          .set(standing.budget_remaining);
    }
  }
}

}  // namespace testgen::telemetry
