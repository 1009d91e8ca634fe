// "Slow response times": what is being worked on, what the database takes, and who waits for what.
#include <fmt/format.h>

#include <algorithm>

#include "operations/doctor/finding.h"

namespace testgen::operations {
namespace {

Item active_requests(const Observation& seen) {
  Finding out("active_requests", "Check active requests",
              "docs/runbooks/SlowResponseTime.md; `testgen trace ID` shows where the time of one "
              "goes");
  if (seen.metrics) {
    out.figure("being worked on", seen.metrics->sum("testgen_active_requests"), Unit::Count);
    out.figure("jobs running", seen.metrics->sum("testgen_jobs_running"), Unit::Count);
    out.figure("jobs waiting", seen.metrics->sum("testgen_queue_length"), Unit::Count);
  }
  if (!seen.work) {
    out.unknown("requests", "the service did not say");
    return std::move(out).item();
  }
  const auto& requests = seen.work->requests;
  for (std::size_t i = 0; i < std::min<std::size_t>(5, requests.size()); ++i) {
    // One that waits for its job is not slow: the caller asked to wait.
    const bool waits = requests[i].stage.starts_with("waiting") ||
                       requests[i].what.find("events") != std::string::npos;
    out.figure("open for", requests[i].age, Unit::Seconds, waits ? Bar{} : at_most(30),
               requests[i].what,
               fmt::format("{}, trace {}", requests[i].stage, requests[i].trace_id));
  }
  return std::move(out).item();
}

Item slow_queries(const Observation& seen) {
  Finding out("slow_queries", "Analyze slow queries",
              "the disk under --data is the first suspect; `testgen logs --where "
              "'event==\"slow_request\"'` names the requests");
  if (!seen.metrics) {
    out.unknown("metrics", "the service was not reached");
    return std::move(out).item();
  }
  const MetricsPage& page = *seen.metrics;
  std::vector<std::pair<double, std::string>> slowest;
  constexpr std::string_view kName = "testgen_database_operation_duration_seconds";
  for (const auto& [operation, count] : page.by(std::string(kName) + "_count", "operation")) {
    if (count <= 0) continue;
    if (const auto p95 = page.quantile(kName, 0.95, {{"operation", operation}})) {
      slowest.emplace_back(*p95, operation);
    }
  }
  std::sort(slowest.rbegin(), slowest.rend());
  if (slowest.empty()) out.idle("database calls", "none yet");
  for (std::size_t i = 0; i < std::min<std::size_t>(3, slowest.size()); ++i) {
    out.figure("database call, 95th percentile", slowest[i].first, Unit::Seconds, at_most(0.5),
               slowest[i].second);
  }
  out.figure("database calls failed", page.sum("testgen_database_errors_total"), Unit::Count,
             at_most(0));
  out.figure("requests, 95th percentile", page.quantile("testgen_request_duration_seconds", 0.95),
             Unit::Seconds, at_most(2));
  out.figure("requests while watched, 95th percentile",
             page.since(seen.earlier).quantile("testgen_request_duration_seconds", 0.95),
             Unit::Seconds, at_most(2), "", "");
  out.figure("generation of a file, 95th percentile",
             page.quantile("testgen_generation_duration_seconds", 0.95), Unit::Seconds,
             at_most(30));
  return std::move(out).item();
}

Item contention(const Observation& seen) {
  Finding out("contention", "Check resource contention",
              "docs/runbooks/SlowResponseTime.md: fewer --workers where processors are short, a "
              "faster disk where I/O is, another instance where jobs wait");
  const Pressure& pressure = seen.machine.pressure;
  const auto wait = [&](const char* name, const std::optional<double>& share, double limit) {
    if (share) {
      out.figure(name, share, Unit::Ratio, at_most(limit));
    } else {
      out.idle(name, "this kernel does not say");
    }
  };
  wait("time lost waiting for disks", pressure.io, 0.2);
  wait("time lost waiting for processors", pressure.cpu, 0.5);
  if (seen.machine.load) {
    out.figure("load for each processor", *seen.machine.load / seen.machine.processors, Unit::Score,
               at_most(2), "", "one minute, this machine");
  }
  if (!seen.metrics) {
    out.unknown("the service's threads", "the service was not reached");
    return std::move(out).item();
  }
  const MetricsPage& page = *seen.metrics;
  const MetricsPage lately = page.since(seen.earlier);
  out.figure("I/O thread late by, 99th percentile",
             lately.quantile("testgen_http_loop_lag_seconds", 0.99), Unit::Seconds, at_most(0.1));
  out.figure("wait in the queue, 95th percentile", page.quantile("testgen_job_wait_seconds", 0.95),
             Unit::Seconds, at_most(30));
  if (seen.watched > 0) {
    if (const auto seconds = lately.sum("process_cpu_seconds_total")) {
      out.figure("the service uses", *seconds / seen.watched, Unit::Cores);
    }
  }
  return std::move(out).item();
}

}  // namespace

Section slow_checks(const Observation& seen) {
  return {"Slow response times", {active_requests(seen), slow_queries(seen), contention(seen)}, {}};
}

}  // namespace testgen::operations
