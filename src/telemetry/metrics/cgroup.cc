#include "telemetry/metrics/cgroup.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "base/strings.h"
#include "telemetry/metrics/proc_file.h"

namespace testgen::telemetry {
namespace {

namespace fs = std::filesystem;

constexpr double kMicro = 1e-6;
constexpr double kNano = 1e-9;

struct Layout {
  fs::path mount;     // of the memory controller
  std::string group;  // path below it, starting with '/'
  const char* usage;
  const char* limit;
  const char* inactive_key;  // in memory.stat: page cache that can be given back at once
};

fs::path below(const fs::path& mount, const std::string& group) {
  return mount / fs::path(group).relative_path();
}

// The smallest limit of the group and its ancestors.
std::uint64_t effective_limit(const Layout& layout, std::uint64_t machine_bytes) {
  std::uint64_t limit = machine_bytes;
  fs::path group = fs::path(layout.group).relative_path();
  while (true) {
    if (const auto own = read_number(layout.mount / group / layout.limit)) {
      limit = std::min(limit, *own);
    }
    if (group.empty()) return limit;
    group = group.parent_path();
  }
}

std::optional<MemoryFigures> read_layout(Layout layout, std::uint64_t machine_bytes) {
  auto usage = read_number(below(layout.mount, layout.group) / layout.usage);
  if (!usage) {
    // Inside a container the group's own path is not visible: its root is the mount itself.
    layout.group.clear();
    usage = read_number(layout.mount / layout.usage);
  }
  if (!usage) return std::nullopt;
  const std::uint64_t inactive =
      read_keyed(below(layout.mount, layout.group) / "memory.stat", layout.inactive_key)
          .value_or(0);
  return MemoryFigures{*usage > inactive ? *usage - inactive : 0,
                       effective_limit(layout, machine_bytes)};
}

struct Membership {
  std::vector<std::string> controllers;  // empty: version 2
  std::string group;

  [[nodiscard]] bool has(std::string_view controller) const {
    return std::find(controllers.begin(), controllers.end(), controller) != controllers.end();
  }
};

// Lines are "id:controllers:path"; version 2 has the id 0 and no controllers. Where both are
// mounted, a controller belongs to the one that names it.
std::vector<Membership> parse(std::string_view text) {
  std::vector<Membership> all;
  for (const std::string& line : base::split(text, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string names = line.substr(first + 1, second - first - 1);
    Membership& member = all.emplace_back();
    if (!names.empty()) member.controllers = base::split(names, ',');
    member.group = line.substr(second + 1);
  }
  return all;
}

// A figure of the group, or of the mount where the group's own path is not visible.
std::optional<double> figure(
    const fs::path& mount, const std::string& group, double unit,
    const std::function<std::optional<std::uint64_t>(const fs::path&)>& read) {
  auto found = read(below(mount, group));
  if (!found) found = read(mount);
  return found ? std::optional<double>(static_cast<double>(*found) * unit) : std::nullopt;
}

auto keyed(const char* file, const char* key) {
  return [file, key](const fs::path& folder) { return read_keyed(folder / file, key); };
}

}  // namespace

std::optional<MemoryFigures> read_cgroup_memory(const fs::path& root, std::string_view membership,
                                                std::uint64_t machine_bytes) {
  std::optional<MemoryFigures> unified;
  for (const Membership& member : parse(membership)) {
    if (member.has("memory")) {
      return read_layout({root / "memory", member.group, "memory.usage_in_bytes",
                          "memory.limit_in_bytes", "total_inactive_file"},
                         machine_bytes);
    }
    if (member.controllers.empty()) {
      unified = read_layout({root, member.group, "memory.current", "memory.max", "inactive_file"},
                            machine_bytes);
    }
  }
  return unified;
}

CgroupTotals read_cgroup_totals(const fs::path& root, std::string_view membership) {
  CgroupTotals totals;
  const auto fill = [](std::optional<double>& target, std::optional<double> value) {
    if (!target) target = value;
  };
  const std::vector<Membership> all = parse(membership);
  for (const Membership& member : all) {
    if (member.has("cpuacct")) {
      fill(totals.cpu_seconds,
           figure(root / "cpuacct", member.group, kNano,
                  [](const fs::path& folder) { return read_number(folder / "cpuacct.usage"); }));
    }
    if (member.has("cpu")) {
      fill(totals.throttled_seconds,
           figure(root / "cpu", member.group, kNano, keyed("cpu.stat", "throttled_time")));
    }
    if (member.has("memory")) {
      fill(totals.oom_kills,
           figure(root / "memory", member.group, 1, keyed("memory.oom_control", "oom_kill")));
    }
  }
  for (const Membership& member : all) {
    if (!member.controllers.empty()) continue;
    fill(totals.cpu_seconds, figure(root, member.group, kMicro, keyed("cpu.stat", "usage_usec")));
    fill(totals.throttled_seconds,
         figure(root, member.group, kMicro, keyed("cpu.stat", "throttled_usec")));
    fill(totals.oom_kills, figure(root, member.group, 1, keyed("memory.events", "oom_kill")));
  }
  return totals;
}

}  // namespace testgen::telemetry
