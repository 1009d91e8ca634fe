// Looks into a running service for what the troubleshooting guide asks about: memory, slow answers,
// models, and the service itself. Gathering asks the service twice, a few seconds apart, and reads
// /proc; the diagnosis of what was gathered is pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "operations/live/machine.h"
#include "operations/live/metrics_page.h"
#include "operations/live/work.h"
#include "operations/report/report.h"
#include "operations/sources/http_source.h"
#include "operations/sources/readiness.h"

namespace testgen::operations {

// Which parts to look at; a set of bits.
enum DoctorArea : unsigned { kMemory = 1, kSlow = 2, kLlm = 4, kService = 8 };
inline constexpr unsigned kEverything = kMemory | kSlow | kLlm | kService;

struct Observation {
  base::Result<MetricsPage> metrics = MetricsPage{};  // the later of two
  MetricsPage earlier;
  double watched = 0;  // seconds between them
  base::Result<LiveWork> work = LiveWork{};
  base::Result<Readiness> readiness = Readiness{};
  MachineFacts machine;  // of this machine, whether the service runs here or not
  base::WallTime made;
};

// Waits for `watch` between two scrapes, or until it is stopped.
[[nodiscard]] Observation observe(const HttpSource& service, std::chrono::milliseconds watch,
                                  const std::stop_token& stop);

[[nodiscard]] Report diagnose(const Observation& seen, unsigned areas);

}  // namespace testgen::operations
