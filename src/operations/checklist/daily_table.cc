#include "operations/checklist/daily_table.h"

#include <vector>

namespace testgen::operations {
namespace {

constexpr std::string_view kHealth = "Service health";
constexpr std::string_view kPerformance = "Performance review";
constexpr std::string_view kBusiness = "Business metrics";
constexpr std::string_view kSecurity = "Security monitoring";

constexpr Bar at_most(double limit) {
  return {Bound::AtMost, limit};
}
constexpr Bar at_least(double limit) {
  return {Bound::AtLeast, limit};
}

std::vector<DailyItem> make_items() {
  return {
      {kHealth, "uptime", "Check service uptime", "docs/runbooks/TestGenServiceDown.md"},
      {kHealth, "errors", "Review error rates and alerts",
       "docs/runbooks/HighErrorRate.md; `testgen logs --where 'level==\"ERROR\"'` names each"},
      {kHealth, "health", "Verify all health checks passing",
       "`testgen doctor service` says what each found"},

      {kPerformance, "response_time", "Check response time trends",
       "docs/runbooks/SlowResponseTime.md; `testgen doctor slow`"},
      {kPerformance, "cpu", "Review resource utilization: CPU and load",
       "fewer --workers, or another instance"},
      {kPerformance, "memory", "Review resource utilization: memory",
       "docs/runbooks/HighMemoryUsage.md; `testgen doctor memory`"},
      {kPerformance, "disk", "Review resource utilization: disk I/O and space",
       "make room or move --data; a smaller --cache-size; a faster disk where it is busy"},
      {kPerformance, "network", "Review resource utilization: network",
       "look at the interface's counters (`ip -s link`) and at the switch"},
      {kPerformance, "containers", "Review resource utilization: containers",
       "raise the container's memory limit or run fewer --workers"},
      {kPerformance, "database", "Review resource utilization: database",
       "look at the disk under --data first; the log names failed calls"},
      {kPerformance, "cache", "Monitor cache performance", "docs/runbooks/HighCacheMissRate.md"},

      {kBusiness, "volume", "Review test generation volume",
       "see what became of the jobs: `testgen logs --where 'event^=\"job_\"'`"},
      {kBusiness, "llm", "Check LLM API usage and costs",
       "docs/runbooks/LLMAPIErrors.md; limits are --llm-budget and its like"},
      {kBusiness, "engagement", "Monitor user engagement",
       "ask the users; `testgen ops weekly` shows the trend"},

      {kSecurity, "scans", "Review security scan results",
       "look at the rules that users called false: `testgen rules show ID`"},
      {kSecurity, "access", "Check for unusual access patterns",
       "audit.log in the data folder says who; revoke with `testgen keys revoke`"},
      {kSecurity, "authentication", "Monitor failed authentication attempts",
       "`testgen logs --where 'event==\"authentication_failed\"'` names the peers"},
      {kSecurity, "sandbox", "Check the sandbox and the certificate",
       "`testgen doctor` tries the sandbox; renew the certificate's files, a restart is not "
       "needed"},
  };
}

void add_health(std::vector<DailyFigure>& rows) {
  rows.insert(
      rows.end(),
      {{.item = "uptime",
        .name = "instances that answer now",
        .expression = "avg(up{$service})",
        .unit = Unit::Ratio,
        .bar = at_least(1)},
       {.item = "uptime",
        .name = "scrapes answered",
        .expression = "avg(avg_over_time(up{$service}[24h]))",
        .unit = Unit::Ratio,
        .bar = at_least(0.999)},
       {.item = "uptime",
        .name = "youngest process runs for",
        .expression = "min(time() - process_start_time_seconds{$service})",
        .unit = Unit::Seconds},
       {.item = "uptime",
        .name = "restarts",
        .expression = "sum(changes(process_start_time_seconds{$service}[24h]))",
        .bar = at_most(3)},
       {.item = "uptime",
        .name = "minutes answered, 30 days",
        .expression = "min(testgen_sla_availability_ratio{$service})",
        .unit = Unit::Ratio,
        .bar = at_least(0.999)},

       {.item = "errors",
        .name = "requests failed by us",
        .expression = "(sum(rate(testgen_requests_total{$service,status=~\"5..\"}[24h])) or 0 * "
                      "sum(rate(testgen_requests_total{$service}[24h]))) / "
                      "(sum(rate(testgen_requests_total{$service}[24h])) > 0)",
        .unit = Unit::Ratio,
        .bar = at_most(0.001),
        .presence = "testgen_build_info{$service}",
        .idle = "no requests"},
       {.item = "errors",
        .name = "jobs failed by us",
        .expression = "(sum(rate(testgen_errors_total{$service,component=\"job\"}[24h])) or 0 * "
                      "sum(rate(testgen_jobs_total{$service}[24h]))) / "
                      "(sum(rate(testgen_jobs_total{$service}[24h])) > 0)",
        .unit = Unit::Ratio,
        .bar = at_most(0.001),
        .presence = "testgen_jobs_total{$service}",
        .idle = "no jobs ended"},
       {.item = "errors",
        .name = "errors",
        .expression = "sum by (component) (increase(testgen_errors_total{$service}[24h])) > 0",
        .by = "component",
        .presence = "testgen_errors_total{$service}",
        .idle = "none"},
       {.item = "errors",
        .name = "alerts that fired",
        .expression = "count by (alertname) (count_over_time(ALERTS{alertstate=\"firing\"}[24h]))",
        .by = "alertname",
        .presence = "up{$service}",
        .idle = "none"},

       {.item = "health",
        .name = "share of the day it passed",
        .expression = "min by (check) (avg_over_time(testgen_health_check_status{$service}[24h]))",
        .unit = Unit::Ratio,
        .bar = at_least(0.99),
        .by = "check"}});
}

void add_performance(std::vector<DailyFigure>& rows) {
  rows.insert(
      rows.end(),
      {{.item = "response_time",
        .name = "95th percentile",
        .expression =
            "histogram_quantile(0.95, sum by (le) "
            "(rate(testgen_request_duration_seconds_bucket{$service}[24h]))) or "
            "histogram_quantile(0.95, sum(rate(testgen_request_duration_seconds{$service}[24h])))",
        .unit = Unit::Seconds,
        .bar = at_most(2),
        .presence = "testgen_build_info{$service}",
        .idle = "no requests"},
       {.item = "response_time",
        .name = "95th percentile, the day before",
        .expression = "histogram_quantile(0.95, sum by (le) (rate("
                      "testgen_request_duration_seconds_bucket{$service}[24h] offset 24h))) or "
                      "histogram_quantile(0.95, sum(rate("
                      "testgen_request_duration_seconds{$service}[24h] offset 24h)))",
        .unit = Unit::Seconds,
        .presence = "testgen_build_info{$service}",
        .idle = "no requests"},
       {.item = "response_time",
        .name = "generation of a file, 95th percentile",
        .expression = "histogram_quantile(0.95, sum by (le) "
                      "(rate(testgen_generation_duration_seconds_bucket{$service}[24h]))) or "
                      "histogram_quantile(0.95, "
                      "sum(rate(testgen_generation_duration_seconds{$service}[24h])))",
        .unit = Unit::Seconds,
        .bar = at_most(30),
        .presence = "testgen_build_info{$service}",
        .idle = "nothing was generated"},
       {.item = "response_time",
        .name = "wait in the queue, 95th percentile",
        .expression =
            "histogram_quantile(0.95, sum by (le) "
            "(rate(testgen_job_wait_seconds_bucket{$service}[24h]))) or "
            "histogram_quantile(0.95, sum(rate(testgen_job_wait_seconds{$service}[24h])))",
        .unit = Unit::Seconds,
        .presence = "testgen_build_info{$service}",
        .idle = "no jobs"},
       {.item = "response_time",
        .name = "busiest minute",
        .expression =
            "max_over_time((sum(rate(testgen_requests_total{$service}[1m])) * 60)[24h:1m])",
        .unit = Unit::PerMinute,
        .presence = "testgen_build_info{$service}",
        .idle = "no requests"},

       {.item = "cpu",
        .name = "processors busy",
        .expression = "max(1 - avg by (instance) "
                      "(rate(node_cpu_seconds_total{$node,mode=\"idle\"}[24h])))",
        .unit = Unit::Ratio,
        .bar = at_most(0.8)},
       {.item = "cpu",
        .name = "load for each processor",
        .expression =
            "max(avg by (instance) (avg_over_time(node_load5{$node}[24h])) / on (instance) "
            "count by (instance) (node_cpu_seconds_total{$node,mode=\"idle\"}))",
        .unit = Unit::Score,
        .bar = at_most(1)},
       {.item = "cpu",
        .name = "the service uses",
        .expression = "sum(rate(process_cpu_seconds_total{$service}[24h]))",
        .unit = Unit::Cores},

       {.item = "memory",
        .name = "of the machine in use",
        .expression = "max(1 - node_memory_MemAvailable_bytes{$node} / "
                      "node_memory_MemTotal_bytes{$node})",
        .unit = Unit::Ratio,
        .bar = at_most(0.9)},
       {.item = "memory",
        .name = "of the service's limit, at most",
        .expression = "max(max_over_time(testgen_memory_working_set_bytes{$service}[24h]) / "
                      "(testgen_memory_limit_bytes{$service} > 0))",
        .unit = Unit::Ratio,
        .bar = at_most(0.9)},
       {.item = "memory",
        .name = "resident, largest process",
        .expression = "max(process_resident_memory_bytes{$service})",
        .unit = Unit::Bytes},

       {.item = "disk",
        .name = "space in use",
        .expression = "topk(3, max by (mountpoint) (1 - "
                      "node_filesystem_avail_bytes{$node,fstype!~\"tmpfs|ramfs|squashfs\"} / "
                      "(node_filesystem_size_bytes{$node,fstype!~\"tmpfs|ramfs|squashfs\"} > 0)))",
        .unit = Unit::Ratio,
        .bar = at_most(0.9),
        .by = "mountpoint",
        .presence = "node_filesystem_size_bytes{$node}",
        .idle = "only file systems in memory"},
       {.item = "disk",
        .name = "I/O, share of the time busy",
        .expression =
            "topk(3, max by (device) (rate(node_disk_io_time_seconds_total{$node}[24h])))",
        .unit = Unit::Ratio,
        .bar = at_most(0.8),
        .by = "device",
        .presence = "node_cpu_seconds_total{$node}",
        .idle = "the machine shows no disks"},
       {.item = "disk",
        .name = "read",
        .expression = "sum(rate(node_disk_read_bytes_total{$node}[24h]))",
        .unit = Unit::BytesPerSecond,
        .presence = "node_cpu_seconds_total{$node}",
        .idle = "the machine shows no disks"},
       {.item = "disk",
        .name = "written",
        .expression = "sum(rate(node_disk_written_bytes_total{$node}[24h]))",
        .unit = Unit::BytesPerSecond,
        .presence = "node_cpu_seconds_total{$node}",
        .idle = "the machine shows no disks"},

       {.item = "network",
        .name = "received",
        .expression = "sum(rate(node_network_receive_bytes_total{$node,device!=\"lo\"}[24h]))",
        .unit = Unit::BytesPerSecond,
        .presence = "node_network_receive_bytes_total{$node}",
        .idle = "loopback only"},
       {.item = "network",
        .name = "sent",
        .expression = "sum(rate(node_network_transmit_bytes_total{$node,device!=\"lo\"}[24h]))",
        .unit = Unit::BytesPerSecond,
        .presence = "node_network_transmit_bytes_total{$node}",
        .idle = "loopback only"},
       {.item = "network",
        .name = "packets lost or damaged",
        .expression = "sum(rate(node_network_receive_errs_total{$node,device!=\"lo\"}[24h]) + "
                      "rate(node_network_receive_drop_total{$node,device!=\"lo\"}[24h]) + "
                      "rate(node_network_transmit_errs_total{$node,device!=\"lo\"}[24h])) / "
                      "(sum(rate(node_network_receive_packets_total{$node,device!=\"lo\"}[24h]) + "
                      "rate(node_network_transmit_packets_total{$node,device!=\"lo\"}[24h])) > 0)",
        .unit = Unit::Ratio,
        .bar = at_most(0.001),
        .presence = "node_network_receive_packets_total{$node}",
        .idle = "no packets"},

       {.item = "containers",
        .name = "memory of its limit",
        .expression = "max by (container) "
                      "(container_memory_working_set_bytes{container=~\"testgen.*\"}) / "
                      "(max by (container) "
                      "(container_spec_memory_limit_bytes{container=~\"testgen.*\"}) > 0)",
        .unit = Unit::Ratio,
        .bar = at_most(0.9),
        .by = "container",
        .presence = "container_memory_working_set_bytes{container=~\"testgen.*\"}",
        .idle = "without a limit",
        .absent = "no cAdvisor; the service's own control group stands for it"},
       {.item = "containers",
        .name = "control group, of its limit",
        .expression = "max by (instance) (testgen_memory_working_set_bytes{$service} / "
                      "(testgen_memory_limit_bytes{$service} > 0))",
        .unit = Unit::Ratio,
        .bar = at_most(0.9),
        .by = "instance"},

       {.item = "database",
        .name = "95th percentile of a call",
        .expression = "histogram_quantile(0.95, sum by (le) "
                      "(rate(testgen_database_operation_duration_seconds_bucket{$service}[24h]))) "
                      "or histogram_quantile(0.95, "
                      "sum(rate(testgen_database_operation_duration_seconds{$service}[24h])))",
        .unit = Unit::Seconds,
        .bar = at_most(0.5),
        .presence = "testgen_build_info{$service}",
        .idle = "no calls"},
       {.item = "database",
        .name = "calls that failed",
        .expression = "sum(increase(testgen_database_errors_total{$service}[24h]))",
        .bar = at_most(0)},

       {.item = "cache",
        .name = "hits",
        .expression = "sum(increase(testgen_cache_hits_total{$service}[24h])) / "
                      "(sum(increase(testgen_cache_hits_total{$service}[24h])) + "
                      "sum(increase(testgen_cache_misses_total{$service}[24h])) >= 20)",
        .unit = Unit::Ratio,
        .bar = at_least(0.8),
        .presence = "testgen_cache_hits_total{$service}",
        .idle = "fewer than 20 look-ups"},
       {.item = "cache",
        .name = "held",
        .expression = "sum(testgen_cache_size_bytes{$service})",
        .unit = Unit::Bytes}});
}

void add_business(std::vector<DailyFigure>& rows) {
  rows.insert(
      rows.end(),
      {{.item = "volume",
        .name = "tests kept",
        .expression = "sum by (language) (increase(testgen_tests_generated_total{$service}[24h]))",
        .by = "language"},
       {.item = "volume",
        .name = "tests kept, the day before",
        .expression = "sum(increase(testgen_tests_generated_total{$service}[24h] offset 24h))",
        .presence = "testgen_tests_generated_total{$service}",
        .idle = "no record of it"},
       {.item = "volume",
        .name = "jobs",
        .expression = "sum by (outcome) (increase(testgen_jobs_total{$service}[24h]))",
        .by = "outcome"},
       {.item = "volume",
        .name = "proposed tests dropped",
        .expression = "sum(increase(testgen_tests_dropped_total{$service}[24h]))",
        .presence = "testgen_tests_generated_total{$service}",
        .idle = "none"},

       {.item = "llm",
        .name = "calls",
        .expression = "sum by (provider) (increase(testgen_llm_requests_total{$service}[24h])) > 0",
        .by = "provider",
        .presence = "testgen_llm_requests_total{$service}",
        .idle = "no models were asked"},
       {.item = "llm",
        .name = "calls that failed",
        .expression = "sum by (provider) (rate(testgen_llm_errors_total{$service}[24h])) / "
                      "(sum by (provider) (rate(testgen_llm_requests_total{$service}[24h])) > 0)",
        .unit = Unit::Ratio,
        .bar = at_most(0.05),
        .by = "provider",
        .presence = "testgen_llm_requests_total{$service}",
        .idle = "no models were asked"},
       {.item = "llm",
        .name = "tokens",
        .expression = "sum by (type) (increase(testgen_llm_tokens_total{$service}[24h])) > 0",
        .by = "type",
        .presence = "testgen_llm_tokens_total{$service}",
        .idle = "none"},
       {.item = "llm",
        .name = "cost",
        .expression = "sum(increase(testgen_llm_cost_dollars_total{$service}[24h]))",
        .unit = Unit::Dollars,
        .presence = "testgen_llm_requests_total{$service}",
        .idle = "none"},
       {.item = "llm",
        .name = "of the budget spent",
        .expression = "max(testgen_llm_budget_spent_ratio{$service} and on (instance) "
                      "testgen_llm_budget_dollars{$service} > 0)",
        .unit = Unit::Ratio,
        .bar = at_most(0.8),
        .presence = "testgen_llm_requests_total{$service}",
        .idle = "there is no limit in money"},

       {.item = "engagement",
        .name = "users at the same time, at most",
        .expression = "max_over_time(sum(testgen_active_users{$service})[24h:1m])",
        .presence = "testgen_active_users{$service}",
        .idle = "not watched for a minute yet"},
       {.item = "engagement",
        .name = "sessions begun",
        .expression = "sum(increase(testgen_sessions_total{$service}[24h]))"},
       {.item = "engagement",
        .name = "uses",
        .expression = "sum by (feature) (increase(testgen_feature_uses_total{$service}[24h])) > 0",
        .by = "feature",
        .presence = "testgen_feature_uses_total{$service}",
        .idle = "none"},
       {.item = "engagement",
        .name = "journeys",
        .expression = "sum by (step) (increase(testgen_journey_steps_total{$service}[24h])) > 0",
        .by = "step",
        .presence = "testgen_journey_steps_total{$service}",
        .idle = "none"},
       {.item = "engagement",
        .name = "rated tests accepted",
        .expression = "sum(increase(testgen_feedback_total{$service,rating=\"accepted\"}[24h])) / "
                      "(sum(increase(testgen_feedback_total{$service}[24h])) >= 5)",
        .unit = Unit::Ratio,
        .bar = at_least(0.5),
        .presence = "testgen_feedback_total{$service}",
        .idle = "fewer than 5 ratings"}});
}

void add_security(std::vector<DailyFigure>& rows) {
  rows.insert(
      rows.end(),
      {{.item = "scans",
        .name = "issues found",
        .expression =
            "sum by (severity) (increase(testgen_security_issues_total{$service}[24h])) > 0",
        .by = "severity",
        .presence = "testgen_security_issues_total{$service}",
        .idle = "none"},
       {.item = "scans",
        .name = "files",
        .expression = "sum by (outcome) (increase(testgen_scan_files_total{$service}[24h])) > 0",
        .by = "outcome",
        .presence = "testgen_build_info{$service}",
        .idle = "none were scanned"},
       {.item = "scans",
        .name = "judged findings called false",
        .expression =
            "sum(increase(testgen_scan_feedback_total{$service,verdict=\"false_positive\"}[24h])) "
            "/ (sum(increase(testgen_scan_feedback_total{$service}[24h])) >= 5)",
        .unit = Unit::Ratio,
        .bar = at_most(0.1),
        .presence = "testgen_scan_feedback_total{$service}",
        .idle = "fewer than 5 were judged"},

       {.item = "access",
        .name = "keys and networks not seen before",
        .expression = "sum(increase("
                      "testgen_access_events_total{$service,kind=~\"new_key|new_network\"}[24h]))"},
       {.item = "access",
        .name = "permissions denied",
        .expression =
            "sum(increase(testgen_access_events_total{$service,kind=\"denied_permission\"}[24h]))",
        .bar = at_most(10)},
       {.item = "access",
        .name = "callers far above their habit",
        .expression =
            "sum(increase(testgen_access_events_total{$service,kind=\"unusual_volume\"}[24h]))",
        .bar = at_most(0)},
       {.item = "access",
        .name = "requests past a caller's limit",
        .expression = "sum(increase(testgen_rate_limited_requests_total{$service}[24h]))",
        .presence = "testgen_build_info{$service}",
        .idle = "none"},

       {.item = "authentication",
        .name = "callers refused",
        .expression = "sum(increase(testgen_authentication_failures_total{$service}[24h]))",
        .bar = at_most(100)},
       {.item = "authentication",
        .name = "refused for",
        .expression =
            "sum by (reason) (increase(testgen_authentication_failures_total{$service}[24h])) > 0",
        .by = "reason",
        .presence = "testgen_authentication_failures_total{$service}",
        .idle = "nobody"},

       {.item = "sandbox",
        .name = "runs ended by force",
        .expression = "sum by (reason) (increase(testgen_sandbox_kills_total{$service}[24h])) > 0",
        .by = "reason",
        .presence = "testgen_build_info{$service}",
        .idle = "none"},
       {.item = "sandbox",
        .name = "runs that could not be set up",
        .expression =
            "sum(increase(testgen_sandbox_runs_total{$service,outcome=\"setup_failed\"}[24h]))",
        .bar = at_most(0),
        .presence = "testgen_build_info{$service}",
        .idle = "none"},
       {.item = "sandbox",
        .name = "certificate expires in",
        .expression =
            "min((testgen_tls_certificate_expiry_timestamp_seconds{$service} > 0) - time()) / "
            "86400",
        .unit = Unit::Days,
        .bar = at_least(14),
        .presence = "testgen_build_info{$service}",
        .idle = "the service speaks without TLS"}});
}

}  // namespace

std::span<const DailyItem> daily_items() {
  static const std::vector<DailyItem> items = make_items();
  return items;
}

std::span<const DailyFigure> daily_figures() {
  static const std::vector<DailyFigure> rows = [] {
    std::vector<DailyFigure> out;
    add_health(out);
    add_performance(out);
    add_business(out);
    add_security(out);
    return out;
  }();
  return rows;
}

}  // namespace testgen::operations
