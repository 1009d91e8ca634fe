// What the service cannot know of itself: probes from outside, the certificate that clients see, and
// which warnings last or come back.
import { objectives } from './objectives';
import { atLeast, graph, kQuarter, passesOrFails, series, states } from './panels';
import { own, ownJob } from './promql';

export const outsidePanels = [
  states(
    {
      title: 'Probes from outside',
      description: 'One bar for each address that the blackbox exporter asks, through whatever stands in front: green while it answers.',
      unit: 'short',
      alert: 'ProbeFailing',
    },
    [series('min by (instance) (probe_success{job="blackbox"})', '{{instance}}')],
    passesOrFails,
  ).span(kQuarter),
  graph(
    {
      title: 'Time until the certificate expires',
      description: 'Of the certificate that each instance serves. The line is CertificateExpiresSoon. Empty without TLS.',
      unit: 's',
      alert: 'CertificateExpiresSoon',
    },
    [
      series(
        `min by (instance) (testgen_tls_certificate_expiry_timestamp_seconds{${own}} > 0) - time()`,
        '{{instance}}',
      ),
    ],
    atLeast(objectives.certificateDays * 86400),
  ).span(kQuarter),
  states(
    {
      title: 'Warnings that fire',
      description: 'One bar for each warning while it fires. One that lasts for two hours gets a ticket.',
      unit: 'short',
      alert: 'WarningPersists',
    },
    [
      series(
        'max by (alertname) (ALERTS{alertstate="firing", severity="warning", service="testgen-copilot"})',
        '{{alertname}}',
      ),
    ],
    [{ value: 1, text: 'fires', color: 'orange' }],
  ).span(kQuarter),
  graph(
    {
      title: 'Warnings that come back',
      description: 'How often each warning began to fire within a day. The line is WarningReturns: three times get a ticket.',
      unit: 'short',
      alert: 'WarningReturns',
    },
    [series(`sum by (alertname) (alertname_job:testgen_warning_starts:count1d{${ownJob}})`, '{{alertname}}')],
    [
      [0, 'transparent'],
      [objectives.warningStartsADay, 'orange'],
    ],
  ).span(kQuarter),
];
