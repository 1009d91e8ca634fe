// Performance: how much work gets through, how long it takes and where it waits.
import { objectives } from './objectives';
import { atLeast, below, graph, heatmap, latest, quantiles, rate, series, stacked, stat } from './panels';
import { mean, node, ofService, own, ownJob, rateOf } from './promql';

const ofLanguage = `${own}, language=~"$language"`;

export const performancePanels = [
  stat(
    {
      title: 'Requests a minute',
      description: 'Requests answered in the last minute. The service is built for more than 100.',
      unit: 'short',
    },
    latest(`60 * sum(rate(testgen_requests_total{${own}}[$__rate_interval]))`),
  ).decimals(1),
  stat(
    {
      title: 'Tests a minute',
      description: 'Verified tests that left the pipeline in the last minute.',
      unit: 'short',
    },
    latest(`60 * sum(rate(testgen_tests_generated_total{${ofLanguage}}[$__rate_interval]))`),
  ).decimals(1),
  stat(
    {
      title: 'Average generation time',
      description: 'Mean time to generate the tests of one file over the chosen range. Objective: under 30 s.',
      unit: 's',
    },
    latest(mean('testgen_generation_duration_seconds', [], ofLanguage)),
    below(objectives.generationSeconds),
  ).noValue('no work'),
  stat(
    {
      title: 'Queue length',
      description: 'Accepted jobs that no worker has taken yet.',
      unit: 'short',
      alert: 'QueueGrowing',
    },
    latest(`sum(testgen_queue_length{${own}})`),
  ),
  stat(
    {
      title: 'Cache hit rate, 10 minutes',
      description: 'Share of look-ups answered from the cache. HighCacheMissRate judges it. Objective: above 80 %.',
      unit: 'percentunit',
      alert: 'HighCacheMissRate',
    },
    latest(`1 - max(job:testgen_cache_misses:ratio_rate10m{${ownJob}})`),
    atLeast(objectives.cacheHitRatio),
  ).noValue('no look-ups'),
  stat(
    { title: 'Cache size', description: 'Bytes that the result cache holds.', unit: 'bytes' },
    latest(`sum(testgen_cache_size_bytes{${own}})`),
  ),
  graph(
    {
      title: 'Throughput',
      description: 'Requests, jobs and verified tests a minute.',
      unit: 'short',
    },
    [
      series(`60 * sum(rate(testgen_requests_total{${own}}[$__rate_interval]))`, 'requests'),
      series(`60 * sum(rate(testgen_jobs_total{${own}}[$__rate_interval]))`, 'jobs'),
      series(`60 * sum(rate(testgen_tests_generated_total{${ofLanguage}}[$__rate_interval]))`, 'tests'),
    ],
  ),
  graph(
    {
      title: 'Generation time by language',
      description: 'Time to generate the tests of one file, p50 and p95. The line is the objective of 30 s.',
      unit: 's',
    },
    quantiles('testgen_generation_duration_seconds', [0.5, 0.95], ['language'], ofLanguage),
    below(objectives.generationSeconds),
  ),
  graph(
    {
      title: 'Time by pipeline stage, p95',
      description: 'Where the time of a job goes: 95th percentile of each stage.',
      unit: 's',
    },
    quantiles('testgen_stage_duration_seconds', [0.95], ['stage']).map((q) => q.legendFormat('{{stage}}')),
  ),
  graph(
    {
      title: 'Jobs by outcome',
      description: 'Jobs that ended, a second, by outcome. Failed jobs count into the error rate.',
      unit: 'cps',
    },
    [rate('testgen_jobs_total', ['outcome'])],
  ),
  stacked(
    {
      title: 'Queue length and jobs running',
      description: 'Jobs that wait, and jobs being worked on. A queue that only grows lacks workers.',
      unit: 'short',
      alert: ['QueueGrowing', 'ServiceStuck'],
    },
    [
      series(`sum by (instance) (testgen_queue_length{${own}})`, '{{instance}} waiting'),
      series(`sum by (instance) (testgen_jobs_running{${own}})`, '{{instance}} running'),
    ],
  ),
  graph(
    {
      title: 'Queue that does not shrink',
      description:
        'The fewest jobs that waited within 10 minutes, and by how many a minute the queue grew in them; one that shrinks is below the axis. The line is QueueGrowing.',
      unit: 'short',
      alert: 'QueueGrowing',
    },
    [
      series(`job:testgen_queue_length:min10m{${ownJob}}`, 'waiting, at least'),
      series(`60 * job:testgen_queue_length:deriv10m{${ownJob}}`, 'growth a minute'),
    ],
    below(objectives.queueLength),
  ),
  graph(
    {
      title: 'Work that waits and work that is done',
      description: 'ServiceStuck is a queue beside which both of the others stay at zero for 10 minutes.',
      unit: 'short',
      alert: 'ServiceStuck',
    },
    [
      series(`sum(testgen_queue_length{${own}})`, 'jobs waiting'),
      series(`60 * ${rateOf('testgen_jobs_total')}`, 'jobs ended a minute'),
      series(rateOf('testgen_sandbox_runs_total'), 'sandbox runs a second'),
    ],
  ),
  graph(
    {
      title: 'Waiting and processing time of jobs, p95',
      description: 'From acceptance to a worker, and from a worker to the end. Waiting that grows lacks workers.',
      unit: 's',
    },
    [
      ...quantiles('testgen_job_wait_seconds', [0.95]).map((q) => q.legendFormat('waiting')),
      ...quantiles('testgen_job_duration_seconds', [0.95]).map((q) => q.legendFormat('processing')),
    ],
  ),
  graph(
    {
      title: 'Stages that failed',
      description: 'Stages of the pipeline that ended with an error, a second.',
      unit: 'cps',
    },
    [rate('testgen_stage_outcomes_total', ['stage'], `${own}, outcome="error"`)],
  ),
  graph(
    {
      title: 'Cache look-ups',
      description: 'Look-ups a second in the result cache.',
      unit: 'cps',
      alert: 'HighCacheMissRate',
    },
    [
      series(`sum(rate(testgen_cache_hits_total{${own}}[$__rate_interval]))`, 'hits'),
      series(`sum(rate(testgen_cache_misses_total{${own}}[$__rate_interval]))`, 'misses'),
    ],
  ),
  graph(
    {
      title: 'Look-ups that miss, 10 minutes',
      description: 'Misses over all look-ups in the result cache. The line is HighCacheMissRate.',
      unit: 'percentunit',
      alert: 'HighCacheMissRate',
    },
    [series(`job:testgen_cache_misses:ratio_rate10m{${ownJob}}`, 'misses')],
    below(1 - objectives.cacheHitRatio),
  ).max(1),
  graph(
    {
      title: 'Sandbox runs by outcome',
      description: 'Runs of untrusted code a second. Timeouts and kills are the code under test, not the service.',
      unit: 'cps',
    },
    [rate('testgen_sandbox_runs_total', ['outcome'])],
  ),
  heatmap(
    {
      title: 'Spread of response times',
      description: 'Requests by response time: a second cloud above the first is a second kind of request.',
      unit: 's',
    },
    'testgen_request_duration_seconds',
  ),
  graph(
    {
      title: 'Lag of the I/O thread',
      description: 'How late the thread that answers probes and takes requests comes to its timer, p50 and p99.',
      unit: 's',
    },
    quantiles('testgen_http_loop_lag_seconds', [0.5, 0.99]),
  ),
  graph(
    {
      title: 'Resource utilisation',
      description: 'How full each resource is: at 1 there is no more of it. Details under Infrastructure.',
      unit: 'percentunit',
    },
    [
      series(`max(instance:testgen_memory_working_set:ratio{${own}})`, 'memory'),
      series(`max(${ofService(`process_open_fds{${own}} / process_max_fds{${own}}`)})`, 'file descriptors'),
      series(`max(instance:node_cpu_busy:ratio_rate5m{${node}})`, 'processors'),
      series(`1 - min(instance_mountpoint:node_filesystem_avail:ratio{${node}})`, 'disk'),
    ],
  ).max(1),
];
