// Models: how often they are asked, how they answer, what they cost, and which one earns its price.
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { assemble } from './frame';
import { objectives } from './objectives';
import {
  type Step,
  bars,
  below,
  graph,
  heatmap,
  latest,
  quantiles,
  rate,
  series,
  stacked,
  stat,
  states,
  table,
} from './panels';
import { countIncrease, increaseOf, mean, own, ownJob, quantileOver, rateOf, share } from './promql';

const ofProvider = `${own}, provider=~"$provider"`;
const ofModel = `${own}, model=~"$model"`;
const kept = `${ofModel}, outcome="kept"`;
const budgetSteps: Step[] = [
  [0, 'green'],
  [0.8, 'orange'],
  [1, 'red'],
];

const totals = [
  stat(
    { title: 'Calls a minute', description: 'Attempts to call a model, every repetition counted.', unit: 'short' },
    latest(`60 * ${rateOf('testgen_llm_requests_total', [], ofProvider)}`),
  ).decimals(1),
  stat(
    {
      title: 'Error rate',
      description: 'Share of the calls that failed, over the chosen range. LLMAPIErrors judges each provider at 5 %.',
      unit: 'percentunit',
      alert: 'LLMAPIErrors',
    },
    latest(
      share(
        increaseOf('testgen_llm_errors_total', [], ofProvider),
        increaseOf('testgen_llm_requests_total', [], ofProvider),
      ),
    ),
    below(objectives.modelErrorRatio),
  ).noValue('no calls'),
  stat(
    { title: 'Tokens', description: 'Tokens used over the chosen range, in and out.', unit: 'short' },
    latest(increaseOf('testgen_llm_tokens_total', [], ofProvider)),
  ),
  stat(
    {
      title: 'Cost',
      description: 'Price of the tokens used over the chosen range, where the price is known.',
      unit: 'currencyUSD',
    },
    latest(increaseOf('testgen_llm_cost_dollars_total', [], ofProvider)),
  ),
  stat(
    {
      title: 'Cost of a kept test',
      description: 'Price of the models over the tests that verification kept of them, over the chosen range.',
      unit: 'currencyUSD',
    },
    latest(
      share(
        increaseOf('testgen_llm_model_cost_dollars_total', [], ofModel),
        increaseOf('testgen_llm_proposals_total', [], kept),
      ),
    ),
  ).noValue('none kept'),
  stat(
    {
      title: 'Budget used',
      description: 'The fullest of the limits of any instance. At 100 % models are not asked any more.',
      unit: 'percentunit',
      details: 'objectives',
    },
    latest(`max(testgen_llm_budget_spent_ratio{${own}})`),
    budgetSteps,
  ),
];

const requests = [
  graph(
    { title: 'Calls by provider', description: 'Attempts to call a model a second, by provider.', unit: 'reqps' },
    [rate('testgen_llm_requests_total', ['provider'], ofProvider)],
  ),
  graph(
    { title: 'Calls by status', description: 'Attempts to call a model a second, by how they ended.', unit: 'reqps' },
    [rate('testgen_llm_requests_total', ['status'], ofProvider)],
  ),
  graph(
    {
      title: 'Repeated and passed on',
      description: 'Attempts that repeat a failed one, and calls that another provider took over; a second.',
      unit: 'reqps',
    },
    [
      series(rateOf('testgen_llm_retries_total', ['provider'], ofProvider), '{{provider}} repeated'),
      series(rateOf('testgen_llm_fallbacks_total', ['provider'], ofProvider), '{{provider}} passed on'),
    ],
  ),
  graph(
    {
      title: 'Error rate by provider',
      description: 'Share of the calls that failed over 10 minutes: the figure that LLMAPIErrors judges.',
      unit: 'percentunit',
      alert: 'LLMAPIErrors',
      logs: '| event="llm_error"',
    },
    [series(`job_provider:testgen_llm_errors:ratio_rate10m{${ownJob}, provider=~"$provider"}`, '{{provider}}')],
    below(objectives.modelErrorRatio),
  ).max(1),
  graph(
    {
      title: 'Errors by kind',
      description: 'Failed calls a second, by provider and kind.',
      unit: 'cps',
      logs: '| event="llm_error"',
    },
    [series(`${rateOf('testgen_llm_errors_total', ['provider', 'error_type'], ofProvider)} > 0`, '{{provider}} {{error_type}}')],
  ),
  states(
    {
      title: 'Circuit breakers',
      description: 'A provider that fails again and again is not asked for a while: its circuit is open.',
      unit: 'short',
    },
    [
      series(
        `sum by (provider, instance) (testgen_llm_circuit_state{${ofProvider}, state="open"} * 3 or testgen_llm_circuit_state{${ofProvider}, state="half_open"} * 2 or testgen_llm_circuit_state{${ofProvider}, state="closed"}) > 0`,
        '{{provider}} {{instance}}',
      ),
    ],
    [
      { value: 1, text: 'closed', color: 'green' },
      { value: 2, text: 'half open', color: 'orange' },
      { value: 3, text: 'open', color: 'red' },
    ],
  ),
];

