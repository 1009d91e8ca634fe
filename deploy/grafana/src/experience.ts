// How it is to use the service: journeys from request to accepted test, features, their failures
// and their slowness.
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { assemble } from './frame';
import { objectives } from './objectives';
import { atLeast, bars, below, graph, latest, quantiles, series, stacked, stat, table } from './panels';
import { increaseOf, own, ownJob, quantileOver, rateOf, share, shareAbove, shareAboveOver } from './promql';

const step = (name: string) => `${own}, step="${name}"`;
const steps = 'testgen_journey_steps_total';
const ofFeature = `${own}, feature=~"$feature"`;
const uses = 'testgen_feature_uses_total';
const failures = 'testgen_feature_errors_total';
const duration = 'testgen_feature_duration_seconds';
const reached = (name: string) => share(increaseOf(steps, [], step(name)), increaseOf(steps, [], step('submitted')));

const people = [
  stat(
    { title: 'Active users', description: 'Callers with a request in the last 5 minutes.', unit: 'short' },
    latest(`sum(testgen_active_users{${own}})`),
  ),
  stat(
    { title: 'Active sessions', description: 'Sessions with a request in the last 30 minutes.', unit: 'short' },
    latest(`sum(testgen_active_sessions{${own}})`),
  ),
  stat(
    {
      title: 'Satisfaction',
      description: 'Tests accepted over tests rated by their users.',
      unit: 'percentunit',
    },
    latest(`avg(testgen_user_satisfaction_ratio{${own}})`),
    atLeast(0.8),
  ),
  stat(
    {
      title: 'Journeys completed',
      description: 'Share of the requests for tests, over the chosen range, whose tests somebody downloaded.',
      unit: 'percentunit',
    },
    latest(reached('downloaded')),
    atLeast(0.8),
  ).noValue('no journey'),
  stat(
    {
      title: 'Journeys abandoned',
      description: 'Share of the requests for tests, over the chosen range, that were given up before their end.',
      unit: 'percentunit',
    },
    latest(reached('abandoned')),
    below(0.1),
  ).noValue('no journey'),
  stat(
    {
      title: 'Slow journeys',
      description: 'Share of the requests for tests, over the chosen range, whose user waited longer than 30 s for the result.',
      unit: 'percentunit',
    },
    latest(shareAboveOver(objectives.generationSeconds, duration, [], `${own}, feature="generate"`)),
    below(0.05),
  ).noValue('no journey'),
];

const journeys = [
  bars(
    {
      title: 'Journey step by step',
      description:
        'From request to accepted test, over the chosen range: submitted, generated, downloaded, accepted; and those abandoned on the way.',
      unit: 'short',
    },
    ['submitted', 'generated', 'downloaded', 'accepted', 'abandoned'].map((name) =>
      latest(increaseOf(steps, [], step(name)), name),
    ),
  ).decimals(1),
  graph(
    { title: 'Steps a minute', description: 'Steps of journeys taken a minute.', unit: 'short' },
    [series(`60 * ${rateOf(steps, ['step'])}`, '{{step}}')],
  ),
  graph(
    {
      title: 'Share that reaches a step',
      description: 'Of the requests submitted: how many were generated, downloaded, accepted.',
      unit: 'percentunit',
    },
    ['generated', 'downloaded', 'accepted'].map((name) =>
      series(share(rateOf(steps, [], step(name)), rateOf(steps, [], step('submitted'))), name),
    ),
  ),
];

const adoption = [
  bars(
    { title: 'Features used', description: 'Uses over the chosen range, by feature.', unit: 'short' },
    [latest(increaseOf(uses, ['feature'], ofFeature), '{{feature}}')],
  ).decimals(1),
  stacked(
    { title: 'Uses by feature', description: 'Uses a minute, by feature.', unit: 'short' },
    [series(`60 * ${rateOf(uses, ['feature'], ofFeature)}`, '{{feature}}')],
  ),
  graph(
    {
      title: 'Sessions and uses',
      description: 'Sessions begun a minute, and uses of any feature for each user who is active now.',
      unit: 'short',
    },
    [
      series(`60 * ${rateOf('testgen_sessions_total')}`, 'sessions begun'),
      series(`60 * ${share(rateOf(uses), `sum(testgen_active_users{${own}})`)}`, 'uses of an active user'),
    ],
  ),
  table(
    {
      title: 'Features compared',
      description: 'Over the chosen range: how often each feature is used, how often it fails, how long its users wait.',
      unit: 'short',
    },
    { feature: 'Feature' },
    [
      { title: 'Uses', expr: `${increaseOf(uses, ['feature'], ofFeature)} > 0`, unit: 'short', decimals: 1 },
      {
        title: 'Share of all uses',
        expr: `${increaseOf(uses, ['feature'], ofFeature)} / on () group_left () (${increaseOf(uses)} > 0) > 0`,
        unit: 'percentunit',
      },
      {
        title: 'Failed',
        expr: share(increaseOf(failures, ['feature'], ofFeature), increaseOf(uses, ['feature'], ofFeature)),
        unit: 'percentunit',
        steps: [
          [0, 'green'],
          [objectives.errorRatio, 'red'],
        ],
      },
      { title: 'p50', expr: quantileOver(0.5, duration, ['feature'], ofFeature), unit: 's' },
      { title: 'p95', expr: quantileOver(0.95, duration, ['feature'], ofFeature), unit: 's' },
      {
        title: 'Longer than 2 s',
        expr: shareAboveOver(objectives.responseSeconds, duration, ['feature'], ofFeature),
        unit: 'percentunit',
      },
    ],
  ),
];

