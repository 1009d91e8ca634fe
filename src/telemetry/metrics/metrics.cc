#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

Metrics::Metrics(Registry& registry)
    : requests_total(registry.counters<3>("testgen_requests_total")),
      request_duration_seconds(registry.histogram("testgen_request_duration_seconds")),
      active_requests(registry.gauge("testgen_active_requests")),
      request_size_bytes(registry.histogram("testgen_request_size_bytes")),
      response_size_bytes(registry.histogram("testgen_response_size_bytes")),
      tests_generated_total(registry.counters<1>("testgen_tests_generated_total")),
      generation_duration_seconds(registry.histograms<1>("testgen_generation_duration_seconds")),
      file_size_bytes(registry.histogram("testgen_file_size_bytes")),
      test_quality_score(registry.histogram("testgen_test_quality_score")),
      security_issues_total(registry.counters<1>("testgen_security_issues_total")),
      stage_duration_seconds(registry.histograms<1>("testgen_stage_duration_seconds")),
      stage_outcomes_total(registry.counters<2>("testgen_stage_outcomes_total")),
      sandbox_runs_total(registry.counters<1>("testgen_sandbox_runs_total")),
      queue_length(registry.gauge("testgen_queue_length")),
      job_duration_seconds(registry.histogram("testgen_job_duration_seconds")),
      job_wait_seconds(registry.histogram("testgen_job_wait_seconds")),
      queue_wait_seconds(registry.histogram("testgen_queue_wait_seconds")),
      jobs_total(registry.counters<1>("testgen_jobs_total")),
      llm_requests_total(registry.counters<2>("testgen_llm_requests_total")),
      llm_tokens_total(registry.counters<2>("testgen_llm_tokens_total")),
      llm_errors_total(registry.counters<2>("testgen_llm_errors_total")),
      cache_hits_total(registry.counter("testgen_cache_hits_total")),
      cache_misses_total(registry.counter("testgen_cache_misses_total")),
      cache_size_bytes(registry.gauge("testgen_cache_size_bytes")),
      errors_total(registry.counters<2>("testgen_errors_total")),
      sla_availability_percent(registry.gauge("testgen_sla_availability_percent")),
      sla_availability_ratio(registry.gauge("testgen_sla_availability_ratio")),
      sla_response_time_seconds(registry.gauge("testgen_sla_response_time_seconds")),
      sla_error_rate_percent(registry.gauge("testgen_sla_error_rate_percent")),
      sla_error_rate_ratio(registry.gauge("testgen_sla_error_rate_ratio")),
      health_check_status(registry.gauges<1>("testgen_health_check_status")),
      health_check_age_seconds(registry.gauges<1>("testgen_health_check_age_seconds")),
      build_info(registry.gauges<1>("testgen_build_info")),
      process_cpu_seconds_total(registry.observed_counter("process_cpu_seconds_total")),
      process_resident_memory_bytes(registry.gauge("process_resident_memory_bytes")),
      process_virtual_memory_bytes(registry.gauge("process_virtual_memory_bytes")),
      process_open_fds(registry.gauge("process_open_fds")),
      process_max_fds(registry.gauge("process_max_fds")),
      process_threads(registry.gauge("process_threads")),
      process_start_time_seconds(registry.gauge("process_start_time_seconds")),
      memory_working_set_bytes(registry.gauge("testgen_memory_working_set_bytes")),
      memory_limit_bytes(registry.gauge("testgen_memory_limit_bytes")),
      telemetry_series_rejected_total(
          registry.observed_counters<1>("testgen_telemetry_series_rejected_total")),
      log_lines_total(registry.counters<1>("testgen_log_lines_total")),
      log_lines_dropped_total(registry.counters<1>("testgen_log_lines_dropped_total")),
      trace_ring_spans(registry.gauge("testgen_trace_ring_spans")),
      trace_ring_bytes(registry.gauge("testgen_trace_ring_bytes")),
      trace_ring_evicted_total(registry.counter("testgen_trace_ring_evicted_total")),
      otel_span_started_total(registry.counter("otel_sdk_span_started_total")),
      otel_span_live(registry.gauge("otel_sdk_span_live")),
      otel_span_queue_size(registry.gauge("otel_sdk_processor_span_queue_size")),
      otel_span_queue_capacity(registry.gauge("otel_sdk_processor_span_queue_capacity")),
      otel_span_processed_total(registry.counters<1>("otel_sdk_processor_span_processed_total")),
      otel_span_inflight(registry.gauge("otel_sdk_exporter_span_inflight")),
      otel_span_exported_total(registry.counters<1>("otel_sdk_exporter_span_exported_total")),
      otel_export_duration_seconds(
          registry.histogram("otel_sdk_exporter_operation_duration_seconds")) {}

void Metrics::expose_route(std::string_view method, std::string_view endpoint) {
  for (const int status : {200, 202, 400, 401, 404, 413, 429, 500, 503}) {
    (void)requests_total.with(method, endpoint, status);
  }
}

}  // namespace testgen::telemetry
