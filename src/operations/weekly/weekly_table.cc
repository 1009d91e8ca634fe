#include "operations/weekly/weekly_table.h"

#include <vector>

namespace testgen::operations {
namespace {

constexpr std::string_view kTrends = "Trend analysis";
constexpr std::string_view kBusiness = "Business";

// The week's quantile, from classic buckets or from native histograms.
#define TG_QUANTILE(q, name)                          \
  "histogram_quantile(" q ", sum by (le) (rate(" name \
  "_bucket{$service}[7d]$before))) or "               \
  "histogram_quantile(" q ", sum(rate(" name "{$service}[7d]$before)))"

std::vector<WeeklyItem> make_items() {
  return {
      {kTrends, "performance", "Performance trends over the week",
       "docs/runbooks/SlowResponseTime.md; compare the versions that ran"},
      {kTrends, "resources", "Resource usage patterns",
       "see Capacity planning below for when it matters"},
      {kTrends, "error_rates", "Error rate analysis",
       "docs/runbooks/HighErrorRate.md; the log names each failure"},
      {kBusiness, "tests_a_day", "Tests generated per day", "see what became of the jobs"},
      {kBusiness, "cost_efficiency", "API cost efficiency",
       "a cheaper model first in the chain (--llm), or less asked of it (--llm-attempts)"},
      {kBusiness, "satisfaction", "User satisfaction",
       "look at the tests that users rejected, by model"},
  };
}

std::vector<TrendFigure> make_trends() {
  constexpr std::string_view kService = "testgen_build_info{$service}";
  return {
      {.item = "performance",
       .name = "response time, median",
       .expression = TG_QUANTILE("0.5", "testgen_request_duration_seconds"),
       .unit = Unit::Seconds,
       .better = Better::Lower,
       .least = 0.02,
       .presence = kService,
       .idle = "no requests"},
      {.item = "performance",
       .name = "response time, 95th percentile",
       .expression = TG_QUANTILE("0.95", "testgen_request_duration_seconds"),
       .unit = Unit::Seconds,
       .better = Better::Lower,
       .least = 0.05,
       .presence = kService,
       .idle = "no requests"},
      {.item = "performance",
       .name = "generation of a file, 95th percentile",
       .expression = TG_QUANTILE("0.95", "testgen_generation_duration_seconds"),
       .unit = Unit::Seconds,
       .better = Better::Lower,
       .least = 0.5,
       .presence = kService,
       .idle = "nothing was generated"},
      {.item = "performance",
       .name = "wait in the queue, 95th percentile",
       .expression = TG_QUANTILE("0.95", "testgen_job_wait_seconds"),
       .unit = Unit::Seconds,
       .better = Better::Lower,
       .least = 0.5,
       .presence = kService,
       .idle = "no jobs"},
      {.item = "performance",
       .name = "requests",
       .expression = "sum(rate(testgen_requests_total{$service}[7d]$before)) * 60",
       .unit = Unit::PerMinute,
       .presence = kService,
       .idle = "no requests"},
      {.item = "performance",
       .name = "cache hits",
       .expression = "sum(rate(testgen_cache_hits_total{$service}[7d]$before)) / "
                     "(sum(rate(testgen_cache_hits_total{$service}[7d]$before)) + "
                     "sum(rate(testgen_cache_misses_total{$service}[7d]$before)) > 0)",
       .unit = Unit::Ratio,
       .better = Better::Higher,
       .least = 0.02,
       .presence = "testgen_cache_hits_total{$service}",
       .idle = "no look-ups"},

      {.item = "resources",
       .name = "processor time of the service",
       .expression = "sum(rate(process_cpu_seconds_total{$service}[7d]$before))",
       .unit = Unit::Cores,
       .better = Better::Lower,
       .least = 0.1,
       .presence = kService,
       .idle = "no record of it"},
      {.item = "resources",
       .name = "processors of the machine busy",
       .expression = "max(1 - avg by (instance) "
                     "(rate(node_cpu_seconds_total{$node,mode=\"idle\"}[7d]$before)))",
       .unit = Unit::Ratio,
       .better = Better::Lower,
       .least = 0.05},
      {.item = "resources",
       .name = "memory of the service, highest",
       .expression = "max(max_over_time(testgen_memory_working_set_bytes{$service}[7d]$before))",
       .unit = Unit::Bytes,
       .better = Better::Lower,
       .least = 67'108'864},
      {.item = "resources",
       .name = "memory of the machine left, lowest",
       .expression = "min(min_over_time(node_memory_MemAvailable_bytes{$node}[7d]$before))",
       .unit = Unit::Bytes,
       .better = Better::Higher,
       .least = 268'435'456},
      {.item = "resources",
       .name = "disk written",
       .expression = "sum(rate(node_disk_written_bytes_total{$node}[7d]$before))",
       .unit = Unit::BytesPerSecond,
       .presence = "node_cpu_seconds_total{$node}",
       .idle = "the machine shows no disks"},
      {.item = "resources",
       .name = "network, received and sent",
       .expression =
           "sum(rate(node_network_receive_bytes_total{$node,device!=\"lo\"}[7d]$before)) + "
           "sum(rate(node_network_transmit_bytes_total{$node,device!=\"lo\"}[7d]$before))",
       .unit = Unit::BytesPerSecond,
       .presence = "node_network_receive_bytes_total{$node}",
       .idle = "loopback only"},
      {.item = "resources",
       .name = "longest queue",
       .expression = "max(max_over_time(testgen_queue_length{$service}[7d]$before))",
       .better = Better::Lower,
       .least = 5},

      {.item = "error_rates",
       .name = "requests failed by us",
       .expression =
           "(sum(rate(testgen_requests_total{$service,status=~\"5..\"}[7d]$before)) or 0 * "
           "sum(rate(testgen_requests_total{$service}[7d]$before))) / "
           "(sum(rate(testgen_requests_total{$service}[7d]$before)) > 0)",
       .unit = Unit::Ratio,
       .better = Better::Lower,
       .least = 0.0005,
       .presence = kService,
       .idle = "no requests"},
      {.item = "error_rates",
       .name = "jobs failed by us",
       .expression =
           "(sum(rate(testgen_errors_total{$service,component=\"job\"}[7d]$before)) or 0 * "
           "sum(rate(testgen_jobs_total{$service}[7d]$before))) / "
           "(sum(rate(testgen_jobs_total{$service}[7d]$before)) > 0)",
       .unit = Unit::Ratio,
       .better = Better::Lower,
       .least = 0.0005,
       .presence = kService,
       .idle = "no jobs ended"},
      {.item = "error_rates",
       .name = "errors",
       .expression =
           "sum by (component, type) (increase(testgen_errors_total{$service}[7d]$before)) > 0",
       .better = Better::Lower,
       .least = 10,
       .by = "component",
       .presence = "testgen_errors_total{$service}",
       .idle = "none"},
      {.item = "error_rates",
       .name = "calls of models that failed",
       .expression =
           "sum by (provider) (rate(testgen_llm_errors_total{$service}[7d]$before)) / "
           "(sum by (provider) (rate(testgen_llm_requests_total{$service}[7d]$before)) > 0)",
       .unit = Unit::Ratio,
       .better = Better::Lower,
       .least = 0.01,
       .by = "provider",
       .presence = "testgen_llm_requests_total{$service}",
       .idle = "no models were asked"},
      {.item = "error_rates",
       .name = "sandboxed runs ended by force",
       .expression = "sum(increase(testgen_sandbox_kills_total{$service}[7d]$before))",
       .better = Better::Lower,
       .least = 20,
       .presence = kService,
       .idle = "none"},

      {.item = "tests_a_day",
       .name = "tests kept",
       .expression = "sum(increase(testgen_tests_generated_total{$service}[7d]$before)) / 7",
       .unit = Unit::PerDay,
       .better = Better::Higher,
       .least = 1},
      {.item = "tests_a_day",
       .name = "quality of a file's tests, median",
       .expression = TG_QUANTILE("0.5", "testgen_test_quality_score"),
       .unit = Unit::Score,
       .better = Better::Higher,
       .least = 0.05,
       .presence = kService,
       .idle = "nothing was generated"},
      {.item = "tests_a_day",
       .name = "security issues found",
       .expression = "sum(increase(testgen_security_issues_total{$service}[7d]$before)) / 7",
       .unit = Unit::PerDay},
      {.item = "cost_efficiency",
       .name = "spent on models",
       .expression = "sum(increase(testgen_llm_cost_dollars_total{$service}[7d]$before))",
       .unit = Unit::Dollars,
       .presence = kService,
       .idle = "nothing was spent"},
      {.item = "cost_efficiency",
       .name = "for each test kept",
       .expression = "sum(increase(testgen_llm_cost_dollars_total{$service}[7d]$before)) / "
                     "(sum(increase(testgen_tests_generated_total{$service}[7d]$before)) > 0)",
       .unit = Unit::Dollars,
       .better = Better::Lower,
       .least = 0.001,
       .presence = kService,
       .idle = "nothing was kept, or nothing spent"},
      {.item = "cost_efficiency",
       .name = "proposals of models kept",
       .expression =
           "sum(rate(testgen_llm_proposals_total{$service,outcome=\"kept\"}[7d]$before)) / "
           "(sum(rate(testgen_llm_proposals_total{$service}[7d]$before)) > 0)",
       .unit = Unit::Ratio,
       .better = Better::Higher,
       .least = 0.05,
       .presence = kService,
       .idle = "models proposed nothing"},
      {.item = "satisfaction",
       .name = "rated tests accepted",
       .expression =
           "sum(increase(testgen_feedback_total{$service,rating=\"accepted\"}[7d]$before)) / "
           "(sum(increase(testgen_feedback_total{$service}[7d]$before)) >= 5)",
       .unit = Unit::Ratio,
       .better = Better::Higher,
       .least = 0.05,
       .presence = "testgen_feedback_total{$service}",
       .idle = "fewer than 5 ratings"},
      {.item = "satisfaction",
       .name = "journeys abandoned",
       .expression =
           "sum(rate(testgen_journey_steps_total{$service,step=\"abandoned\"}[7d]$before)) / "
           "(sum(rate(testgen_journey_steps_total{$service,step=\"submitted\"}[7d]$before)) > 0)",
       .unit = Unit::Ratio,
       .better = Better::Lower,
       .least = 0.02,
       .presence = "testgen_journey_steps_total{$service}",
       .idle = "nobody asked for tests"},
  };
}

std::vector<CapacityFigure> make_capacity() {
  constexpr std::string_view kNode = "is node_exporter scraped as job \"node\"?";
  constexpr std::string_view kOwn = "is the service scraped as job \"testgen-copilot\"?";
  return {
      {.id = "cpu",
       .title = "processors busy",
       .expression = "max(1 - avg by (instance) "
                     "(rate(node_cpu_seconds_total{$node,mode=\"idle\"}[1h])))",
       .bound = 0.8,
       .remedy = "add processors or an instance",
       .missing = kNode},
      {.id = "memory",
       .title = "memory of the service, of its limit",
       .expression = "max(testgen_memory_working_set_bytes{$service} / "
                     "(testgen_memory_limit_bytes{$service} > 0))",
       .bound = 0.9,
       .remedy = "raise the memory limit, or look for a leak with `testgen doctor memory`",
       .missing = kOwn},
      {.id = "machine_memory",
       .title = "memory of the machine",
       .expression = "max(1 - node_memory_MemAvailable_bytes{$node} / "
                     "node_memory_MemTotal_bytes{$node})",
       .bound = 0.9,
       .remedy = "add memory or move work elsewhere",
       .missing = kNode},
      {.id = "disk",
       .title = "disk space, the fullest",
       .expression = "max(1 - node_filesystem_avail_bytes{$node,fstype!~\"tmpfs|ramfs|squashfs\"} "
                     "/ (node_filesystem_size_bytes{$node,fstype!~\"tmpfs|ramfs|squashfs\"} > 0))",
       .bound = 0.9,
       .remedy = "enlarge the disk, or keep less (--cache-size, --log-keep, Prometheus' retention)",
       .missing = kNode},
      {.id = "queue_wait",
       .title = "wait in the queue, 95th percentile",
       .expression = "histogram_quantile(0.95, sum by (le) "
                     "(rate(testgen_job_wait_seconds_bucket{$service}[1h]))) or "
                     "histogram_quantile(0.95, sum(rate(testgen_job_wait_seconds{$service}[1h])))",
       .unit = Unit::Seconds,
       .bound = 30,
       .remedy = "more --workers where processors are free, or an instance",
       .missing = "no jobs in that time"},
      {.id = "descriptors",
       .title = "open files, of their limit",
       .expression = "max(process_open_fds{$service} / (process_max_fds{$service} > 0))",
       .bound = 0.8,
       .remedy = "raise LimitNOFILE, or look for a leak",
       .missing = kOwn},
      {.id = "requests",
       .title = "requests a minute, busiest hour of a day",
       .expression = "sum(rate(testgen_requests_total{$service}[1h])) * 60",
       .unit = Unit::PerMinute,
       .missing = kOwn},
  };
}

#undef TG_QUANTILE

}  // namespace

std::span<const WeeklyItem> weekly_items() {
  static const std::vector<WeeklyItem> items = make_items();
  return items;
}

std::span<const TrendFigure> trend_figures() {
  static const std::vector<TrendFigure> rows = make_trends();
  return rows;
}

std::span<const CapacityFigure> capacity_figures() {
  static const std::vector<CapacityFigure> rows = make_capacity();
  return rows;
}

}  // namespace testgen::operations
