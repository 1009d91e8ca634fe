// The settings of what leaves the process: OpenTelemetry's variables and those of other
// receivers. Part of Settings; plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace testgen::config {

// The four scopes OTLP's variables come in: one for all signals, and one for each.
enum class Signal { All, Traces, Metrics, Logs };

// What OTEL_EXPORTER_OTLP_<SIGNAL>_… say. One base class for each scope, because the table
// points at members.
template <Signal>
struct OtlpSettings {
  std::string endpoint;
  std::string protocol;
  std::string compression;
  std::string headers;  // a secret: may hold a key
  std::chrono::milliseconds timeout{0};
  std::string certificate;
  std::string client_certificate;
  std::string client_key;
};

struct ExportSettings : OtlpSettings<Signal::All>,
                        OtlpSettings<Signal::Traces>,
                        OtlpSettings<Signal::Metrics>,
                        OtlpSettings<Signal::Logs> {
  template <Signal S>
  [[nodiscard]] const OtlpSettings<S>& otlp() const {
    return *this;
  }

  bool sdk_disabled = false;
  std::string resource_attributes;
  std::string traces_exporter;  // empty: otlp when there is an endpoint
  std::string metrics_exporter;
  std::string logs_exporter;

  std::string propagators;
  std::string trace_sampler;
  double trace_ratio = 0;
  std::chrono::milliseconds trace_slow_request{0};
  std::chrono::milliseconds trace_slow_job{0};

  // Limits of spans; 0: as for all.
  std::uint64_t attribute_count_limit = 0;
  std::uint64_t span_attribute_count_limit = 0;
  std::uint64_t event_attribute_count_limit = 0;
  std::uint64_t span_event_count_limit = 0;
  std::uint64_t attribute_length_limit = 0;
  std::uint64_t span_attribute_length_limit = 0;
  std::uint64_t log_attribute_count_limit = 0;
  std::uint64_t log_attribute_length_limit = 0;
  std::uint64_t trace_memory = 0;         // bytes of finished spans
  std::uint64_t metric_series_limit = 0;  // 0: as the catalogue has it

  std::chrono::milliseconds span_delay{0};
  std::chrono::milliseconds span_timeout{0};
  std::uint64_t span_queue = 0;
  std::uint64_t span_batch = 0;
  std::chrono::milliseconds log_delay{0};
  std::chrono::milliseconds log_timeout{0};
  std::uint64_t log_queue = 0;
  std::uint64_t log_batch = 0;
  std::chrono::milliseconds metric_interval{0};
  std::chrono::milliseconds metric_timeout{0};
  std::string metric_temporality;
  std::string metric_histograms;

  std::string dogstatsd;
  std::string dogstatsd_tags;
  std::chrono::milliseconds dogstatsd_interval{0};
  std::string new_relic_key;  // a secret
  std::string new_relic_url;
  std::string pushgateway;
  std::string metrics_file;
};

}  // namespace testgen::config
