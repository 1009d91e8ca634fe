#include "app/telemetry_options.h"

#include <algorithm>
#include <sstream>

#include "app/version.h"
#include "telemetry/tracing/baggage.h"

namespace testgen::app {
namespace {

using config::OtlpSettings;
using config::Signal;
using telemetry::OtlpTarget;

// Where OpenTelemetry's exporters send to when they are asked for without an address.
constexpr std::string_view kLocalCollector = "http://localhost:4318";

const std::string& first_of(const std::string& own, const std::string& general) {
  return own.empty() ? general : own;
}

// Empty: the signal is not sent.
std::string url_of(const std::string& own, const std::string& general, std::string_view exporter,
                   std::string_view signal) {
  if (exporter == "none") return "";
  if (!own.empty()) return own;  // exactly as it is
  if (!general.empty()) return telemetry::signal_url(general, signal);
  return exporter == "otlp" ? telemetry::signal_url(kLocalCollector, signal) : "";
}

template <Signal S>
OtlpTarget target(const config::Settings& settings, std::string_view exporter,
                  std::string_view signal, std::chrono::milliseconds total) {
  const OtlpSettings<S>& own = settings.otlp<S>();
  const OtlpSettings<Signal::All>& general = settings.otlp<Signal::All>();
  OtlpTarget target;
  target.url = url_of(own.endpoint, general.endpoint, exporter, signal);
  target.protocol = first_of(own.protocol, general.protocol) == "http/json"
                        ? telemetry::OtlpProtocol::HttpJson
                        : telemetry::OtlpProtocol::HttpProtobuf;
  target.gzip = first_of(own.compression, general.compression) == "gzip";
  for (auto& member : telemetry::parse_baggage(first_of(own.headers, general.headers))) {
    target.headers.emplace_back(std::move(member.key), std::move(member.value));
  }
  target.times.attempt = own.timeout.count() > 0 ? own.timeout : general.timeout;
  target.times.total = std::max(total, target.times.attempt);
  target.tls = {first_of(own.certificate, general.certificate),
                first_of(own.client_certificate, general.client_certificate),
                first_of(own.client_key, general.client_key)};
  return target;
}

// "env:prod,team:qa", separated by commas or blanks as Datadog's own clients take them.
std::vector<std::string> split_tags(std::string text) {
  std::replace(text.begin(), text.end(), ',', ' ');
  std::istringstream words(text);
  std::vector<std::string> tags;
  for (std::string tag; words >> tag;) tags.push_back(tag);
  return tags;
}

std::uint64_t first_of(std::uint64_t own, std::uint64_t general) {
  return own == 0 ? general : own;
}

telemetry::SpanLimits span_limits(const config::Settings& settings) {
  return {
      .attributes = first_of(settings.span_attribute_count_limit, settings.attribute_count_limit),
      .events = settings.span_event_count_limit,
      .event_attributes =
          first_of(settings.event_attribute_count_limit, settings.attribute_count_limit),
      .text_bytes =
          first_of(settings.span_attribute_length_limit, settings.attribute_length_limit)};
}

telemetry::ExportOptions export_options(const config::Settings& settings) {
  telemetry::ExportOptions options;
  for (auto& member : telemetry::parse_baggage(settings.resource_attributes)) {
    // These two have settings of their own, which win.
    if (member.key == "service.name" || member.key == "service.version") continue;
    options.resource.emplace_back(std::move(member.key), std::move(member.value));
  }
  options.traces =
      target<Signal::Traces>(settings, settings.traces_exporter, "traces", settings.span_timeout);
  options.metrics = target<Signal::Metrics>(settings, settings.metrics_exporter, "metrics",
                                            settings.metric_timeout);
  options.logs =
      target<Signal::Logs>(settings, settings.logs_exporter, "logs", settings.log_timeout);
  options.span_batch = {settings.span_delay, settings.span_queue, settings.span_batch};
  options.log_batch = {settings.log_delay, settings.log_queue, settings.log_batch};
  options.metric_interval = settings.metric_interval;
  options.metric_encoding.temporality =
      settings.metric_temporality == "delta"       ? telemetry::Temporality::Delta
      : settings.metric_temporality == "lowmemory" ? telemetry::Temporality::LowMemory
                                                   : telemetry::Temporality::Cumulative;
  options.metric_encoding.exponential_histograms =
      settings.metric_histograms == "base2_exponential_bucket_histogram";
  options.dogstatsd.url = settings.dogstatsd;
  options.dogstatsd.tags = split_tags(settings.dogstatsd_tags);
  options.dogstatsd.interval = settings.dogstatsd_interval;
  options.new_relic.key = settings.new_relic_key;
  options.new_relic.url = settings.new_relic_url;
  options.new_relic.interval = settings.metric_interval;
  options.final_push.pushgateway = settings.pushgateway;
  options.final_push.textfile = settings.metrics_file;
  return options;
}

}  // namespace

telemetry::TelemetryOptions telemetry_options(const config::Settings& settings) {
  telemetry::TelemetryOptions options;
  options.version = std::string(version());
  options.service_name = settings.service_name;
  options.debug_metrics = settings.debug_metrics;
  options.native_histograms = settings.native_histograms;
  options.tracing.enabled = !settings.sdk_disabled;
  options.tracing.limits = span_limits(settings);
  // The settings table has checked both names.
  options.tracing.propagators =
      telemetry::propagators_from(settings.propagators).value_or(options.tracing.propagators);
  options.tracing.sampler = telemetry::sampler_from(settings.trace_sampler, settings.trace_ratio)
                                .value_or(options.tracing.sampler);
  options.tracing.slow_request = settings.trace_slow_request;
  options.tracing.slow_job = settings.trace_slow_job;
  if (settings.trace_memory > 0) options.tracing.ring_bytes = settings.trace_memory;
  if (settings.metric_series_limit > 0) {
    options.series_limit = static_cast<std::uint32_t>(settings.metric_series_limit);
  }
  if (!settings.sdk_disabled) options.exports = export_options(settings);
  return options;
}

}  // namespace testgen::app
