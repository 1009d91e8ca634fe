#include "telemetry/metrics/catalogue.h"

namespace testgen::telemetry {
namespace {

// The objectives 0.5, 1, 2, 5 and 30 s are bounds of every duration, so that rules compare
// against an exact bucket and not an interpolation.
const std::vector<double> kRequestSeconds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                          0.25,  0.5,    1,     2,    5,     10,   30};
const std::vector<double> kWorkSeconds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                       2,     5,    10,    20,   30,  60,   120, 300};
const std::vector<double> kBytes{256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304};
const std::vector<double> kScore{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1};

const LabelSpec kMethod{
    "method", {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, true};
const LabelSpec kLanguage{"language", {"python"}};
const LabelSpec kSeverity{"severity", {"critical", "high", "medium", "low", "info"}, true};
const LabelSpec kProvider{"provider", {"openai", "anthropic"}};
const LabelSpec kLlmStatus{"status", {"success", "error", "timeout", "rate_limited"}, true};
const LabelSpec kTokenType{"type", {"input", "output", "cached"}, true};
const LabelSpec kLlmErrorType{
    "error_type",
    {"timeout", "rate_limited", "unavailable", "authentication", "invalid_response", "other"},
    true};
// base::ErrorCode's names.
const LabelSpec kErrorType{
    "type",
    {"invalid_argument", "invalid_input", "not_found", "too_large", "unsupported", "nothing_to_do",
     "unauthenticated", "permission_denied", "conflict", "timeout", "cancelled",
     "resource_exhausted", "environment", "unavailable", "io", "internal"},
    true};
const LabelSpec kComponent{"component", {"http", "job", "pipeline", "storage", "cache"}};
// model::Outcome's names.
const LabelSpec kSandboxOutcome{"outcome",
                                {"exited", "signalled", "timed_out", "cpu_exceeded",
                                 "output_exceeded", "setup_failed", "cancelled"},
                                true};
const LabelSpec kJobOutcome{"outcome", {"succeeded", "failed", "cancelled"}, true};
const LabelSpec kStage{
    "stage", {"load", "analyze", "learn", "propose", "verify", "score", "emit", "record"}};
const LabelSpec kStageOutcome{"outcome", {"ok", "error"}, true};
const LabelSpec kLogLevel{"level", {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}, true};
const LabelSpec kLogDropReason{
    "reason", {"queue_full", "write_failed", "closed", "rate_limited"}, true};
const LabelSpec kProcessedError{"error_type", {"", "queue_full", "shutdown"}, true};
const LabelSpec kExportError{
    "error_type",
    {"", "rejected", "timeout", "unavailable", "too_large", "partial_success", "shutdown"},
    true};

using enum MetricType;

std::vector<MetricSpec> service_rows() {
  return {
      {.name = "testgen_requests_total",
       .help = "Requests answered, by method, route template and HTTP status code",
       // No series without a route: Metrics::expose_route makes them for those that exist.
       .labels = {kMethod, {"endpoint", {}}, {"status", {}}},
       .series_cap = 1000,
       .feature = "http"},
      {.name = "testgen_request_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time from the first byte of a request to the last byte of its answer",
       .bounds = kRequestSeconds,
       .feature = "http"},
      {.name = "testgen_active_requests",
       .type = Gauge,
       .help = "Requests being worked on now",
       .feature = "http"},
      {.name = "testgen_request_size_bytes",
       .type = Histogram,
       .unit = "bytes",
       .help = "Size of request bodies",
       .bounds = kBytes,
       .feature = "http",
       .debug = true},
      {.name = "testgen_response_size_bytes",
       .type = Histogram,
       .unit = "bytes",
       .help = "Size of response bodies",
       .bounds = kBytes,
       .feature = "http",
       .debug = true},
      {.name = "testgen_queue_length",
       .type = Gauge,
       .help = "Jobs accepted and not yet started",
       .feature = "queue"},
      {.name = "testgen_queue_wait_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time from a job's acceptance to its start",
       .bounds = kWorkSeconds,
       .feature = "queue",
       .debug = true},
      {.name = "testgen_job_wait_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time from a job's acceptance to its start",
       .bounds = kWorkSeconds,
       .feature = "queue"},
      {.name = "testgen_job_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time from a job's start to its end",
       .bounds = kWorkSeconds,
       .feature = "queue"},
      {.name = "testgen_jobs_total",
       .help = "Jobs ended, by outcome",
       .labels = {kJobOutcome},
       .series_cap = 8,
       .feature = "queue"},
      {.name = "testgen_errors_total",
       .help = "Failures, by kind and by the component that answered for them",
       .labels = {kErrorType, kComponent},
       .series_cap = 320,
       .feature = "core"},
      {.name = "testgen_cache_hits_total",
       .help = "Results served from the cache",
       .feature = "cache"},
      {.name = "testgen_cache_misses_total",
       .help = "Results not found in the cache",
       .feature = "cache"},
      {.name = "testgen_cache_size_bytes",
       .type = Gauge,
       .unit = "bytes",
       .help = "Bytes held by the cache",
       .feature = "cache"},
  };
}

std::vector<MetricSpec> work_rows() {
  return {
      {.name = "testgen_tests_generated_total",
       .help = "Tests kept after verification, by language",
       .labels = {kLanguage},
       .series_cap = 20,
       .feature = "generate"},
      {.name = "testgen_generation_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time to generate the tests of one source file, by language",
       .labels = {kLanguage},
       .bounds = kWorkSeconds,
       .series_cap = 20,
       .feature = "generate"},
      {.name = "testgen_file_size_bytes",
       .type = Histogram,
       .unit = "bytes",
       .help = "Size of the source files worked on",
       .bounds = kBytes,
       .feature = "generate"},
      {.name = "testgen_test_quality_score",
       .type = Histogram,
       .help = "Quality of the tests of one source file, from 0 to 1",
       .bounds = kScore,
       .feature = "generate"},
      {.name = "testgen_stage_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time of each stage of the pipeline",
       .labels = {kStage},
       .bounds = kWorkSeconds,
       .series_cap = 40,
       .feature = "generate"},
      {.name = "testgen_stage_outcomes_total",
       .help = "Stages ended, by outcome",
       .labels = {kStage, kStageOutcome},
       .series_cap = 80,
       .feature = "generate"},
      {.name = "testgen_sandbox_runs_total",
       .help = "Sandboxed runs of user code, by outcome",
       .labels = {kSandboxOutcome},
       .series_cap = 12,
       .feature = "sandbox"},
      {.name = "testgen_security_issues_total",
       .help = "Security issues found, by severity",
       .labels = {kSeverity},
       .series_cap = 8,
       .feature = "scan",
       .landed = false,
       .fixed = true},
      {.name = "testgen_llm_requests_total",
       .help = "Attempts to call a model, by provider and result",
       .labels = {kProvider, kLlmStatus},
       .series_cap = 80,
       .feature = "llm",
       .landed = false,
       .fixed = true},
      {.name = "testgen_llm_tokens_total",
       .help = "Tokens used, by provider and type",
       .labels = {kProvider, kTokenType},
       .series_cap = 60,
       .feature = "llm",
       .landed = false,
       .fixed = true},
      {.name = "testgen_llm_errors_total",
       .help = "Failed attempts to call a model, by provider and kind",
       .labels = {kProvider, kLlmErrorType},
       .series_cap = 120,
       .feature = "llm",
       .landed = false,
       .fixed = true},
  };
}

std::vector<MetricSpec> objective_rows() {
  return {
      {.name = "testgen_sla_availability_percent",
       .type = Gauge,
       .unit = "percent",
       .help = "Minutes of the last 30 days in which the service answered",
       .feature = "slo"},
      {.name = "testgen_sla_availability_ratio",
       .type = Gauge,
       .unit = "ratio",
       .help = "Minutes of the last 30 days in which the service answered, from 0 to 1",
       .feature = "slo"},
      {.name = "testgen_sla_response_time_seconds",
       .type = Gauge,
       .unit = "seconds",
       .help = "95th percentile of the response time over the last 30 days",
       .feature = "slo"},
      {.name = "testgen_sla_error_rate_percent",
       .type = Gauge,
       .unit = "percent",
       .help = "Answers of 500 and above and failed jobs over the last 30 days",
       .feature = "slo"},
      {.name = "testgen_sla_error_rate_ratio",
       .type = Gauge,
       .unit = "ratio",
       .help = "Answers of 500 and above and failed jobs over the last 30 days, from 0 to 1",
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
       .feature = "core"},
      {.name = "testgen_memory_working_set_bytes",
       .type = Gauge,
       .unit = "bytes",
       .help = "Memory of the control group without inactive page cache, or the resident set",
       .feature = "core"},
      {.name = "testgen_memory_limit_bytes",
       .type = Gauge,
       .unit = "bytes",
       .help = "Memory limit of the control group, or the memory of the machine",
       .feature = "core"},
      {.name = "process_cpu_seconds_total",
       .type = ObservedCounter,
       .unit = "seconds",
       .help = "User and system CPU time of the process",
       .feature = "core"},
      {.name = "process_resident_memory_bytes",
       .type = Gauge,
       .unit = "bytes",
       .help = "Resident memory of the process",
       .feature = "core"},
      {.name = "process_virtual_memory_bytes",
       .type = Gauge,
       .unit = "bytes",
       .help = "Virtual memory of the process",
       .feature = "core"},
      {.name = "process_open_fds",
       .type = Gauge,
       .help = "Open file descriptors",
       .feature = "core"},
      {.name = "process_max_fds",
       .type = Gauge,
       .help = "Limit of open file descriptors",
       .feature = "core"},
      {.name = "process_threads",
       .type = Gauge,
       .help = "Threads of the process",
       .feature = "core"},
      {.name = "process_start_time_seconds",
       .type = Gauge,
       .unit = "seconds",
       .help = "When the process started, in Unix time",
       .feature = "core"},
  };
}

std::vector<MetricSpec> self_rows() {
  return {
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
      {.name = "otel_sdk_exporter_operation_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time of one export request",
       .bounds = kRequestSeconds,
       .feature = "telemetry"},
  };
}

}  // namespace

std::span<const MetricSpec> catalogue() {
  static const std::vector<MetricSpec> rows = [] {
    std::vector<MetricSpec> all;
    for (const auto& group :
         {service_rows(), work_rows(), objective_rows(), process_rows(), self_rows()}) {
      all.insert(all.end(), group.begin(), group.end());
    }
    return all;
  }();
  return rows;
}

}  // namespace testgen::telemetry
