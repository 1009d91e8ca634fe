// "High memory usage": by component, growing or not, and what needs so much.
#include <fmt/format.h>

#include <algorithm>

#include "operations/doctor/finding.h"

namespace testgen::operations {
namespace {

constexpr double kMebibyte = 1024.0 * 1024.0;

// The service's process and what it started, where it runs on this machine.
struct Family {
  const ProcessFacts* service = nullptr;
  std::vector<const ProcessFacts*> others;  // largest first
};

Family family(const Observation& seen) {
  Family out;
  if (!seen.metrics) return out;
  const auto started = seen.metrics->sum("process_start_time_seconds");
  if (!started) return out;
  out.service = service_process(seen.machine, *started);
  if (out.service == nullptr) return out;
  out.others = descendants(seen.machine, out.service->pid);
  std::sort(out.others.begin(), out.others.end(),
            [](const ProcessFacts* a, const ProcessFacts* b) { return a->resident > b->resident; });
  return out;
}

Item by_component(const Observation& seen, const Family& processes) {
  Finding out("memory_by_component", "Check memory usage by component",
              "docs/runbooks/HighMemoryUsage.md: fewer --workers when the sandboxes are large, a "
              "restart and a report when the service is");
  if (!seen.metrics) {
    out.unknown("metrics", "the service was not reached");
    return std::move(out).item();
  }
  const MetricsPage& page = *seen.metrics;
  const auto used = page.sum("testgen_memory_working_set_bytes");
  const auto limit = page.sum("testgen_memory_limit_bytes");
  if (used && limit && *limit > 0) {
    out.figure(
        "control group, of its limit", *used / *limit, Unit::Ratio, at_most(0.9), "",
        fmt::format("{} of {}", figure_text(*used, Unit::Bytes), figure_text(*limit, Unit::Bytes)));
  }
  out.figure("the service's process, resident", page.sum("process_resident_memory_bytes"),
             Unit::Bytes);
  out.figure("of that metrics", page.sum("testgen_telemetry_metrics_bytes"), Unit::Bytes);
  out.figure("of that spans kept for reading back", page.sum("testgen_trace_ring_bytes"),
             Unit::Bytes);
  out.figure("cache, on disk", page.sum("testgen_cache_size_bytes"), Unit::Bytes);
  if (processes.service == nullptr) {
    out.idle("sandboxed processes", "the service does not run on this machine");
    return std::move(out).item();
  }
  double total = 0;
  for (const ProcessFacts* process : processes.others) {
    total += static_cast<double>(process->resident);
  }
  out.figure("processes it started, resident", total, Unit::Bytes, {}, "",
             fmt::format("{} of them", processes.others.size()));
  return std::move(out).item();
}

Item growth(const Observation& seen, const Family& processes) {
  Finding out("memory_growth", "Analyze memory leaks",
              "docs/runbooks/HighMemoryUsage.md: growth with the same load is a leak; compare a "
              "day in Grafana, restart in a quiet minute and report it");
  if (seen.metrics && seen.watched > 0) {
    const auto before = seen.earlier.sum("process_resident_memory_bytes");
    const auto now = seen.metrics->sum("process_resident_memory_bytes");
    if (before && now) {
      out.figure("the service's process grows by", (*now - *before) / seen.watched,
                 Unit::BytesPerSecond, at_most(kMebibyte), "",
                 "watched for " + span_text(seen.watched));
    }
  } else {
    out.unknown("growth", "the service was not reached");
  }
  if (processes.service != nullptr && processes.service->peak > 0) {
    out.figure("its highest so far", static_cast<double>(processes.service->peak), Unit::Bytes);
  }
  const auto& machine = seen.machine;
  if (machine.memory_total && machine.memory_available && *machine.memory_total > 0) {
    out.figure("this machine, available", *machine.memory_available / *machine.memory_total,
               Unit::Ratio, at_least(0.1), "", figure_text(*machine.memory_available, Unit::Bytes));
  } else {
    out.unknown("this machine", "/proc/meminfo cannot be read");
  }
  return std::move(out).item();
}

Item heavy_operations(const Observation& seen, const Family& processes) {
  Finding out("memory_heavy", "Check for memory-intensive operations",
              "docs/runbooks/HighMemoryUsage.md: cancel the job (DELETE /v1/jobs/ID), or run fewer "
              "at a time (--workers)");
  for (std::size_t i = 0; i < std::min<std::size_t>(3, processes.others.size()); ++i) {
    const ProcessFacts& process = *processes.others[i];
    out.figure("large process", static_cast<double>(process.resident), Unit::Bytes,
               at_most(1024 * kMebibyte), fmt::format("{} {}", process.name, process.pid));
  }
  if (!seen.work) {
    out.unknown("jobs at work", "the service did not say");
  } else if (seen.work->jobs.empty()) {
    out.idle("jobs at work", "none");
  } else {
    for (std::size_t i = 0; i < std::min<std::size_t>(3, seen.work->jobs.size()); ++i) {
      const LiveJob& job = seen.work->jobs[i];
      out.said("job at work", Verdict::Good,
               fmt::format("{} for {}, {}", job.id, span_text(job.age), job.stage));
    }
  }
  if (seen.metrics) {
    out.figure("runs ended by a signal, such as the kernel's for memory",
               seen.metrics->since(seen.earlier)
                   .sum("testgen_sandbox_runs_total", {{"outcome", "signalled"}}),
               Unit::Count, at_most(0), "", "while watched");
  }
  if (const auto waiting = seen.machine.pressure.memory) {
    out.figure("time lost waiting for memory", waiting, Unit::Ratio, at_most(0.05));
  } else {
    out.idle("time lost waiting for memory", "this kernel does not say");
  }
  return std::move(out).item();
}

}  // namespace

Section memory_checks(const Observation& seen) {
  const Family processes = family(seen);
  return {
      "High memory usage",
      {by_component(seen, processes), growth(seen, processes), heavy_operations(seen, processes)},
      {}};
}

}  // namespace testgen::operations
