// The six objectives: where they stand, what is left of their budgets, how fast it burns, and the
// money for models, which is a budget like the others.
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { assemble } from './frame';
import { budgets, objectives } from './objectives';
import { type State, type Step, atLeast, bars, below, graph, latest, series, stat, states, table } from './panels';
import { own, rateOf, share, shareAbove } from './promql';

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
        'Each objective with its target, where it stands over an hour, a day and 30 days, and what is left of its budget: 1 untouched, 0 spent, below 0 overspent. The worst of the instances.',
      unit: 'short',
    },
    { objective: 'Objective' },
    [
      { title: 'Target', expr: `max by (objective) (testgen_slo_target{${own}})`, unit: 'short' },
      {
        title: '1 hour',
        expr: `avg by (objective) (testgen_slo_value{${own}, window="1h"})`,
        unit: 'short',
        decimals: 3,
      },
      {
        title: '1 day',
        expr: `avg by (objective) (testgen_slo_value{${own}, window="1d"})`,
        unit: 'short',
        decimals: 3,
      },
      {
        title: '30 days',
        expr: `avg by (objective) (testgen_slo_value{${own}, window="30d"})`,
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

// How many times faster than allowed the budget goes: at 1 it lasts exactly 30 days.
const burn = (bad: string, budget: number) => `(${bad}) / ${budget}`;
const misses = share(
  rateOf('testgen_cache_misses_total'),
  `${rateOf('testgen_cache_misses_total')} + ${rateOf('testgen_cache_hits_total')}`,
);

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
      alert: 'ErrorBudgetBurnSlow',
    },
    [series(`clamp_min(${left('1h')}, -1)`, '{{objective}}')],
  )
    .min(-1)
    .max(1),
  graph(
    {
      title: 'Burn rate',
      description:
        'How many times faster than allowed each budget goes now. At 1 it lasts exactly its 30 days; from 14.4 on, held for an hour, 2 % of it are gone.',
      unit: 'short',
      alert: 'ErrorBudgetBurnFast',
    },
    [
      series(
        burn(
          share(rateOf('testgen_requests_total', [], `${own}, status=~"5.."`), rateOf('testgen_requests_total')),
          budgets.error_rate,
        ),
        'error_rate',
      ),
      series(
        burn(shareAbove(objectives.responseSeconds, 'testgen_request_duration_seconds'), budgets.response_time),
        'response_time',
      ),
      series(
        burn(shareAbove(objectives.generationSeconds, 'testgen_generation_duration_seconds'), budgets.generation_time),
        'generation_time',
      ),
      series(burn(misses, budgets.cache_hit_rate), 'cache_hit_rate'),
    ],
    [
      [0, 'transparent'],
      [14.4, 'red'],
    ],
  ),
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
      description: 'Spending of now against a budget spread evenly over a day: at 1 it lasts exactly the day.',
      unit: 'short',
      alert: 'LLMBudgetBurn',
      details: 'llm',
    },
    [
      series(
        share(`86400 * ${rateOf('testgen_llm_cost_dollars_total')}`, `sum(testgen_llm_budget_dollars{${own}})`),
        'burn rate',
      ),
    ],
    below(1),
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
