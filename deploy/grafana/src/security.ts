// What the scanner finds, whether it is right, how much of the code it sees, and who knocks.
//
// A scan on a developer's machine or in CI begins at zero and hands its figures over when it ends
// (pushgateway, textfile): its counters are the scan's own totals, and the next scan replaces them.
// So these panels show totals and ratios of totals. increase() over replaced values would lie.
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { assemble } from './frame';
import { objectives } from './objectives';
import { type Step, atLeast, bars, below, graph, kQuarter, latest, quantiles, rate, series, stacked, stat, table } from './panels';
import { own, ownJob, share } from './promql';

const issues = `sum(testgen_security_issues_total{${own}})`;
const thousandLines = `sum(testgen_scan_lines_total{${own}}) / 1000`;
const verdict = (name: string) => `sum(testgen_scan_feedback_total{${own}, verdict="${name}"})`;
const judged = `sum(testgen_scan_feedback_total{${own}})`;
const byRule = (metric: string, selector: string) => `sum by (rule) (${metric}{${own}, ${selector}}) > 0`;
const found = (confidence: string) => byRule('testgen_scan_findings_total', `confidence="${confidence}"`);
const verdictOf = (name: string) => byRule('testgen_scan_feedback_total', `verdict="${name}"`);
const falseLimits: Step[] = [
  [0, 'green'],
  [objectives.falsePositiveRatio, 'red'],
];

const detection = [
  stat(
    {
      title: 'Findings in 1000 lines',
      description: 'Detection rate: findings over thousands of lines scanned.',
      unit: 'short',
    },
    latest(share(issues, thousandLines)),
  )
    .decimals(2)
    .noValue('no scan'),
  stat(
    {
      title: 'Confirmed',
      description: 'Share of the judged findings that their readers confirmed.',
      unit: 'percentunit',
    },
    latest(share(verdict('confirmed'), judged)),
    atLeast(0.7),
  ).noValue('none judged'),
  stat(
    {
      title: 'False positives',
      description: 'Share of the judged findings that their readers called wrong.',
      unit: 'percentunit',
      alert: 'HighFalsePositiveRate',
    },
    latest(share(verdict('false_positive'), judged)),
    falseLimits,
  ).noValue('none judged'),
  stat(
    {
      title: 'Critical and high findings',
      description: 'Findings of these two severities in the newest scans.',
      unit: 'short',
    },
    latest(`sum(testgen_security_issues_total{${own}, severity=~"critical|high"})`),
    below(1),
  ),
  stat(
    { title: 'Lines scanned', description: 'Lines of source in the newest scans.', unit: 'short' },
    latest(`sum(testgen_scan_lines_total{${own}})`),
  ),
  stat(
    {
      title: 'Code that could be followed',
      description: 'Share of the code that the newest scans could parse, the worst of them. What is not parsed is not seen.',
      unit: 'percentunit',
    },
    latest(`min(testgen_scan_coverage_ratio{${own}} > 0)`),
    atLeast(0.95),
  ).noValue('no scan'),
  bars(
    { title: 'Findings by severity', description: 'Findings of the newest scans, by severity.', unit: 'short' },
    [latest(`sum by (severity) (testgen_security_issues_total{${own}})`, '{{severity}}')],
  ),
  bars(
    {
      title: 'Findings by type',
      description: 'The ten rules that found most in the newest scans. A type of issue is what one rule looks for.',
      unit: 'short',
    },
    [latest(`topk(10, sum by (rule) (testgen_scan_findings_total{${own}}) > 0)`, '{{rule}}')],
    [[0, 'orange']],
  ),
  graph(
    {
      title: 'Detection rate',
      description: 'Findings in 1000 lines, by machine. A jump is a new rule or new code.',
      unit: 'short',
    },
    [
      series(
        share(
          `sum by (instance) (testgen_security_issues_total{${own}})`,
          `sum by (instance) (testgen_scan_lines_total{${own}}) / 1000`,
        ),
        '{{instance}}',
      ),
    ],
  ),
  table(
    {
      title: 'Types of issues',
      description:
        'Findings of the newest scans by type, and by how sure the scanner is; and what their readers said of them.',
      unit: 'short',
    },
    { rule: 'Type' },
    [
      { title: 'Findings', expr: `sum by (rule) (testgen_scan_findings_total{${own}}) > 0`, unit: 'short' },
      { title: 'Sure', expr: found('high'), unit: 'short', steps: [[0, 'red']] },
      { title: 'Likely', expr: found('medium'), unit: 'short', steps: [[0, 'orange']] },
      { title: 'Possible', expr: found('low'), unit: 'short', steps: [[0, 'yellow']] },
      { title: 'Confirmed', expr: verdictOf('confirmed'), unit: 'short', steps: [[0, 'green']] },
      { title: 'False positives', expr: verdictOf('false_positive'), unit: 'short', steps: [[0, 'purple']] },
    ],
  ),
];