const times = [
  graph(
    {
      title: 'Response time by provider',
      description: 'Time of one attempt, p50 and p95. Points are exemplars: each leads to a trace.',
      unit: 's',
    },
    quantiles('testgen_llm_request_duration_seconds', [0.5, 0.95], ['provider'], ofProvider),
  ),
  graph(
    {
      title: 'Time to first token',
      description: 'Time until the first token of a streamed reply, p50 and p95, by provider.',
      unit: 's',
    },
    quantiles('testgen_llm_time_to_first_token_seconds', [0.5, 0.95], ['provider'], ofProvider),
  ),
  heatmap(
    {
      title: 'Spread of response times',
      description: 'Calls by response time. Two clouds are two kinds of answer, or two models.',
      unit: 's',
    },
    'testgen_llm_request_duration_seconds',
    ofProvider,
  ),
];

const costs = [
  stacked(
    { title: 'Tokens by type', description: 'Tokens a second by type. Cached ones were paid for before.', unit: 'cps' },
    [rate('testgen_llm_tokens_total', ['type'], ofProvider)],
  ),
  stacked(
    {
      title: 'Cost an hour by provider',
      description: 'Price of the tokens used, as dollars an hour.',
      unit: 'currencyUSD',
    },
    [series(`3600 * ${rateOf('testgen_llm_cost_dollars_total', ['provider'], ofProvider)}`, '{{provider}}')],
  ),
  graph(
    {
      title: 'Budget used over time',
      description: 'Share of the budget for models that is used: the fullest of the limits, by instance.',
      unit: 'percentunit',
      details: 'objectives',
    },
    [series(`max by (instance) (testgen_llm_budget_spent_ratio{${own}})`, '{{instance}}')],
    below(1),
  ),
  bars(
    { title: 'Tokens by provider', description: 'Tokens used over the chosen range, by provider.', unit: 'short' },
    [latest(increaseOf('testgen_llm_tokens_total', ['provider'], ofProvider), '{{provider}}')],
  ).decimals(1),
  bars(
    { title: 'Cost by provider', description: 'Price of the tokens used over the chosen range.', unit: 'currencyUSD' },
    [latest(increaseOf('testgen_llm_cost_dollars_total', ['provider'], ofProvider), '{{provider}}')],
  ),
  graph(
    {
      title: 'Tokens of a call',
      description: 'Tokens in and out of an answered call, the mean, by provider.',
      unit: 'short',
    },
    [
      series(
        share(
          rateOf('testgen_llm_tokens_total', ['provider'], ofProvider),
          rateOf('testgen_llm_requests_total', ['provider'], `${ofProvider}, status="success"`),
        ),
        '{{provider}}',
      ),
    ],
  ),
];

const calls = 'testgen_llm_model_request_duration_seconds';
const spent = 'testgen_llm_model_cost_dollars_total';
const proposals = 'testgen_llm_proposals_total';

const models = [
  table(
    {
      title: 'Models compared',
      description:
        'Over the chosen range: how often each model was asked and how long it took, which share of its tests verification kept, and what one of those cost.',
      unit: 'short',
    },
    { model: 'Model' },
    [
      { title: 'Calls', expr: `(${countIncrease(calls, ['model'], ofModel)}) > 0`, unit: 'short', decimals: 0 },
      { title: 'Mean time', expr: mean(calls, ['model'], ofModel), unit: 's' },
      { title: 'p95', expr: quantileOver(0.95, calls, ['model'], ofModel), unit: 's' },
      { title: 'Tests proposed', expr: `${increaseOf(proposals, ['model'], ofModel)} > 0`, unit: 'short', decimals: 0 },
      {
        title: 'Accepted',
        expr: share(increaseOf(proposals, ['model'], kept), increaseOf(proposals, ['model'], ofModel)),
        unit: 'percentunit',
        steps: [
          [0, 'red'],
          [0.2, 'orange'],
          [0.5, 'green'],
        ],
      },
      { title: 'Cost', expr: `${increaseOf(spent, ['model'], ofModel)} > 0`, unit: 'currencyUSD' },
      {
        title: 'Cost of a kept test',
        expr: `${share(increaseOf(spent, ['model'], ofModel), increaseOf(proposals, ['model'], kept))} > 0`,
        unit: 'currencyUSD',
      },
    ],
  ),
  graph(
    { title: 'Response time by model', description: 'Time of one attempt, 95th percentile, by model.', unit: 's' },
    quantiles(calls, [0.95], ['model'], ofModel).map((q) => q.legendFormat('{{model}}')),
  ),
  graph(
    {
      title: 'Acceptance by model',
      description: 'Share of the proposed tests that verification kept.',
      unit: 'percentunit',
    },
    [
      series(
        share(rateOf(proposals, ['model'], kept), rateOf(proposals, ['model'], ofModel)),
        '{{model}}',
      ),
    ],
  ).max(1),
  bars(
    {
      title: 'Cost of a kept test by model',
      description: 'Price over the chosen range of one test that verification kept.',
      unit: 'currencyUSD',
    },
    [
      latest(
        `${share(increaseOf(spent, ['model'], ofModel), increaseOf(proposals, ['model'], kept))} > 0`,
        '{{model}}',
      ),
    ],
    [[0, 'purple']],
  ),
];

export function llm(): Dashboard {
  return assemble(
    'llm',
    'Calls to language models: rate, errors, time, tokens, money, and the models compared by what they earn.',
    [
      { name: 'provider', label: 'Provider', metric: `testgen_llm_requests_total{${ownJob}}` },
      { name: 'model', label: 'Model', metric: `testgen_llm_proposals_total{${ownJob}}` },
    ],
    [
      ['At a glance', totals],
      ['Requests and errors', requests],
      ['Response time', times],
      ['Tokens and cost', costs],
      ['Models compared', models],
    ],
  );
}
