// Containers: what the service reads of its own control group, which needs no cAdvisor, and
// cAdvisor's figures of the containers named testgen* where there is one.
import { objectives } from './objectives';
import { below, graph, series } from './panels';
import { own } from './promql';

const named = 'container=~"testgen.*"';
const by = 'namespace, pod, container';

// One of the two kinds of label is empty, so the legend shows the other.
const legend = '{{instance}}{{pod}} {{container}}';

export const containerPanels = [
  graph(
    {
      title: 'Processor of the container',
      description:
        'Processor seconds used a second by everything in the control group: the service and its sandboxes. From the service itself, and from cAdvisor where it runs.',
      unit: 'short',
    },
    [
      series(
        `sum by (instance) (rate(testgen_container_cpu_seconds_total{${own}}[$__rate_interval])) or container:container_cpu:rate5m`,
        legend,
      ),
    ],
  ),
  graph(
    {
      title: 'Memory of the container, of its limit',
      description:
        'Working set over the limit: from the service itself, and from cAdvisor where it runs. The kernel ends a process at 1. The line is HighMemoryUsage.',
      unit: 'percentunit',
      alert: 'HighMemoryUsage',
    },
    [
      series(
        `instance:testgen_memory_working_set:ratio{${own}} or container:testgen_memory_working_set:ratio`,
        legend,
      ),
    ],
    below(objectives.memoryRatioPage),
  ).max(1),
  graph(
    {
      title: 'Containers held back or killed',
      description:
        'Share of the time for which the processor limit held the container back, and processes that the kernel ended for lack of memory. Zero while all is well.',
      unit: 'short',
    },
    [
      series(
        `sum by (instance) (rate(testgen_container_cpu_throttled_seconds_total{${own}}[$__rate_interval])) or sum by (${by}) (rate(container_cpu_cfs_throttled_seconds_total{${named}}[$__rate_interval]))`,
        `held back ${legend}`,
      ),
      series(
        `sum by (instance) (increase(testgen_container_oom_kills_total{${own}}[$__rate_interval])) or sum by (${by}) (increase(container_oom_events_total{${named}}[$__rate_interval]))`,
        `killed ${legend}`,
      ),
    ],
  ),
];
