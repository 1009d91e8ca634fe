// Infrastructure: the process, its container and the machine under it, as rules/machine.yml records it.
import { objectives } from './objectives';
import { below, graph, passesOrFails, series, states } from './panels';
import { node, ofService, own } from './promql';

export const infrastructurePanels = [
  graph(
    {
      title: 'Processor, service',
      description: 'Processor seconds used a second by the service itself. Sandboxed runs are on the machine panel.',
      unit: 'short',
    },
    [
      series(
        `sum by (instance) (${ofService(`rate(process_cpu_seconds_total{${own}}[$__rate_interval])`)})`,
        '{{instance}}',
      ),
    ],
  ),
  graph(
    {
      title: 'Processor, machine',
      description: 'Share of all processors of the machine that is not idle.',
      unit: 'percentunit',
    },
    [series(`instance:node_cpu_busy:ratio_rate5m{${node}}`, '{{instance}}')],
  ).max(1),
  graph(
    {
      title: 'Memory of the service',
      description: 'Resident memory of the process, and the working set of its control group, which also holds sandboxes.',
      unit: 'bytes',
    },
    [
      series(`sum by (instance) (${ofService(`process_resident_memory_bytes{${own}}`)})`, '{{instance}} resident'),
      series(`sum by (instance) (testgen_memory_working_set_bytes{${own}})`, '{{instance}} working set'),
    ],
  ),
  graph(
    {
      title: 'Memory of its limit',
      description: 'Working set over the limit of the control group, or over the memory of the machine where it has none. The line is HighMemoryUsage.',
      unit: 'percentunit',
      alert: 'HighMemoryUsage',
    },
    [series(`instance:testgen_memory_working_set:ratio{${own}}`, '{{instance}}')],
    below(objectives.memoryRatioPage),
  ).max(1),
  graph(
    {
      title: 'Load of the machine',
      description: 'Processes that run or wait to, averaged over a minute, for each processor. Above 1 some of them wait.',
      unit: 'short',
    },
    [series(`instance:node_load1:ratio{${node}}`, '{{instance}}')],
    below(1),
  ),
  graph(
    {
      title: 'Memory of the machine',
      description: 'Share of the memory of the machine that is not available to programs.',
      unit: 'percentunit',
    },
    [series(`instance:node_memory_used:ratio{${node}}`, '{{instance}}')],
  ).max(1),
  states(
    {
      title: 'Health checks',
      description: 'One bar for each check of the service: green while it passes.',
      unit: 'short',
      alert: 'HealthCheckFailing',
    },
    [series(`min by (check) (testgen_health_check_status{${own}})`, '{{check}}')],
    passesOrFails,
  ),
  graph(
    {
      title: 'Open file descriptors',
      description: 'Share of the file descriptors the process may open. Near 1 it cannot accept connections.',
      unit: 'percentunit',
    },
    [series(ofService(`process_open_fds{${own}} / process_max_fds{${own}}`), '{{instance}}')],
  ).max(1),
  graph(
    {
      title: 'Disk space used',
      description: 'Share used of each file system that can be written to, those in memory too. The line is DiskSpaceLow.',
      unit: 'percentunit',
      alert: 'DiskSpaceLow',
    },
    [series(`1 - instance_mountpoint:node_filesystem_avail:ratio{${node}}`, '{{instance}} {{mountpoint}}')],
    below(1 - objectives.diskFreeRatio),
  ).max(1),
  graph(
    { title: 'Disk I/O', description: 'Bytes read and written a second by the disks of the machine.', unit: 'Bps' },
    [
      series(`instance:node_disk_read_bytes:rate5m{${node}}`, '{{instance}} read'),
      series(`instance:node_disk_written_bytes:rate5m{${node}}`, '{{instance}} written'),
    ],
  ),
  graph(
    {
      title: 'Disks at work',
      description: 'Share of the time in which each disk had something to do. Near 1 everybody waits for it.',
      unit: 'percentunit',
    },
    [series(`instance_device:node_disk_busy:ratio_rate5m{${node}}`, '{{instance}} {{device}}')],
  ).max(1),
  graph(
    {
      title: 'Network',
      description: 'Bytes received and sent a second, by device of the machine, and by pod where cAdvisor runs.',
      unit: 'Bps',
    },
    [
      series(`instance_device:node_network_receive_bytes:rate5m{${node}} > 0`, '{{instance}} {{device}} received'),
      series(`instance_device:node_network_transmit_bytes:rate5m{${node}} > 0`, '{{instance}} {{device}} sent'),
      series('pod:container_network_receive_bytes:rate5m', '{{pod}} received'),
      series('pod:container_network_transmit_bytes:rate5m', '{{pod}} sent'),
    ],
  ),
];
