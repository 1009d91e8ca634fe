// Sends metrics to New Relic's Metric API at an interval, from a thread of its own. For traces
// and logs, and where a collector is wanted, New Relic takes OTLP.
#pragma once

#include <string>

#include "telemetry/export/delivery.h"
#include "telemetry/export/new_relic_metrics.h"
#include "telemetry/export/periodic.h"
#include "telemetry/export/push_figures.h"
#include "telemetry/export/receiver_log.h"

namespace testgen::telemetry {

struct NewRelicOptions {
  std::string key;  // a licence key, a secret; empty: switched off
  std::string url;  // empty: by the key's region
  std::chrono::milliseconds interval{60'000};
  DeliveryTimes times;
};

class NewRelicExporter {
 public:
  // `registry`, `metrics`, `log` and `clock` are borrowed.
  NewRelicExporter(const NewRelicOptions& options, Resource resource, Registry& registry,
                   Metrics& metrics, Logger& log, const base::Clock& clock);

  void shutdown(base::SteadyTime deadline) { periodic_.shutdown(deadline); }

 private:
  void push();

  const NewRelicOptions options_;
  const std::string url_;
  const Resource resource_;
  DeltaReader delta_;
  const PushFigures figures_;
  ReceiverLog log_;
  Deliverer deliverer_;
  base::WallTime last_push_;
  Periodic periodic_;  // last: its thread uses the rest
};

// Where metrics of this key belong.
[[nodiscard]] std::string new_relic_url(std::string_view key);

}  // namespace testgen::telemetry
