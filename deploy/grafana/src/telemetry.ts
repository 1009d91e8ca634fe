// Telemetry about telemetry: what observing costs, and above all what got lost on the way. Every
// loss is counted somewhere; here the counts are.
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { assemble } from './frame';
import { objectives } from './objectives';
import { atLeast, below, graph, latest, quantiles, series, stat } from './panels';
import { increaseOf, own, ownJob, rateOf } from './promql';

const lost = `${own}, error_type!=""`;
const sent = `${own}, error_type=""`;
// Reasons that never occurred would fill the legend.
const happened = (metric: string, by: string[]) => `60 * ${rateOf(metric, by, lost)} > 0`;
const perMinute = (metric: string, by: string[], selector = own) => `60 * ${rateOf(metric, by, selector)}`;

const glance = [
  stat(
    {
      title: 'Log lines lost',
      description: 'Over the chosen range, for any reason. Lines held back by a rate limit are among them.',
      unit: 'short',
      alert: 'TelemetryLost',
    },
    latest(increaseOf('testgen_log_lines_dropped_total')),
    below(1),
  ).decimals(0),
  stat(
    {
      title: 'Spans lost',
      description: 'Over the chosen range: dropped before the exporter or not taken by the receiver.',
      unit: 'short',
      alert: 'TelemetryLost',
    },
    latest(
      `${increaseOf('otel_sdk_processor_span_processed_total', [], lost)} + ${increaseOf('otel_sdk_exporter_span_exported_total', [], lost)}`,
    ),
    below(1),
  ).decimals(0),
  stat(
    {
      title: 'Metric points lost',
      description: 'Over the chosen range: data points and samples that no receiver took. The scrape is another way.',
      unit: 'short',
      alert: 'TelemetryLost',
    },
    latest(
      `${increaseOf('otel_sdk_exporter_metric_data_point_exported_total', [], lost)} + ${increaseOf('testgen_telemetry_pushed_total', [], lost)}`,
    ),
    below(1),
  ).decimals(0),
  stat(
    {
      title: 'Series refused',
      description: 'Label combinations past the cap of their family since the start; counted as "other" instead.',
      unit: 'short',
    },
    latest(`${increaseOf('testgen_telemetry_series_rejected_total')} or vector(0)`),
    below(1),
  ).decimals(0),
  stat(
    { title: 'Series held', description: 'Series of metrics that the chosen instances hold.', unit: 'short' },
    latest(`sum(testgen_telemetry_series{${own}})`),
  ),
  stat(
    { title: 'Memory of the metrics', description: "Of all families, with every thread's cells.", unit: 'bytes' },
    latest(`sum(testgen_telemetry_metrics_bytes{${own}})`),
  ),
  graph(
    {
      title: 'Telemetry lost, 10 minutes',
      description:
        'What was lost within 10 minutes, by signal; log lines held back by a rate limit are not among it. The line is TelemetryLost.',
      unit: 'short',
      alert: 'TelemetryLost',
    },
    [series(`sum by (signal) (job_signal:testgen_telemetry_lost:increase10m{${ownJob}})`, '{{signal}}')],
    below(objectives.telemetryLost),
  ).span(24),
];

const metrics = [
  graph(
    {
      title: 'Time to collect all metrics',
      description: 'For one scrape inside the service, p50 and p99; and the whole scrape as Prometheus sees it.',
      unit: 's',
    },
    [
      ...quantiles('otel_sdk_metric_reader_collection_duration_seconds', [0.5, 0.99]),
      series(`max(scrape_duration_seconds{${own}})`, 'scrape'),
    ],
  ),
  graph(
    {
      title: 'Series and samples',
      description: 'Series held by each instance, and samples that its last scrape brought.',
      unit: 'short',
    },
    [
      series(`sum by (instance) (testgen_telemetry_series{${own}})`, '{{instance}} series'),
      series(`sum by (instance) (scrape_samples_scraped{${own}} and on (job, instance) testgen_build_info{${own}})`, '{{instance}} samples'),
    ],
  ),
  graph(
    {
      title: 'Memory of telemetry',
      description: 'Of the metrics, and of the spans kept for reading traces back.',
      unit: 'bytes',
    },
    [
      series(`sum by (instance) (testgen_telemetry_metrics_bytes{${own}})`, '{{instance}} metrics'),
      series(`sum by (instance) (testgen_trace_ring_bytes{${own}})`, '{{instance}} spans'),
    ],
  ),
];

const logs = [
  graph(
    { title: 'Log lines by level', description: 'Lines a minute that the log accepted, by level.', unit: 'short', logs: '' },
    [series(perMinute('testgen_log_lines_total', ['level']), '{{level}}')],
  ),
  graph(
    {
      title: 'Log lines lost by reason',
      description: 'Lines a minute that were lost, by reason. Zero while all is well.',
      unit: 'short',
    },
    [series(perMinute('testgen_log_lines_dropped_total', ['reason']), '{{reason}}')],
  ),
  graph(
    {
      title: 'Log records sent and lost',
      description: 'Records a minute that the receiver took, and those it did not, by reason. Empty without a receiver.',
      unit: 'short',
    },
    [
      series(perMinute('otel_sdk_exporter_log_exported_total', [], sent), 'sent'),
      series(happened('otel_sdk_exporter_log_exported_total', ['error_type']), 'lost: {{error_type}}'),
      series(happened('otel_sdk_processor_log_processed_total', ['error_type']), 'dropped: {{error_type}}'),
    ],
  ),
];

