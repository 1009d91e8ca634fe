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
  Histogram http_loop_lag_seconds;

  // Who calls.
  CounterFamily<1> authentication_failures_total;  // reason
  Counter rate_limited_requests_total;
  Gauge tls_certificate_expiry_timestamp_seconds;
  CounterFamily<1> access_events_total;  // kind
  CounterFamily<1> tickets_total;        // action
  Histogram ticket_duration_seconds;
  Gauge active_users;
  Gauge active_sessions;
  Counter sessions_total;

  // How the program is used.
  CounterFamily<1> feature_uses_total;          // feature
  CounterFamily<1> feature_errors_total;        // feature
  HistogramFamily<1> feature_duration_seconds;  // feature
  CounterFamily<1> journey_steps_total;         // step

  // Generation.
  CounterFamily<1> tests_generated_total;          // language
  CounterFamily<1> tests_dropped_total;            // language
  HistogramFamily<1> generation_duration_seconds;  // language
  Histogram file_size_bytes;
  Histogram test_quality_score;
  Histogram mutation_score;
  HistogramFamily<1> coverage_ratio;            // kind
  CounterFamily<1> candidate_executions_total;  // language
  HistogramFamily<1> stage_duration_seconds;    // stage
  CounterFamily<2> stage_outcomes_total;        // stage, outcome

  // Untrusted code.
  CounterFamily<1> sandbox_runs_total;   // outcome
  CounterFamily<1> sandbox_kills_total;  // reason
  Histogram sandbox_run_duration_seconds;

  // Jobs.
  Gauge queue_length;
  Gauge jobs_running;
  Histogram job_duration_seconds;
  Histogram job_wait_seconds;
  Histogram queue_wait_seconds;  // shown only with debug metrics
  CounterFamily<1> jobs_total;   // outcome

  // The store.
  HistogramFamily<1> database_operation_duration_seconds;  // operation
  CounterFamily<1> database_errors_total;                  // operation

  // What users say of tests and findings.
  CounterFamily<1> feedback_total;       // rating
  CounterFamily<2> scan_feedback_total;  // rule, verdict
  Gauge scan_false_positive_ratio;
  Gauge scan_confirmed_ratio;
  Gauge user_satisfaction_ratio;

  // Models and scans.
  CounterFamily<2> llm_requests_total;                 // provider, status
  CounterFamily<2> llm_tokens_total;                   // provider, type
  CounterFamily<2> llm_errors_total;                   // provider, error_type
  HistogramFamily<1> llm_request_duration_seconds;     // provider
  HistogramFamily<1> llm_time_to_first_token_seconds;  // provider
  ObservedCounterFamily<1> llm_cost_dollars_total;     // provider
  Gauge llm_budget_dollars;
  Gauge llm_budget_spent_ratio;
  GaugeFamily<2> llm_circuit_state;                       // provider, state
  CounterFamily<1> llm_fallbacks_total;                   // provider
  CounterFamily<1> llm_retries_total;                     // provider
  CounterFamily<1> llm_lookups_total;                     // outcome
  CounterFamily<2> llm_proposals_total;                   // model, outcome
  HistogramFamily<1> llm_model_request_duration_seconds;  // model
  ObservedCounterFamily<1> llm_model_cost_dollars_total;  // model
  Gauge cost_per_kept_test_dollars;
  CounterFamily<1> security_issues_total;  // severity
  CounterFamily<2> scan_findings_total;    // rule, confidence
  Counter scan_lines_total;
  CounterFamily<1> scan_files_total;  // outcome
  Gauge scan_coverage_ratio;
  Histogram scan_duration_seconds;

  // Cache.
  Counter cache_hits_total;
  Counter cache_misses_total;
  Gauge cache_size_bytes;

  CounterFamily<2> errors_total;  // type (base::ErrorCode's name), component

  // Objectives over sliding windows; set by slo/slo_metrics.h. `window` is empty for 30 days.
  GaugeFamily<1> sla_availability_percent;
  GaugeFamily<1> sla_availability_ratio;
  GaugeFamily<1> sla_response_time_seconds;
  GaugeFamily<1> sla_error_rate_percent;
  GaugeFamily<1> sla_error_rate_ratio;
  GaugeFamily<1> slo_target;                        // objective
  GaugeFamily<2> slo_value;                         // objective, window
  GaugeFamily<2> slo_met;                           // objective, window
  GaugeFamily<2> slo_error_budget_remaining_ratio;  // objective, window

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
  ObservedCounter container_cpu_seconds_total;
  ObservedCounter container_cpu_throttled_seconds_total;
  ObservedCounter container_oom_kills_total;

  // Telemetry about telemetry.
  Gauge telemetry_series;
  Gauge telemetry_metrics_bytes;
  ObservedCounterFamily<1> telemetry_series_rejected_total;  // family
  CounterFamily<1> log_lines_total;                          // level
  CounterFamily<1> log_lines_dropped_total;                  // reason
  CounterFamily<1> log_fields_cut_total;                     // reason
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
  CounterFamily<2> telemetry_pushed_total;     // exporter, error_type (empty when sent)
  Histogram otel_collection_duration_seconds;  // of a scrape
  Gauge otel_log_queue_size;
  Gauge otel_log_queue_capacity;
  CounterFamily<1> otel_log_processed_total;  // error_type, empty when handed on
  Gauge otel_log_inflight;
  CounterFamily<1> otel_log_exported_total;  // error_type, empty when accepted
  Gauge otel_data_point_inflight;
  CounterFamily<1> otel_data_point_exported_total;  // error_type, empty when accepted

  // Shows the series of a route at zero for the usual status codes before its first request.
  void expose_route(std::string_view method, std::string_view endpoint);
};

}  // namespace testgen::telemetry
