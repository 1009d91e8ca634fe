// Figures of the process and of its control group (version 1 or 2), read from /proc and /sys at
// each scrape, so that memory alerts work without cAdvisor. What cannot be read keeps its last
// value. The paths can be moved for tests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

struct MemoryFigures {
  std::uint64_t working_set = 0;  // usage without the page cache that can be given back at once
  std::uint64_t limit = 0;
};

// The control group's figures, or nothing when it has none. `membership` is the text of
// /proc/self/cgroup; `root` is where control groups are mounted. A group without a limit of its
// own is bounded by its nearest ancestor's, and at last by `machine_bytes`.
[[nodiscard]] std::optional<MemoryFigures> read_cgroup_memory(const std::filesystem::path& root,
                                                              std::string_view membership,
                                                              std::uint64_t machine_bytes);

// Sets the process_* and testgen_memory_* metrics.
void collect_process(Metrics& metrics);

}  // namespace testgen::telemetry
