#include "telemetry/metrics/catalogue_rows.h"

namespace testgen::telemetry {
namespace {

// The objectives are about 30 days: that window has no label, the shorter ones do.
const LabelSpec kWindow{"window", {"", "1h", "1d"}, true};
const LabelSpec kEachWindow{"window", {"1h", "1d", "30d"}, true};
const LabelSpec kObjective{"objective",
                           {"availability", "error_rate", "response_time", "generation_time",
                            "throughput", "cache_hit_rate"},
                           true};
const LabelSpec kLogLevel{"level", {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}, true};
const LabelSpec kLogDropReason{
    "reason", {"queue_full", "write_failed", "closed", "rate_limited"}, true};
const LabelSpec kProcessedError{"error_type", {"", "queue_full", "shutdown"}, true};
const LabelSpec kExportError{
    "error_type",
    {"", "rejected", "timeout", "unavailable", "too_large", "partial_success", "shutdown"},
    true};

using enum MetricType;

MetricSpec sla_row(const char* name, const char* unit, const char* help) {
  return {.name = name,
          .type = Gauge,
          .unit = unit,
          .help = help,
          .labels = {kWindow},
          .series_cap = 3,
          .feature = "slo",
          .fixed = true};
}

std::vector<MetricSpec> objective_rows() {
  return {
      sla_row("testgen_sla_availability_percent", "percent",
              "Minutes of the last 30 days in which the service answered"),
      sla_row("testgen_sla_availability_ratio", "ratio",
              "Minutes of the last 30 days in which the service answered, from 0 to 1"),
      sla_row("testgen_sla_response_time_seconds", "seconds",
              "95th percentile of the response time over the last 30 days"),
      sla_row("testgen_sla_error_rate_percent", "percent",
              "Answers of 500 and above and failed jobs over the last 30 days"),
      sla_row("testgen_sla_error_rate_ratio", "ratio",
              "Answers of 500 and above and failed jobs over the last 30 days, from 0 to 1"),
      {.name = "testgen_slo_target",
       .type = Gauge,
       .help = "What an objective asks for, in its own unit: a share, seconds, or requests a "
               "minute",
       .labels = {kObjective},
       .series_cap = 6,
       .feature = "slo"},
      {.name = "testgen_slo_value",
       .type = Gauge,
       .help = "Where an objective stands over a sliding window, in the target's unit",
       .labels = {kObjective, kEachWindow},
       .series_cap = 18,
       .feature = "slo"},
      {.name = "testgen_slo_met",
       .type = Gauge,
       .help = "1 while an objective is met over a sliding window, else 0",
       .labels = {kObjective, kEachWindow},
       .series_cap = 18,
       .feature = "slo"},
      {.name = "testgen_slo_error_budget_remaining_ratio",
       .type = Gauge,
       .unit = "ratio",
       .help = "Share of an objective's error budget that is left over a sliding window: 1 "
               "untouched, 0 spent, below 0 overspent",
       .labels = {kObjective, kEachWindow},
       .series_cap = 18,
       .feature = "slo"},
      {.name = "testgen_health_check_status",
       .type = Gauge,
       .help = "1 when the check passed last, 0 when it failed",
       .labels = {{"check", {}}},
       .series_cap = 20,
       .feature = "health"},
      {.name = "testgen_health_check_age_seconds",
       .type = Gauge,
       .unit = "seconds",
       .help = "Time since the check last gave a result",
       .labels = {{"check", {}}},
       .series_cap = 20,
       .feature = "health"},
  };
}

std::vector<MetricSpec> process_rows() {
  return {
      {.name = "testgen_build_info",
       .type = Gauge,
       .help = "1, labelled with the version of the program",
       .labels = {{"version", {}}},
       .feature = "process"},
      {.name = "testgen_memory_working_set_bytes",
       .type = Gauge,
       .unit = "bytes",
       .help = "Memory of the control group without inactive page cache, or the resident set",
       .feature = "process"},
      {.name = "testgen_memory_limit_bytes",
       .type = Gauge,
       .unit = "bytes",
       .help = "Memory limit of the control group, or the memory of the machine",
       .feature = "process"},
      {.name = "process_cpu_seconds_total",
       .type = ObservedCounter,
       .unit = "seconds",
       .help = "User and system CPU time of the process",
       .feature = "process"},
      {.name = "process_resident_memory_bytes",
       .type = Gauge,
       .unit = "bytes",
       .help = "Resident memory of the process",
       .feature = "process"},
      {.name = "process_virtual_memory_bytes",
       .type = Gauge,
       .unit = "bytes",
       .help = "Virtual memory of the process",
       .feature = "process"},
      {.name = "process_open_fds",
       .type = Gauge,
       .help = "Open file descriptors",
       .feature = "process"},
      {.name = "process_max_fds",
       .type = Gauge,
       .help = "Limit of open file descriptors",
       .feature = "process"},
      {.name = "process_threads",
       .type = Gauge,
       .help = "Threads of the process",
       .feature = "process"},
      {.name = "process_start_time_seconds",
       .type = Gauge,
       .unit = "seconds",
       .help = "When the process started, in Unix time",
       .feature = "process"},
  };
}

std::vector<MetricSpec> self_rows() {
  return {
      {.name = "testgen_telemetry_series",
       .type = Gauge,
       .help = "Series of metrics held",
       .feature = "telemetry"},
      {.name = "testgen_telemetry_metrics_bytes",
       .type = Gauge,
       .unit = "bytes",
       .help = "Memory of the metrics, with every thread's cells",
       .feature = "telemetry"},
      {.name = "testgen_telemetry_series_rejected_total",
       .type = ObservedCounter,
       .help = "Label combinations past a family's cap, counted in its `other` series instead",
       .labels = {{"family", {}}},
       .series_cap = 200,
       .feature = "telemetry"},
      {.name = "testgen_log_lines_total",
       .help = "Log lines accepted, by level",
       .labels = {kLogLevel},
       .series_cap = 5,
       .feature = "telemetry"},
      {.name = "testgen_log_lines_dropped_total",
       .help = "Log lines lost, by reason",
       .labels = {kLogDropReason},
       .series_cap = 4,
       .feature = "telemetry"},
      {.name = "testgen_trace_ring_spans",
       .type = Gauge,
       .help = "Spans held in memory for reading traces back",
       .feature = "telemetry"},
      {.name = "testgen_trace_ring_bytes",
       .type = Gauge,
       .unit = "bytes",
       .help = "Memory of the spans held",
       .feature = "telemetry"},
      {.name = "testgen_trace_ring_evicted_total",
       .help = "Spans that left the memory to make room",
       .feature = "telemetry"},
      // OpenTelemetry's otel.sdk.* names, as Prometheus spells them.
      {.name = "otel_sdk_span_started_total", .help = "Spans started", .feature = "telemetry"},
      {.name = "otel_sdk_span_live",
       .type = Gauge,
       .help = "Spans started and not ended",
       .feature = "telemetry"},
      {.name = "otel_sdk_metric_reader_collection_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time to read and render all metrics for one scrape",
       .bounds = kShortSeconds,
       .feature = "telemetry"},
  };
}

// One exporter's own figures, for each signal.
std::vector<MetricSpec> export_rows() {
  return {
      {.name = "otel_sdk_processor_span_queue_size",
       .type = Gauge,
       .help = "Spans waiting for export",
       .feature = "telemetry"},
      {.name = "otel_sdk_processor_span_queue_capacity",
       .type = Gauge,
       .help = "Spans that can wait for export; 0 without an exporter",
       .feature = "telemetry"},
      {.name = "otel_sdk_processor_span_processed_total",
       .help = "Spans handed to the exporter, or dropped before it for the reason given",
       .labels = {kProcessedError},
       .series_cap = 4,
       .feature = "telemetry"},
      {.name = "otel_sdk_exporter_span_inflight",
       .type = Gauge,
       .help = "Spans sent and not yet answered",
       .feature = "telemetry"},
      {.name = "otel_sdk_exporter_span_exported_total",
       .help = "Spans accepted by the receiver, or lost for the reason given",
       .labels = {kExportError},
       .series_cap = 8,
       .feature = "telemetry"},
      {.name = "otel_sdk_processor_log_queue_size",
       .type = Gauge,
       .help = "Log records waiting for export",
       .feature = "export"},
      {.name = "otel_sdk_processor_log_queue_capacity",
       .type = Gauge,
       .help = "Log records that can wait for export; 0 without an exporter",
       .feature = "export"},
      {.name = "otel_sdk_processor_log_processed_total",
       .help = "Log records handed to the exporter, or dropped before it for the reason given",
       .labels = {kProcessedError},
       .series_cap = 4,
       .feature = "export"},
      {.name = "otel_sdk_exporter_log_inflight",
       .type = Gauge,
       .help = "Log records sent and not yet answered",
       .feature = "export"},
      {.name = "otel_sdk_exporter_log_exported_total",
       .help = "Log records accepted by the receiver, or lost for the reason given",
       .labels = {kExportError},
       .series_cap = 8,
       .feature = "export"},
      {.name = "otel_sdk_exporter_metric_data_point_inflight",
       .type = Gauge,
       .help = "Data points of metrics sent and not yet answered",
       .feature = "export"},
      {.name = "otel_sdk_exporter_metric_data_point_exported_total",
       .help = "Data points accepted by the receiver, or lost for the reason given",
       .labels = {kExportError},
       .series_cap = 8,
       .feature = "export"},
      {.name = "testgen_telemetry_pushed_total",
       .help = "Samples sent to receivers that do not speak OTLP, or lost for the reason given",
       .labels = {{"exporter", {"dogstatsd", "new_relic", "pushgateway", "textfile"}, true},
                  kExportError},
       .series_cap = 40,
       .feature = "export"},
      {.name = "otel_sdk_exporter_operation_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time of one export request",
       .bounds = kRequestSeconds,
       .feature = "telemetry"},
  };
}

}  // namespace

std::vector<MetricSpec> state_rows() {
  std::vector<MetricSpec> all;
  for (const auto& group : {objective_rows(), process_rows(), self_rows(), export_rows()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace testgen::telemetry