const errors = [
  graph(
    {
      title: 'Errors by feature',
      description: "Uses a minute that failed through the service's own fault, by feature.",
      unit: 'short',
      logs: '| level=~"ERROR|CRITICAL"',
    },
    [series(`60 * ${rateOf(failures, ['feature'], ofFeature)}`, '{{feature}}')],
  ),
  graph(
    {
      title: 'Share of uses that fail',
      description: 'Failed uses over uses, by feature. The line is the objective of 0.1 %.',
      unit: 'percentunit',
    },
    [series(share(rateOf(failures, ['feature'], ofFeature), rateOf(uses, ['feature'], ofFeature)), '{{feature}}')],
    below(objectives.errorRatio),
  ),
  stacked(
    {
      title: 'Answers that users do not want',
      description: 'Answers of 400 and above a minute, by status: theirs below 500, ours from there on.',
      unit: 'short',
    },
    [series(`60 * ${rateOf('testgen_requests_total', ['status'], `${own}, status=~"[45].."`)}`, '{{status}}')],
  ),
];

const impact = [
  graph(
    {
      title: 'Time until the result',
      description: 'What a user waits for, queue and all, p95, by feature. Points are exemplars: each leads to a trace.',
      unit: 's',
    },
    quantiles(duration, [0.95], ['feature'], ofFeature).map((q) => q.legendFormat('{{feature}}')),
  ),
  graph(
    {
      title: 'Abandoned and slow journeys',
      description: 'Share of the journeys given up, and share that lasted longer than 2 and 30 s: do they move together?',
      unit: 'percentunit',
    },
    [
      series(share(rateOf(steps, [], step('abandoned')), rateOf(steps, [], step('submitted'))), 'abandoned'),
      series(shareAbove(2, duration, [], `${own}, feature="generate"`), 'longer than 2 s'),
      series(shareAbove(30, duration, [], `${own}, feature="generate"`), 'longer than 30 s'),
    ],
  ).max(1),
  graph(
    {
      title: 'Where the wait comes from, p95',
      description: 'Jobs in the queue, jobs at work, and answers of the HTTP layer.',
      unit: 's',
    },
    [
      ...quantiles('testgen_job_wait_seconds', [0.95]).map((q) => q.legendFormat('waiting')),
      ...quantiles('testgen_job_duration_seconds', [0.95]).map((q) => q.legendFormat('working')),
      ...quantiles('testgen_request_duration_seconds', [0.95]).map((q) => q.legendFormat('answering')),
    ],
  ),
  graph(
    {
      title: 'Ratings',
      description: 'Tests accepted and rejected by their users, a minute.',
      unit: 'short',
    },
    [series(`60 * ${rateOf('testgen_feedback_total', ['rating'])}`, '{{rating}}')],
  ),
  graph(
    {
      title: 'Satisfaction over time',
      description: 'Tests accepted over tests rated by their users, by instance; 1 while none is rated.',
      unit: 'percentunit',
    },
    [series(`min by (instance) (testgen_user_satisfaction_ratio{${own}})`, '{{instance}}')],
    atLeast(0.8),
  ).max(1),
  graph(
    {
      title: 'What users get',
      description: 'Share of the lines and branches that the generated tests reach, and of the mutants they kill, median.',
      unit: 'percentunit',
    },
    [
      ...quantiles('testgen_coverage_ratio', [0.5], ['kind']).map((q) => q.legendFormat('{{kind}} coverage')),
      ...quantiles('testgen_mutation_score', [0.5]).map((q) => q.legendFormat('mutants killed')),
    ],
  ).max(1),
];

export function experience(): Dashboard {
  return assemble(
    'experience',
    'Journeys from request to accepted test, features, their failures, and what slowness does to users.',
    [{ name: 'feature', label: 'Feature', metric: `testgen_feature_uses_total{${ownJob}}` }],
    [
      ['Users', people],
      ['Journeys', journeys],
      ['Feature adoption', adoption],
      ['Errors by feature', errors],
      ['Performance and its impact', impact],
    ],
  );
}
