// The six objectives: where they stand, what is left of their budgets, how fast it burns, and the
// money for models, which is a budget like the others.
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { assemble } from './frame';
import { badEvents, burns, objectives } from './objectives';
import { type State, type Step, atLeast, bars, below, graph, latest, series, stat, states, table } from './panels';
import { own, ownJob, share } from './promql';

const at = (objective: string, window: string) => `${own}, objective="${objective}", window="${window}"`;
const value = (objective: string, window = '30d') => `testgen_slo_value{${at(objective, window)}}`;

const kBudget: Step[] = [
  [0, 'red'],
  [0.000001, 'orange'],
  [0.5, 'green'],
];

const standings = [
  stat(
    {
      title: 'Availability, 30 days',
      description: 'Share of the minutes in which the service answered. Objective: 99.9 %.',
      unit: 'percentunit',
      alert: 'TestGenServiceDown',
    },
    latest(`min(${value('availability')})`),
    atLeast(objectives.availability),
  ).decimals(3),
  stat(
    {
      title: 'Error rate, 30 days',
      description: 'Answers of 500 and above and failed jobs, as a share of all. Objective: below 0.1 %.',
      unit: 'percentunit',
      alert: 'HighErrorRate',
    },
    latest(`max(${value('error_rate')})`),
    below(objectives.errorRatio),
  ).decimals(3),
  stat(
    {
      title: 'Response time p95, 30 days',
      description: 'Objective: below 2 s.',
      unit: 's',
      alert: 'SlowResponseTime',
    },
    latest(`max(${value('response_time')})`),
    below(objectives.responseSeconds),
  ),
  stat(
    {
      title: 'Generation time p95, 30 days',
      description: 'Time to generate the tests of one file. Objective: below 30 s.',
      unit: 's',
    },
    latest(`max(${value('generation_time')})`),
    below(objectives.generationSeconds),
  ),
  stat(
    {
      title: 'Throughput, 30 days',
      description: 'Requests answered in a minute, at most so far. The service is built for more than 100.',
      unit: 'short',
    },
    latest(`sum(${value('throughput')})`),
  ).decimals(1),
  stat(
    {
      title: 'Cache hit rate, 30 days',
      description: 'Share of look-ups that hit. Objective: above 80 %.',
      unit: 'percentunit',
      alert: 'HighCacheMissRate',
    },
    latest(`min(${value('cache_hit_rate')})`),
    atLeast(objectives.cacheHitRatio),
  ),
];

const left = (window: string) =>
  `min by (objective) (testgen_slo_error_budget_remaining_ratio{${own}, window="${window}"})`;
// A share that should be high is worst where it is lowest; requests in a minute are those of all instances together.
const worst = (window: string) =>
  [
    ['min', 'availability|cache_hit_rate'],
    ['max', 'error_rate|response_time|generation_time'],
    ['sum', 'throughput'],
  ]
    .map(([take, which]) => `${take} by (objective) (testgen_slo_value{${own}, window="${window}", objective=~"${which}"})`)
    .join(' or ');
const met = (window: string) => `min by (objective) (testgen_slo_met{${own}, window="${window}"})`;
const colour: Step[] = [
  [0, 'red'],
  [1, 'green'],
];

const all = [
  table(
    {
      title: 'Objectives',
      description:
        'Each objective with its target, where it stands over an hour, a day and 30 days, and what is left of its budget: 1 untouched, 0 spent, below 0 overspent. The worst of the instances; of the throughput their sum.',
      unit: 'short',
    },
    { objective: 'Objective' },
    [
      { title: 'Target', expr: `max by (objective) (testgen_slo_target{${own}})`, unit: 'short' },
      {
        title: '1 hour',
        expr: worst('1h'),
        unit: 'short',
        decimals: 3,
      },
      {
        title: '1 day',
        expr: worst('1d'),
        unit: 'short',
        decimals: 3,
      },
      {
        title: '30 days',
        expr: worst('30d'),
        unit: 'short',
        decimals: 3,
      },
      { title: 'Met, 1 hour', expr: met('1h'), unit: 'bool_yes_no', steps: colour },
      { title: 'Met, 30 days', expr: met('30d'), unit: 'bool_yes_no', steps: colour },
      { title: 'Budget left, 1 hour', expr: left('1h'), unit: 'percentunit', decimals: 0, steps: kBudget },
      { title: 'Budget left, 30 days', expr: left('30d'), unit: 'percentunit', decimals: 0, steps: kBudget },
    ],
  ),
];

