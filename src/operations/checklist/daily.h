// The daily checklist: asks Prometheus for every figure of the table, Alertmanager for what fires,
// and the service for its health, and ticks what is as it should be. What a source that is not
// reached would have said is unknown, never good. Blocks for as long as the sources take.
#pragma once

#include "base/clock.h"
#include "operations/report/report.h"
#include "operations/sources/alertmanager.h"
#include "operations/sources/prometheus.h"

namespace testgen::operations {

struct Sources {
  const Prometheus& prometheus;
  const Alertmanager& alertmanager;
  const HttpSource& service;
};

[[nodiscard]] Report daily_checklist(const Sources& sources, base::WallTime now);

}  // namespace testgen::operations
