// Application health: is it up, is it right, is it fast, who is using it.
import { objectives } from './objectives';
import { atLeast, below, graph, kQuarter, latest, quantiles, rate, series, stat } from './panels';
import { ofService, own, ownJob, rateOf } from './promql';

export const healthPanels = [
  stat(
    {
      title: 'Instances up',
      description: 'Share of the chosen instances that answered their last scrape. TestGenServiceDown judges each.',
      unit: 'percentunit',
      alert: 'TestGenServiceDown',
    },
    // What runs testgen is known by its build; a job that is down was known before.
    latest(`avg(up{${own}} and on (job) group by (job) (last_over_time(testgen_build_info{${ownJob}}[$__range])))`),
    atLeast(1),
  ),
  stat(
    {
      title: 'Availability, 30 days',
      description:
        "The service's own account of the last 30 days: the share of minutes in which it answered. Objective: 99.9 %.",
      unit: 'percent',
      details: 'objectives',
    },
    latest(`min(testgen_sla_availability_percent{${own}, window=""})`),
    atLeast(objectives.availability * 100),
  ).decimals(3),
  stat(
    {
      title: 'Uptime',
      description: 'Time since the youngest chosen instance started.',
      unit: 's',
      alert: 'ServiceFlapping',
    },
    latest(`time() - max(${ofService(`process_start_time_seconds{${own}}`)})`),
  ),
  stat(
    {
      title: 'Error rate, 5 minutes',
      description:
        'The worse of failed requests (5xx) and failed jobs, each as a share of its total. HighErrorRate judges this figure at 5 %; the objective is 0.1 %.',
      unit: 'percentunit',
      alert: 'HighErrorRate',
    },
    latest(
      // Labelled apart first: `or` ignores metric names and would drop the second of the two.
      `max(label_replace(job:testgen_request_errors:ratio_rate5m{${ownJob}}, "of", "requests", "", "") or label_replace(job:testgen_job_failures:ratio_rate5m{${ownJob}}, "of", "jobs", "", ""))`,
    ),
    [
      [0, 'green'],
      [objectives.errorRatio, 'orange'],
      [objectives.errorRatioPage, 'red'],
    ],
  ).noValue('no traffic'),
  stat(
    {
      title: 'Response time p95, 5 minutes',
      description: 'The figure that SlowResponseTime judges. Objective: under 2 s.',
      unit: 's',
      alert: 'SlowResponseTime',
    },
    latest(`max(job:testgen_request_duration_seconds:p95_rate5m{${ownJob}})`),
    below(objectives.responseSeconds),
  ).noValue('no traffic'),
  stat(
    {
      title: 'Alerts firing',
      description: 'Alerts of this service that are firing now. The Alertmanager has their text and runbooks.',
      unit: 'short',
    },
    latest('count(ALERTS{alertstate="firing", service="testgen-copilot"}) or vector(0)'),
    below(1),
  ),
  stat(
    {
      title: 'Active users',
      description: 'Callers with a request in the last 5 minutes.',
      unit: 'short',
      details: 'experience',
    },
    latest(`sum(testgen_active_users{${own}})`),
  ),
  stat(
    {
      title: 'Active sessions',
      description: "Sessions with a request in the last 30 minutes: one caller's use of one client program.",
      unit: 'short',
      details: 'experience',
    },
    latest(`sum(testgen_active_sessions{${own}})`),
  ),
  stat(
    {
      title: 'Requests in progress',
      description: 'Requests being worked on or waited for now. ServiceStuck judges whether any of them ends.',
      unit: 'short',
      alert: 'ServiceStuck',
    },
    latest(`sum(testgen_active_requests{${own}})`),
  ),
  stat(
    {
      title: 'Checks that pass',
      description: "Share of the service's health checks that passed last: database, disk, model provider and the rest.",
      unit: 'percentunit',
      alert: 'HealthCheckFailing',
    },
    latest(`avg(testgen_health_check_status{${own}})`),
    atLeast(1),
  ),
  stat(
    {
      title: 'Objectives met, 1 hour',
      description: 'Share of the six objectives that hold over the last hour.',
      unit: 'percentunit',
      details: 'objectives',
    },
    latest(`avg(testgen_slo_met{${own}, window="1h"})`),
    atLeast(1),
  ),
  stat(
    {
      title: 'Versions running',
      description: 'Different versions that run now. More than one is a roll-out that is not finished.',
      unit: 'short',
    },
    latest(`count(count by (version) (testgen_build_info{${own}}))`),
    below(2),
  ),
  graph(
    {
      title: 'Request rate by status',
      description: 'Requests answered a second, by HTTP status. Probes and scrapes are not counted.',
      unit: 'reqps',
    },
    [rate('testgen_requests_total', ['status'])],
  ),
  graph(
    {
      title: 'Error rate',
      description:
        'Failed requests (5xx) and failed jobs over the last 5 minutes, each as a share of its total. The line is the threshold of HighErrorRate.',
      unit: 'percentunit',
      alert: 'HighErrorRate',
    },
    [
      series(`job:testgen_request_errors:ratio_rate5m{${ownJob}}`, 'requests'),
      series(`job:testgen_job_failures:ratio_rate5m{${ownJob}}`, 'jobs'),
    ],
    below(objectives.errorRatioPage),
  ),
  graph(
    {
      title: 'Response time',
      description:
        'Time from the first byte of a request to the last of its answer. A wait that the client asked for is part of it. SlowResponseTime judges the figure of 5 minutes. Points are exemplars: each leads to a trace.',
      unit: 's',
      alert: 'SlowResponseTime',
    },
    [
      ...quantiles('testgen_request_duration_seconds', [0.5, 0.95, 0.99]),
      series(`job:testgen_request_duration_seconds:p95_rate5m{${ownJob}}`, 'p95 of 5 minutes'),
    ],
    below(objectives.responseSeconds),
  ),
  graph(
    {
      title: 'Request rate by endpoint',
      description: "Requests answered a second, by method and the route's template.",
      unit: 'reqps',
    },
    [series(`${rateOf('testgen_requests_total', ['method', 'endpoint'])} > 0`, '{{method}} {{endpoint}}')],
  ).span(kQuarter),
  graph(
    {
      title: 'Active users and sessions',
      description: 'Callers of the last 5 minutes, sessions of the last 30, and requests in progress.',
      unit: 'short',
      details: 'experience',
    },
    [
      series(`sum(testgen_active_users{${own}})`, 'users'),
      series(`sum(testgen_active_sessions{${own}})`, 'sessions'),
      series(`sum(testgen_active_requests{${own}})`, 'requests in progress'),
    ],
  ).span(kQuarter),
  graph(
    {
      title: 'Errors by kind',
      description: 'Errors a second by component and type. Tells where to look when the error rate rises.',
      unit: 'cps',
      logs: '| level=~"ERROR|CRITICAL"',
    },
    [series(`${rateOf('testgen_errors_total', ['component', 'type'])} > 0`, '{{component}} {{type}}')],
  ).span(kQuarter),
  graph(
    {
      title: 'Restarts, 15 minutes',
      description: 'How often each instance began anew within 15 minutes. The line is ServiceFlapping; one is a deployment.',
      unit: 'short',
      alert: 'ServiceFlapping',
    },
    [series(`instance:testgen_starts:changes15m{${own}}`, '{{instance}}')],
    below(objectives.starts),
  ).span(kQuarter),
];