const quality = [
  stacked(
    { title: 'Findings over time', description: 'Findings of the newest scans, by severity.', unit: 'short' },
    [series(`sum by (severity) (testgen_security_issues_total{${own}})`, '{{severity}}')],
  ),
  graph(
    {
      title: 'False positives over time',
      description:
        'Share of the judged findings that their readers called wrong, of all and of those judged within a day. The line is HighFalsePositiveRate, which judges the day.',
      unit: 'percentunit',
      alert: 'HighFalsePositiveRate',
    },
    [
      series(share(verdict('false_positive'), judged), 'of all'),
      series(`job:testgen_scan_false_positives:ratio1d{${ownJob}}`, '{{job}}, of a day'),
    ],
    below(objectives.falsePositiveRatio),
  ).max(1),
  graph(
    {
      title: 'Verdicts',
      description: 'Findings judged by their readers, a minute.',
      unit: 'short',
    },
    [series(`60 * sum by (verdict) (rate(testgen_scan_feedback_total{${own}}[$__rate_interval]))`, '{{verdict}}')],
  ),
];

const coverage = [
  graph(
    {
      title: 'Lines scanned over time',
      description: 'Lines of source in the newest scan of each machine, and of each service since its start.',
      unit: 'short',
    },
    [series(`sum by (instance) (testgen_scan_lines_total{${own}}) > 0`, '{{instance}}')],
  ),
  bars(
    {
      title: 'Files scanned and skipped',
      description: 'Files that the newest scans met. Skipped ones could not be read or are beyond a limit.',
      unit: 'short',
    },
    [latest(`sum by (outcome) (testgen_scan_files_total{${own}})`, '{{outcome}}')],
  ),
  graph(
    {
      title: 'Code that could be followed, over time',
      description: 'Share of the code that the newest scan of each machine could parse.',
      unit: 'percentunit',
    },
    [series(`min by (instance) (testgen_scan_coverage_ratio{${own}} > 0)`, '{{instance}}')],
    atLeast(0.95),
  ).max(1),
];

const access = [
  graph(
    {
      title: 'Requests refused for who sent them',
      description: 'Failed authentications a minute, by reason. A run of wrong tokens is somebody guessing.',
      unit: 'short',
      alert: 'FailedLoginSpike',
      logs: '| event="authentication_failed"',
    },
    [series(`60 * sum by (reason) (rate(testgen_authentication_failures_total{${own}}[$__rate_interval]))`, '{{reason}}')],
  ).span(kQuarter),
  graph(
    {
      title: 'Failed logins, 5 minutes',
      description: 'Requests without a valid key within 5 minutes. The line is FailedLoginSpike, which lets be what is the habit of an hour.',
      unit: 'short',
      alert: 'FailedLoginSpike',
      logs: '| event="authentication_failed"',
    },
    [series(`job:testgen_authentication_failures:increase5m{${ownJob}}`, '{{job}}')],
    below(objectives.failedLogins),
  ).span(kQuarter),
  graph(
    {
      title: 'Accesses worth a look',
      description:
        'A key or network not seen before, a denied permission, far more requests than usual; within 10 minutes. UnusualAccess has a limit for each kind.',
      unit: 'short',
      alert: 'UnusualAccess',
    },
    [series(`sum by (kind) (job_kind:testgen_access_events:increase10m{${ownJob}})`, '{{kind}}')],
  ).span(kQuarter),
  graph(
    {
      title: 'Requests over their limit',
      description: 'Requests a minute that were refused because their key calls too often.',
      unit: 'short',
    },
    [series(`60 * sum(rate(testgen_rate_limited_requests_total{${own}}[$__rate_interval]))`, 'refused')],
  ).span(kQuarter),
  graph(
    {
      title: 'Untrusted code by how it ended',
      description: 'Runs in the sandbox a second, by outcome.',
      unit: 'cps',
    },
    [rate('testgen_sandbox_runs_total', ['outcome'])],
  ).span(kQuarter),
  graph(
    {
      title: 'Untrusted code that was ended',
      description: 'Runs a minute that the sandbox ended, by reason. Zero unless code under test misbehaves.',
      unit: 'short',
      alert: 'SandboxKills',
    },
    [series(`60 * sum by (reason) (rate(testgen_sandbox_kills_total{${own}}[$__rate_interval]))`, '{{reason}}')],
  ).span(kQuarter),
  graph(
    {
      title: 'Programs ended for each job, 15 minutes',
      description: 'Programs that the sandbox ended at a limit, over jobs. The line is SandboxKills: one in every second job.',
      unit: 'short',
      alert: 'SandboxKills',
    },
    [series(`job:testgen_sandbox_kills:ratio15m{${ownJob}}`, '{{job}}')],
    below(objectives.killsOfAJob),
  ).span(kQuarter),
  graph(
    {
      title: 'Time of a sandboxed run',
      description: 'From the set-up of the sandbox to its end, p50 and p95.',
      unit: 's',
    },
    quantiles('testgen_sandbox_run_duration_seconds', [0.5, 0.95]),
  ).span(kQuarter),
];

export function security(): Dashboard {
  return assemble(
    'security',
    'What the scanner finds, how often it is right, how much of the code it sees, and who was refused.',
    [],
    [
      ['Detection', detection],
      ['False positives', quality],
      ['Scan coverage', coverage],
      ['Access and sandbox', access],
    ],
  );
}