const holds: State[] = [
  { value: 1, text: 'met', color: 'green' },
  { value: 0, text: 'missed', color: 'red' },
];

// How many times faster than allowed a budget goes: at 1 it lasts exactly 30 days. Of a long window and the short one
// beside it the lower, because an alert asks both to be over its line.
function burn(long: string, short: string, most: number, legend: string) {
  const of = (window: string) => `job_objective:testgen_slo_burn:rate${window}{${ownJob}}`;
  return series(`clamp_max(max by (objective) (${of(long)} < ${of(short)} or ${of(short)}), ${most})`, `{{objective}}, ${legend}`);
}

const budget = [
  bars(
    {
      title: 'Error budget left, 30 days',
      description: 'What is left of the share of bad events that each objective leaves room for.',
      unit: 'percentunit',
    },
    [latest(left('30d'), '{{objective}}')],
    kBudget,
  )
    .min(0)
    .max(1),
  graph(
    {
      title: 'Error budget left, 1 hour',
      description: 'The same over a sliding hour: it moves soon, and below 0 the hour has spent more than its share. Drawn down to -100 %.',
      unit: 'percentunit',
    },
    [series(`clamp_min(${left('1h')}, -1)`, '{{objective}}')],
  )
    .min(-1)
    .max(1),
  graph(
    {
      title: 'Bad events, 1 hour',
      description:
        'Events within an hour that spend the budget of their objective. Below the line ErrorBudgetBurnFast wakes nobody, whatever the share.',
      unit: 'short',
      alert: 'ErrorBudgetBurnFast',
    },
    [series(`max by (objective) (job_objective:testgen_slo_bad:sum1h{${ownJob}}) / 10`, '{{objective}}')],
    [
      [0, 'transparent'],
      [badEvents, 'orange'],
    ],
  ),
  graph(
    {
      title: 'Burn rate',
      description:
        'How many times faster than allowed each budget goes, over an hour and still in its last 5 minutes, and over 6 hours and still in the last 30 minutes. The lines are ErrorBudgetBurnFast: 14.4 for the hour, 6 for the 6 hours. At 1 a budget lasts exactly its 30 days. Drawn up to 30.',
      unit: 'short',
      alert: 'ErrorBudgetBurnFast',
    },
    [burn('1h', '5m', 30, '1 h'), burn('6h', '30m', 30, '6 h')],
    [
      [0, 'transparent'],
      [burns.sixHours, 'orange'],
      [burns.hour, 'red'],
    ],
  ).span(12),
  graph(
    {
      title: 'Slow burn rate',
      description:
        'The same over a day and still in its last 2 hours, and over 3 days and still in the last 6 hours. The lines are ErrorBudgetBurnSlow: 3 for the day, 1 for the 3 days. Drawn up to 6.',
      unit: 'short',
      alert: 'ErrorBudgetBurnSlow',
    },
    [burn('1d', '2h', 6, '1 d'), burn('3d', '6h', 6, '3 d')],
    [
      [0, 'transparent'],
      [burns.threeDays, 'orange'],
      [burns.day, 'red'],
    ],
  ).span(12),
  states(
    {
      title: 'Objectives met, 1 hour',
      description: 'One bar for each objective: green while it holds over the last hour.',
      unit: 'short',
    },
    [series(met('1h'), '{{objective}}')],
    holds,
  ),
  states(
    {
      title: 'Objectives met, 1 day',
      description: 'One bar for each objective: green while it holds over the last day.',
      unit: 'short',
    },
    [series(met('1d'), '{{objective}}')],
    holds,
  ),
  states(
    {
      title: 'Objectives met, 30 days',
      description: 'One bar for each objective: green while it holds over the last 30 days.',
      unit: 'short',
    },
    [series(met('30d'), '{{objective}}')],
    holds,
  ),
];

