#include "telemetry/metrics/process_collector.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include "base/strings.h"
#include "telemetry/metrics/cgroup.h"
#include "telemetry/metrics/proc_file.h"

namespace testgen::telemetry {
namespace {

namespace fs = std::filesystem;

std::uint64_t page_bytes() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * page_bytes();
}

// Fields of /proc/self/stat after the command's closing parenthesis; [0] is the state, field 3.
std::vector<std::string> stat_fields() {
  const auto text = read_proc_file("/proc/self/stat");
  if (!text) return {};
  const std::size_t close = text->rfind(") ");
  return close == std::string::npos ? std::vector<std::string>{}
                                    : base::split(text->substr(close + 2), ' ');
}

void collect_stat(Metrics& metrics, std::uint64_t& resident) {
  const auto fields = stat_fields();
  if (fields.size() < 22) return;
  const auto field = [&](std::size_t i) { return parse_number(fields[i - 3]).value_or(0); };
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));  // the numbers are proc(5)'s
  metrics.process_cpu_seconds_total.set(static_cast<double>(field(14) + field(15)) / ticks);
  metrics.process_threads.set(static_cast<double>(field(20)));
  metrics.process_virtual_memory_bytes.set(static_cast<double>(field(23)));
  resident = field(24) * page_bytes();
  metrics.process_resident_memory_bytes.set(static_cast<double>(resident));
  const std::uint64_t boot = read_keyed("/proc/stat", "btime").value_or(0);
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

void collect_group(Metrics& metrics, std::uint64_t resident) {
  constexpr const char* kMount = "/sys/fs/cgroup";
  const std::string membership = read_proc_file("/proc/self/cgroup").value_or("");
  const std::uint64_t machine = machine_memory();
  const MemoryFigures memory =
      read_cgroup_memory(kMount, membership, machine).value_or(MemoryFigures{resident, machine});
  metrics.memory_working_set_bytes.set(static_cast<double>(memory.working_set));
  metrics.memory_limit_bytes.set(static_cast<double>(memory.limit));

  const CgroupTotals totals = read_cgroup_totals(kMount, membership);
  metrics.container_cpu_seconds_total.set(
      totals.cpu_seconds.value_or(metrics.process_cpu_seconds_total.value()));
  if (totals.throttled_seconds) {
    metrics.container_cpu_throttled_seconds_total.set(*totals.throttled_seconds);
  }
  if (totals.oom_kills) metrics.container_oom_kills_total.set(*totals.oom_kills);
}

}  // namespace

void collect_process(Metrics& metrics) {
  std::uint64_t resident = 0;
  collect_stat(metrics, resident);
  collect_descriptors(metrics);
  collect_group(metrics, resident);
}

}  // namespace testgen::telemetry
