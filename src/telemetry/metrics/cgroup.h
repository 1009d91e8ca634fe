// Figures of the control group (version 1 or 2) that the process is in, so that memory, throttling
// and kills can be watched without cAdvisor. Paths can be moved for tests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

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

// Totals since the group was made; what the kernel does not tell is nothing.
struct CgroupTotals {
  std::optional<double> cpu_seconds;
  std::optional<double> throttled_seconds;
  std::optional<double> oom_kills;
};

[[nodiscard]] CgroupTotals read_cgroup_totals(const std::filesystem::path& root,
                                              std::string_view membership);

}  // namespace testgen::telemetry
