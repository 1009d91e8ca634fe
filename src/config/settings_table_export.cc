// The rows of the settings table about what leaves the process. Names and defaults of variables
// that begin with OTEL_ are OpenTelemetry's; a plain number in them is milliseconds.
#include <array>

#include "config/settings_table_parts.h"

namespace testgen::config {
namespace {

constexpr double kHour = 3'600'000;
constexpr std::string_view kExport = "Where telemetry goes";

// The texts of one scope's eight rows.
struct OtlpRow {
  std::string_view name;
  std::string_view variable;
  std::string_view help;
};
using OtlpRows = std::array<OtlpRow, 8>;

template <Signal S>
void add_otlp(std::vector<Setting>& rows, const OtlpRows& texts) {
  using Of = OtlpSettings<S>;
  constexpr bool kAll = S == Signal::All;
  rows.push_back({.name = texts[0].name,
                  .group = kExport,
                  .kind = Kind::Text,
                  .placeholder = "URL",
                  .environment = texts[0].variable,
                  .commands = kAll ? kGenerate | kServe | kScan : 0U,
                  .in_file = InFile::Named,
                  .help = texts[0].help,
                  .field = &Of::endpoint});
  rows.push_back({.name = texts[1].name,
                  .group = kExport,
                  .kind = Kind::Choice,
                  .placeholder = "PROTOCOL",
                  .default_text = kAll ? "http/protobuf" : "",
                  .choices = {"http/protobuf", "http/json"},
                  .environment = texts[1].variable,
                  .in_file = InFile::Named,
                  .help = texts[1].help,
                  .field = &Of::protocol});
  rows.push_back({.name = texts[2].name,
                  .group = kExport,
                  .kind = Kind::Choice,
                  .placeholder = "METHOD",
                  .default_text = kAll ? "none" : "",
                  .choices = {"none", "gzip"},
                  .environment = texts[2].variable,
                  .in_file = InFile::Named,
                  .help = texts[2].help,
                  .field = &Of::compression});
  rows.push_back({.name = texts[3].name,
                  .group = kExport,
                  .kind = Kind::Text,
                  .placeholder = "KEY=VALUE,…",
                  .environment = texts[3].variable,
                  .in_file = InFile::Never,
                  .secret = true,
                  .help = texts[3].help,
                  .field = &Of::headers});
  rows.push_back({.name = texts[4].name,
                  .group = kExport,
                  .kind = Kind::Duration,
                  .placeholder = "TIME",
                  .default_text = kAll ? "10s" : "",
                  .minimum = 1,
                  .maximum = kHour,
                  .environment = texts[4].variable,
                  .in_file = InFile::Named,
                  .help = texts[4].help,
                  .field = &Of::timeout});
  const std::array<std::string Of::*, 3> files{&Of::certificate, &Of::client_certificate,
                                               &Of::client_key};
  for (std::size_t i = 0; i < files.size(); ++i) {
    rows.push_back({.name = texts[5 + i].name,
                    .group = kExport,
                    .kind = Kind::Path,
                    .placeholder = "FILE",
                    .environment = texts[5 + i].variable,
                    .in_file = InFile::Named,
                    .help = texts[5 + i].help,
                    .field = files[i]});
  }
}

constexpr OtlpRows kAllSignals{
    {{"otlp-endpoint", "OTEL_EXPORTER_OTLP_ENDPOINT",
      "Receiver of traces, metrics and logs over OTLP/HTTP; none are sent when not given"},
     {"otlp-protocol", "OTEL_EXPORTER_OTLP_PROTOCOL", "Encoding of OTLP"},
     {"otlp-compression", "OTEL_EXPORTER_OTLP_COMPRESSION", "Compression of OTLP"},
     {"otlp-headers", "OTEL_EXPORTER_OTLP_HEADERS", "Headers of OTLP requests, such as api-key=…"},
     {"otlp-timeout", "OTEL_EXPORTER_OTLP_TIMEOUT", "Longest time for one OTLP request"},
     {"otlp-certificate", "OTEL_EXPORTER_OTLP_CERTIFICATE",
      "PEM file of the authorities to trust, in place of the system's"},
     {"otlp-client-certificate", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
      "PEM file of our own certificate, for mutual TLS"},
     {"otlp-client-key", "OTEL_EXPORTER_OTLP_CLIENT_KEY", "PEM file of its key"}}};
constexpr OtlpRows kTraces{
    {{"otlp-traces-endpoint", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
      "The whole URL for traces, in place of otlp-endpoint and its path"},
     {"otlp-traces-protocol", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "otlp-protocol for traces"},
     {"otlp-traces-compression", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
      "otlp-compression for traces"},
     {"otlp-traces-headers", "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "otlp-headers for traces"},
     {"otlp-traces-timeout", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "otlp-timeout for traces"},
     {"otlp-traces-certificate", "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE",
      "otlp-certificate for traces"},
     {"otlp-traces-client-certificate", "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE",
      "otlp-client-certificate for traces"},
     {"otlp-traces-client-key", "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY",
      "otlp-client-key for traces"}}};
constexpr OtlpRows kMetrics{
    {{"otlp-metrics-endpoint", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
      "The whole URL for metrics, in place of otlp-endpoint and its path"},
     {"otlp-metrics-protocol", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "otlp-protocol for metrics"},
     {"otlp-metrics-compression", "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION",
      "otlp-compression for metrics"},
     {"otlp-metrics-headers", "OTEL_EXPORTER_OTLP_METRICS_HEADERS", "otlp-headers for metrics"},
     {"otlp-metrics-timeout", "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "otlp-timeout for metrics"},
     {"otlp-metrics-certificate", "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE",
      "otlp-certificate for metrics"},
     {"otlp-metrics-client-certificate", "OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE",
      "otlp-client-certificate for metrics"},
     {"otlp-metrics-client-key", "OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY",
      "otlp-client-key for metrics"}}};
constexpr OtlpRows kLogs{
    {{"otlp-logs-endpoint", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
      "The whole URL for logs, in place of otlp-endpoint and its path"},
     {"otlp-logs-protocol", "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "otlp-protocol for logs"},
     {"otlp-logs-compression", "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "otlp-compression for logs"},
     {"otlp-logs-headers", "OTEL_EXPORTER_OTLP_LOGS_HEADERS", "otlp-headers for logs"},
     {"otlp-logs-timeout", "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "otlp-timeout for logs"},
     {"otlp-logs-certificate", "OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", "otlp-certificate for logs"},
     {"otlp-logs-client-certificate", "OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE",
      "otlp-client-certificate for logs"},
     {"otlp-logs-client-key", "OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY", "otlp-client-key for logs"}}};

Setting duration(std::string_view name, std::string_view variable, std::string_view usual,
                 std::string_view help, std::chrono::milliseconds Settings::*field) {
  return {.name = name,
          .group = kExport,
          .kind = Kind::Duration,
          .placeholder = "TIME",
          .default_text = usual,
          .maximum = kHour,
          .environment = variable,
          .help = help,
          .field = field};
}

Setting count(std::string_view name, std::string_view variable, std::string_view usual,
              std::string_view help, std::uint64_t Settings::*field) {
  return {.name = name,
          .group = kExport,
          .kind = Kind::Count,
          .placeholder = "N",
          .default_text = usual,
          .minimum = 1,
          .maximum = 1e6,
          .environment = variable,
          .help = help,
          .field = field};
}

Setting choice(std::string_view name, std::string_view variable, std::string_view usual,
               std::vector<std::string_view> choices, std::string_view help,
               std::string Settings::*field) {
  return {.name = name,
          .group = kExport,
          .kind = Kind::Choice,
          .placeholder = "NAME",
          .default_text = usual,
          .choices = std::move(choices),
          .environment = variable,
          .help = help,
          .field = field};
}

void add_sdk(std::vector<Setting>& rows) {
  rows.push_back({.name = "telemetry-off",
                  .group = kExport,
                  .kind = Kind::Switch,
                  .default_text = "false",
                  .environment = "OTEL_SDK_DISABLED",
                  .help = "Record no spans and send nothing; /metrics and the log stay",
                  .field = &Settings::sdk_disabled});
  rows.push_back(
      {.name = "resource-attributes",
       .group = kExport,
       .kind = Kind::Text,
       .placeholder = "KEY=VALUE,…",
       .environment = "OTEL_RESOURCE_ATTRIBUTES",
       .help = "What else to say about this process, such as deployment.environment=prod",
       .field = &Settings::resource_attributes});
  rows.push_back(choice("traces-exporter", "OTEL_TRACES_EXPORTER", "", {"otlp", "none"},
                        "Whether traces are sent; without it they are when there is an endpoint",
                        &Settings::traces_exporter));
  rows.push_back(choice("metrics-exporter", "OTEL_METRICS_EXPORTER", "", {"otlp", "none"},
                        "Whether metrics are sent; without it they are when there is an endpoint",
                        &Settings::metrics_exporter));
  rows.push_back(choice("logs-exporter", "OTEL_LOGS_EXPORTER", "", {"otlp", "none"},
                        "Whether logs are sent; without it they are when there is an endpoint",
                        &Settings::logs_exporter));
}

void add_sampling(std::vector<Setting>& rows) {
  rows.push_back(
      choice("trace-sampler", "OTEL_TRACES_SAMPLER", "parentbased_traceidratio",
             {"always_on", "always_off", "traceidratio", "parentbased_always_on",
              "parentbased_always_off", "parentbased_traceidratio"},
             "Which traces are sent; those with an error or a slow request are in any case",
             &Settings::trace_sampler));
  rows.push_back({.name = "trace-ratio",
                  .group = kExport,
                  .kind = Kind::Ratio,
                  .placeholder = "RATIO",
                  .default_text = "1",
                  .maximum = 1,
                  .environment = "OTEL_TRACES_SAMPLER_ARG",
                  .commands = kServe,
                  .help = "Share of new traces that are sent, for the traceidratio samplers",
                  .field = &Settings::trace_ratio});
  rows.push_back(duration("trace-slow-request", "TESTGEN_TRACE_SLOW_REQUEST", "2s",
                          "A request this slow has its trace sent, whatever the sampler says",
                          &Settings::trace_slow_request));
  rows.push_back(duration("trace-slow-job", "TESTGEN_TRACE_SLOW_JOB", "30s",
                          "A job this slow has its trace sent, whatever the sampler says",
                          &Settings::trace_slow_job));
}

void add_propagation(std::vector<Setting>& rows) {
  rows.push_back(
      choice("propagators", "OTEL_PROPAGATORS", "tracecontext,baggage",
             {"tracecontext,baggage", "baggage,tracecontext", "tracecontext", "baggage", "none"},
             "Which of a caller's headers are followed; with none every request "
             "begins a trace of its own",
             &Settings::propagators));
}

void add_limits(std::vector<Setting>& rows) {
  rows.push_back(count("attribute-count-limit", "OTEL_ATTRIBUTE_COUNT_LIMIT", "128",
                       "Most attributes of a span, and of each of its events; more are dropped",
                       &Settings::attribute_count_limit));
  rows.push_back(count("span-attribute-count-limit", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "",
                       "The same for spans alone", &Settings::span_attribute_count_limit));
  rows.push_back(count("event-attribute-count-limit", "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "",
                       "The same for events alone", &Settings::event_attribute_count_limit));
  rows.push_back(count("span-event-count-limit", "OTEL_SPAN_EVENT_COUNT_LIMIT", "128",
                       "Most events of a span; more are dropped",
                       &Settings::span_event_count_limit));
  rows.push_back(count("attribute-length-limit", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "4095",
                       "Longest text of an attribute, in bytes; longer ones are cut",
                       &Settings::attribute_length_limit));
  rows.push_back(count("span-attribute-length-limit", "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "",
                       "The same for spans alone", &Settings::span_attribute_length_limit));
  rows.push_back(count("log-attribute-count-limit", "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "",
                       "The same for lines of the log, in every format",
                       &Settings::log_attribute_count_limit));
  rows.push_back(count("log-attribute-length-limit", "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
                       "", "The same for lines of the log, in every format",
                       &Settings::log_attribute_length_limit));
  for (Setting& row : rows) {
    if (row.name.ends_with("attribute-length-limit")) row.maximum = 65'535;
  }
}

void add_batches(std::vector<Setting>& rows) {
  rows.push_back(duration("span-delay", "OTEL_BSP_SCHEDULE_DELAY", "5s",
                          "Longest time a span waits for a batch", &Settings::span_delay));
  rows.push_back(duration("span-timeout", "OTEL_BSP_EXPORT_TIMEOUT", "30s",
                          "Longest time for one batch of spans, with retries",
                          &Settings::span_timeout));
  rows.push_back(count("span-queue", "OTEL_BSP_MAX_QUEUE_SIZE", "2048",
                       "Spans that may wait; more are dropped and counted", &Settings::span_queue));
  rows.push_back(count("span-batch", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "512",
                       "Most spans in one request", &Settings::span_batch));
  rows.push_back(duration("log-delay", "OTEL_BLRP_SCHEDULE_DELAY", "1s",
                          "Longest time a log record waits for a batch", &Settings::log_delay));
  rows.push_back(duration("log-timeout", "OTEL_BLRP_EXPORT_TIMEOUT", "30s",
                          "Longest time for one batch of log records, with retries",
                          &Settings::log_timeout));
  rows.push_back(count("log-queue", "OTEL_BLRP_MAX_QUEUE_SIZE", "2048",
                       "Log records that may wait; more are dropped and counted",
                       &Settings::log_queue));
  rows.push_back(count("log-batch", "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "512",
                       "Most log records in one request", &Settings::log_batch));
  rows.push_back(duration("metric-interval", "OTEL_METRIC_EXPORT_INTERVAL", "1m",
                          "Time between two exports of metrics", &Settings::metric_interval));
  rows.back().minimum = 100;
  rows.push_back(duration("metric-timeout", "OTEL_METRIC_EXPORT_TIMEOUT", "30s",
                          "Longest time for one export of metrics, with retries",
                          &Settings::metric_timeout));
  rows.push_back(choice("otlp-temporality", "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
                        "cumulative", {"cumulative", "delta", "lowmemory"},
                        "Whether counters are sent as totals or as what was added",
                        &Settings::metric_temporality));
  rows.push_back(choice("otlp-histograms",
                        "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
                        "explicit_bucket_histogram",
                        {"explicit_bucket_histogram", "base2_exponential_bucket_histogram"},
                        "Buckets of histograms that are sent", &Settings::metric_histograms));
}

void add_others(std::vector<Setting>& rows) {
  rows.push_back({.name = "dogstatsd",
                  .group = kExport,
                  .kind = Kind::Text,
                  .placeholder = "URL",
                  .environment = "DD_DOGSTATSD_URL",
                  .commands = kServe,
                  .in_file = InFile::Named,
                  .help = "Datadog agent, such as udp://127.0.0.1:8125 or unix:///path",
                  .field = &Settings::dogstatsd});
  rows.push_back({.name = "dogstatsd-tags",
                  .group = kExport,
                  .kind = Kind::Text,
                  .placeholder = "TAG,…",
                  .environment = "DD_TAGS",
                  .help = "Tags of everything sent there, such as env:prod,team:qa",
                  .field = &Settings::dogstatsd_tags});
  rows.push_back(duration("dogstatsd-interval", "TESTGEN_DOGSTATSD_INTERVAL", "10s",
                          "Time between two flushes to the Datadog agent",
                          &Settings::dogstatsd_interval));
  rows.back().minimum = 100;
  rows.push_back({.name = "new-relic-key",
                  .group = kExport,
                  .kind = Kind::Text,
                  .placeholder = "KEY",
                  .environment = "TESTGEN_NEW_RELIC_KEY",
                  .in_file = InFile::Never,
                  .secret = true,
                  .help = "Licence key; with it metrics go to New Relic's Metric API",
                  .field = &Settings::new_relic_key});
  rows.push_back({.name = "new-relic-url",
                  .group = kExport,
                  .kind = Kind::Text,
                  .placeholder = "URL",
                  .environment = "TESTGEN_NEW_RELIC_URL",
                  .in_file = InFile::Named,
                  .help = "The Metric API's address; without it the key's region decides",
                  .field = &Settings::new_relic_url});
  rows.push_back({.name = "pushgateway",
                  .group = kExport,
                  .kind = Kind::Text,
                  .placeholder = "URL",
                  .environment = "TESTGEN_PUSHGATEWAY",
                  .commands = kGenerate | kScan,
                  .in_file = InFile::Named,
                  .help = "Prometheus pushgateway that gets the metrics of the run at its end",
                  .field = &Settings::pushgateway});
  rows.push_back(
      {.name = "metrics-file",
       .group = kExport,
       .kind = Kind::Path,
       .placeholder = "FILE",
       .environment = "TESTGEN_METRICS_FILE",
       .commands = kGenerate | kScan,
       .in_file = InFile::Named,
       .help = "Write the metrics of the run there, for node_exporter's textfile collector",
       .field = &Settings::metrics_file});
}

}  // namespace

void add_export_settings(std::vector<Setting>& rows) {
  add_otlp<Signal::All>(rows, kAllSignals);
  add_otlp<Signal::Traces>(rows, kTraces);
  add_otlp<Signal::Metrics>(rows, kMetrics);
  add_otlp<Signal::Logs>(rows, kLogs);
  add_sdk(rows);
  add_propagation(rows);
  add_sampling(rows);
  add_limits(rows);
  add_batches(rows);
  add_others(rows);
  // What cannot be given as a flag has nothing to show in --help.
  for (Setting& row : rows) {
    if (row.commands == 0) row.placeholder = {};
  }
}

}  // namespace testgen::config