// One graph an objective: its value over an hour and over 30 days against the line it promises.
function history(title: string, what: string, name: string, unit: string, limit: Step[], take: string) {
  return graph({ title, description: `${what} Over a sliding hour, day and 30 days; ${take === 'sum' ? 'all instances together' : 'the worst of the instances'}.`, unit }, [
    series(`${take}(${value(name, '1h')})`, '1 hour'),
    series(`${take}(${value(name, '1d')})`, '1 day'),
    series(`${take}(${value(name, '30d')})`, '30 days'),
  ], limit);
}

const values = [
  history('Availability', 'Minutes answered.', 'availability', 'percentunit', atLeast(objectives.availability), 'min'),
  history('Error rate', 'Failed answers and jobs.', 'error_rate', 'percentunit', below(objectives.errorRatio), 'max'),
  history('Response time p95', 'Time to answer.', 'response_time', 's', below(objectives.responseSeconds), 'max'),
  history('Generation time p95', 'Time to generate the tests of one file.', 'generation_time', 's', below(objectives.generationSeconds), 'max'),
  history('Throughput', 'Requests answered in a minute.', 'throughput', 'short', atLeast(objectives.requestsPerMinute), 'sum'),
  history('Cache hit rate', 'Look-ups that hit.', 'cache_hit_rate', 'percentunit', atLeast(objectives.cacheHitRatio), 'min'),
];

const money = [
  graph(
    {
      title: 'Budget for models',
      description: 'What may be spent, in a day or else since the start, and what was spent since the start.',
      unit: 'currencyUSD',
      details: 'llm',
    },
    [
      series(`sum(testgen_llm_budget_dollars{${own}})`, 'allowed'),
      series(`sum(testgen_llm_budget_dollars{${own}} * testgen_llm_budget_spent_ratio{${own}})`, 'spent'),
    ],
  ),
  graph(
    {
      title: 'Share of the budget used',
      description: 'The fullest of the limits, by instance. At 1 models are not asked any more.',
      unit: 'percentunit',
      details: 'llm',
    },
    [series(`max by (instance) (testgen_llm_budget_spent_ratio{${own}})`, '{{instance}}')],
    below(1),
  ),
  graph(
    {
      title: 'Burn rate of the money',
      description:
        'What LLMBudgetBurn judges: the share of the budget that went within an hour, with a line at a tenth once a fifth is spent, and the share that is spent, with a line at nine tenths.',
      unit: 'percentunit',
      alert: 'LLMBudgetBurn',
      details: 'llm',
    },
    [
      series(
        share(
          `job:testgen_llm_cost_dollars:increase1h{${ownJob}}`,
          `sum by (job) (testgen_llm_budget_dollars{${own}})`,
        ),
        'within an hour',
      ),
      series(`job:testgen_llm_budget_spent:ratio{${ownJob}}`, 'spent'),
    ],
    [
      [0, 'transparent'],
      [objectives.budgetOfAnHour, 'orange'],
      [objectives.budgetSpent, 'red'],
    ],
  ),
];

export function slo(): Dashboard {
  return assemble(
    'objectives',
    'The six objectives, their error budgets and how fast they burn, and the budget of money for models.',
    [],
    [
      ['Where the objectives stand', standings],
      ['All objectives', all],
      ['Budgets', budget],
      ['Values against their targets', values],
      ['Money', money],
    ],
  );
}
