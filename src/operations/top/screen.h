// What `testgen top` shows: one moment of a service, drawn for a terminal of any size. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "operations/live/metrics_page.h"
#include "operations/live/work.h"
#include "operations/sources/readiness.h"

namespace testgen::operations {

struct Moment {
  base::WallTime at;
  std::string server;
  std::optional<MetricsPage> page;  // nothing: it was not reached
  MetricsPage earlier;              // the scrape before; empty at first
  double between = 0;               // seconds between them
  std::optional<LiveWork> work;
  std::optional<Readiness> readiness;
  std::string problem;  // why something is missing; empty
};

struct ScreenSize {
  std::size_t columns = 80;
  std::size_t rows = 24;  // 0: as many as it takes
};

// Lines without their ends, none wider than the terminal and no more than its rows.
[[nodiscard]] std::vector<std::string> draw(const Moment& moment, const ScreenSize& size);

}  // namespace testgen::operations
