// Every metric of the program as a typed handle, bound at start to its row of the catalogue.
//   metrics.requests_total.with("POST", "/v1/generate", 202).add();
//   metrics.request_duration_seconds.observe(seconds, span.context());
// Names, labels and meanings are in catalogue.cc. Thread-safe; handles live as long as this.
#pragma once

#include <string_view>

#include "telemetry/metrics/registry.h"

namespace testgen::telemetry {

struct Metrics {
  explicit Metrics(Registry& registry);

  // Requests, as the HTTP layer answers them.
  CounterFamily<3> requests_total;  // method, endpoint (route template), status (code)
  Histogram request_duration_seconds;
  Gauge active_requests;
  Histogram request_size_bytes;   // shown only with debug metrics
  Histogram response_size_bytes;  // shown only with debug metrics

  // Generation.
  CounterFamily<1> tests_generated_total;          // language
  HistogramFamily<1> generation_duration_seconds;  // language
  Histogram file_size_bytes;
  Histogram test_quality_score;
  CounterFamily<1> security_issues_total;     // severity
  HistogramFamily<1> stage_duration_seconds;  // stage
  CounterFamily<2> stage_outcomes_total;      // stage, outcome
  CounterFamily<1> sandbox_runs_total;        // outcome

  // Jobs.
  Gauge queue_length;
  Histogram job_duration_seconds;
  Histogram job_wait_seconds;
  Histogram queue_wait_seconds;  // shown only with debug metrics
  CounterFamily<1> jobs_total;   // outcome

  // Models.
  CounterFamily<2> llm_requests_total;  // provider, status
  CounterFamily<2> llm_tokens_total;    // provider, type
  CounterFamily<2> llm_errors_total;    // provider, error_type

  // Cache.
  Counter cache_hits_total;
  Counter cache_misses_total;
  Gauge cache_size_bytes;

  CounterFamily<2> errors_total;  // type (base::ErrorCode's name), component

  // Objectives over the sliding window; set by Telemetry from its SlaWindow.
  Gauge sla_availability_percent;
  Gauge sla_availability_ratio;
  Gauge sla_response_time_seconds;
  Gauge sla_error_rate_percent;
  Gauge sla_error_rate_ratio;

  // Health.
  GaugeFamily<1> health_check_status;       // check
  GaugeFamily<1> health_check_age_seconds;  // check

  // The process and its limits; read at each scrape.
  GaugeFamily<1> build_info;  // version
  ObservedCounter process_cpu_seconds_total;
  Gauge process_resident_memory_bytes;
  Gauge process_virtual_memory_bytes;
  Gauge process_open_fds;
  Gauge process_max_fds;
  Gauge process_threads;
  Gauge process_start_time_seconds;
  Gauge memory_working_set_bytes;
  Gauge memory_limit_bytes;

  // Telemetry about telemetry.
  ObservedCounterFamily<1> telemetry_series_rejected_total;  // family
  CounterFamily<1> log_lines_total;                          // level
  CounterFamily<1> log_lines_dropped_total;                  // reason
  Gauge trace_ring_spans;
  Gauge trace_ring_bytes;
  Counter trace_ring_evicted_total;
  Counter otel_span_started_total;
  Gauge otel_span_live;
  Gauge otel_span_queue_size;
  Gauge otel_span_queue_capacity;
  CounterFamily<1> otel_span_processed_total;  // error_type, empty when handed on
  Gauge otel_span_inflight;
  CounterFamily<1> otel_span_exported_total;  // error_type, empty when accepted
  Histogram otel_export_duration_seconds;

  // Shows the series of a route at zero for the usual status codes before its first request.
  void expose_route(std::string_view method, std::string_view endpoint);
};

}  // namespace testgen::telemetry