const traces = [
  graph(
    { title: 'Spans started', description: 'Spans started a second, and spans that have not ended.', unit: 'short' },
    [
      series(rateOf('otel_sdk_span_started_total'), 'started a second'),
      series(`sum(otel_sdk_span_live{${own}})`, 'not ended'),
    ],
  ),
  graph(
    {
      title: 'Spans kept for reading back',
      description: 'Spans in memory, and those a second that left it to make room.',
      unit: 'short',
    },
    [
      series(`sum by (instance) (testgen_trace_ring_spans{${own}})`, '{{instance}} kept'),
      series(rateOf('testgen_trace_ring_evicted_total', ['instance']), '{{instance}} left a second'),
    ],
  ),
  graph(
    {
      title: 'Spans sent and lost',
      description: 'Spans a minute that the receiver took, and those it did not, by reason. Empty without a receiver.',
      unit: 'short',
    },
    [
      series(perMinute('otel_sdk_exporter_span_exported_total', [], sent), 'sent'),
      series(happened('otel_sdk_exporter_span_exported_total', ['error_type']), 'lost: {{error_type}}'),
      series(happened('otel_sdk_processor_span_processed_total', ['error_type']), 'dropped: {{error_type}}'),
    ],
  ),
];

const exports = [
  graph(
    {
      title: 'Queues before the receivers',
      description: 'Spans and log records that wait, as a share of the room there is. Full queues drop.',
      unit: 'percentunit',
    },
    [
      series(
        `sum(otel_sdk_processor_span_queue_size{${own}}) / (sum(otel_sdk_processor_span_queue_capacity{${own}}) > 0)`,
        'spans',
      ),
      series(
        `sum(otel_sdk_processor_log_queue_size{${own}}) / (sum(otel_sdk_processor_log_queue_capacity{${own}}) > 0)`,
        'log records',
      ),
    ],
  ).max(1),
  graph(
    {
      title: 'Time of an export',
      description: 'One request to a receiver of telemetry, p50 and p95.',
      unit: 's',
    },
    quantiles('otel_sdk_exporter_operation_duration_seconds', [0.5, 0.95]),
  ),
  graph(
    {
      title: 'Samples to other receivers',
      description: 'Samples a minute to DogStatsD, New Relic, a pushgateway or a file, and those lost, by reason.',
      unit: 'short',
    },
    [
      series(`${perMinute('testgen_telemetry_pushed_total', ['exporter'], sent)} > 0`, '{{exporter}}'),
      series(happened('testgen_telemetry_pushed_total', ['exporter', 'error_type']), '{{exporter}} lost: {{error_type}}'),
      series(perMinute('otel_sdk_exporter_metric_data_point_exported_total', [], sent), 'otlp'),
    ],
  ),
];

// Those who watch, watched: jobs of prometheus.yml.
const watchers = [
  graph(
    { title: 'Targets that answer', description: 'Share of the targets of each job that answered their last scrape.', unit: 'percentunit' },
    [series('avg by (job) (up{job=~".+"})', '{{job}}')],
    atLeast(1),
  ).max(1),
  graph(
    {
      title: 'Prometheus: rules',
      description: 'Time to judge each group of rules once, by group.',
      unit: 's',
    },
    [
      series(
        'max by (rule_group) (label_replace(prometheus_rule_group_last_duration_seconds{job="prometheus"}, "rule_group", "$1", "rule_group", ".*;(.*)"))',
        '{{rule_group}}',
      ),
    ],
  ),
  graph(
    {
      title: 'Notifications',
      description:
        'Notifications a minute from Prometheus to the Alertmanager and from there to people, and those that failed; tickets that the service kept, by what it did.',
      unit: 'short',
    },
    [
      series('60 * sum(rate(prometheus_notifications_sent_total{job="prometheus"}[$__rate_interval]))', 'to the Alertmanager'),
      series('60 * sum(rate(prometheus_notifications_dropped_total{job="prometheus"}[$__rate_interval]))', 'dropped'),
      series('60 * sum by (integration) (rate(alertmanager_notifications_total{job="alertmanager"}[$__rate_interval])) > 0', '{{integration}}'),
      series('60 * sum(rate(alertmanager_notifications_failed_total{job="alertmanager"}[$__rate_interval]))', 'failed'),
      series(`${perMinute('testgen_tickets_total', ['action'])} > 0`, 'ticket {{action}}'),
    ],
  ),
];

export function telemetry(): Dashboard {
  return assemble(
    'telemetry',
    'What observing costs and what got lost on the way: metrics, logs, traces, their receivers, and the watchers.',
    [],
    [
      ['Losses and size', glance],
      ['Metrics', metrics],
      ['Logs', logs],
      ['Traces', traces],
      ['Receivers', exports],
      ['Prometheus and Alertmanager', watchers],
    ],
  );
}
