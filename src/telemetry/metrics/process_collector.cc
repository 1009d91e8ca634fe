#include "telemetry/metrics/process_collector.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/strings.h"
#include "base/unique_fd.h"

namespace testgen::telemetry {
namespace {

namespace fs = std::filesystem;

// Files of /proc and /sys have no size, so they are read to their end, within a bound.
std::optional<std::string> slurp(const fs::path& path) {
  const base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  std::string text;
  std::size_t used = 0;
  while (used < (1U << 20U)) {
    if (used == text.size()) text.resize(text.size() + 4096);
    const ssize_t got = ::read(fd.get(), text.data() + used, text.size() - used);
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  text.resize(used);
  return text;
}

std::optional<std::uint64_t> number(std::string_view text) {
  text = base::trim(text);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> read_number(const fs::path& path) {
  const auto text = slurp(path);
  return text ? number(*text) : std::nullopt;  // "max" is no number: no limit
}

// The value behind "<key> " in memory.stat, 0 when absent.
std::uint64_t stat_value(const fs::path& path, std::string_view key) {
  const auto text = slurp(path);
  if (!text) return 0;
  for (const std::string& line : base::split(*text, '\n')) {
    const std::string_view view(line);
    if (view.size() > key.size() && view.starts_with(key) && view[key.size()] == ' ') {
      return number(view.substr(key.size())).value_or(0);
    }
  }
  return 0;
}

struct Layout {
  fs::path mount;     // of the memory controller
  std::string group;  // path below it, starting with '/'
  const char* usage;
  const char* limit;
  const char* inactive_key;  // in memory.stat: page cache that can be given back at once
};

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
  const auto directory = [&] { return layout.mount / fs::path(layout.group).relative_path(); };
  auto usage = read_number(directory() / layout.usage);
  if (!usage) {
    // Inside a container the group's own path is not visible: its root is the mount itself.
    layout.group.clear();
    usage = read_number(directory() / layout.usage);
  }
  if (!usage) return std::nullopt;
  const std::uint64_t inactive = stat_value(directory() / "memory.stat", layout.inactive_key);
  return MemoryFigures{*usage > inactive ? *usage - inactive : 0,
                       effective_limit(layout, machine_bytes)};
}

std::uint64_t page_bytes() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * page_bytes();
}

// Fields of /proc/self/stat after the command's closing parenthesis; [0] is the state, field 3.
std::vector<std::string> stat_fields() {
  const auto text = slurp("/proc/self/stat");
  if (!text) return {};
  const std::size_t close = text->rfind(") ");
  return close == std::string::npos ? std::vector<std::string>{}
                                    : base::split(text->substr(close + 2), ' ');
}

void collect_stat(Metrics& metrics, std::uint64_t& resident) {
  const auto fields = stat_fields();
  if (fields.size() < 22) return;
  const auto field = [&](std::size_t i) { return number(fields[i - 3]).value_or(0); };  // proc(5)
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  metrics.process_cpu_seconds_total.set(static_cast<double>(field(14) + field(15)) / ticks);
  metrics.process_threads.set(static_cast<double>(field(20)));
  metrics.process_virtual_memory_bytes.set(static_cast<double>(field(23)));
  resident = field(24) * page_bytes();
  metrics.process_resident_memory_bytes.set(static_cast<double>(resident));
  const std::uint64_t boot = stat_value("/proc/stat", "btime");
  if (boot != 0) {
    metrics.process_start_time_seconds.set(static_cast<double>(boot) +
                                           static_cast<double>(field(22)) / ticks);
  }
}

void collect_descriptors(Metrics& metrics) {
  std::error_code failed;
  const fs::directory_iterator open("/proc/self/fd", failed);
  // One of them is the iterator's own.
  if (!failed)
    metrics.process_open_fds.set(static_cast<double>(std::distance(begin(open), end(open)) - 1));
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    metrics.process_max_fds.set(static_cast<double>(limit.rlim_cur));
  }
}

}  // namespace

std::optional<MemoryFigures> read_cgroup_memory(const fs::path& root, std::string_view membership,
                                                std::uint64_t machine_bytes) {
  std::optional<MemoryFigures> unified;
  // Lines are "id:controllers:path"; version 2 has the id 0 and no controllers. Where both are
  // mounted, the memory controller belongs to the one that names it.
  for (const std::string& line : base::split(membership, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    const auto named = base::split(controllers, ',');
    if (std::find(named.begin(), named.end(), "memory") != named.end()) {
      return read_layout({root / "memory", group, "memory.usage_in_bytes", "memory.limit_in_bytes",
                          "total_inactive_file"},
                         machine_bytes);
    }
    if (controllers.empty()) {
      unified = read_layout({root, group, "memory.current", "memory.max", "inactive_file"},
                            machine_bytes);
    }
  }
  return unified;
}

void collect_process(Metrics& metrics) {
  std::uint64_t resident = 0;
  collect_stat(metrics, resident);
  collect_descriptors(metrics);
  const std::uint64_t machine = machine_memory();
  const auto group =
      read_cgroup_memory("/sys/fs/cgroup", slurp("/proc/self/cgroup").value_or(""), machine);
  const MemoryFigures memory = group.value_or(MemoryFigures{resident, machine});
  metrics.memory_working_set_bytes.set(static_cast<double>(memory.working_set));
  metrics.memory_limit_bytes.set(static_cast<double>(memory.limit));
}

}  // namespace testgen::telemetry
