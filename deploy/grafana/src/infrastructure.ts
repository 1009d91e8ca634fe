// Infrastructure: the process, its container and the machine under it.
import { objectives } from './objectives';
import { below, graph, node, own, series } from './panels';

export const infrastructurePanels = [
  graph(
    {
      title: 'Processor, service',
      description: 'Processor seconds used a second by the service itself. Sandboxed runs are on the machine panel.',
      unit: 'short',
    },
    [series(`sum by (instance) (rate(process_cpu_seconds_total{${own}}[$__rate_interval]))`, '{{instance}}')],
  ),
  graph(
    {
      title: 'Processor, machine',
      description: 'Share of all processors of the machine that is not idle.',
      unit: 'percentunit',
    },
    [
      series(
        `1 - avg by (instance) (rate(node_cpu_seconds_total{${node}, mode="idle"}[$__rate_interval]))`,
        '{{instance}}',
      ),
    ],
  ).max(1),
  graph(
    {
      title: 'Memory of the service',
      description: 'Resident memory of the process, and the working set of its control group, which also holds sandboxes.',
      unit: 'bytes',
    },
    [
      series(`sum by (instance) (process_resident_memory_bytes{${own}})`, '{{instance}} resident'),
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
      title: 'Health checks',
      description: 'One line for each check of the service: 1 passes, 0 fails.',
      unit: 'short',
    },
    [series(`min by (check) (testgen_health_check_status{${own}})`, '{{check}}')],
  ).max(1),
  graph(
    {
      title: 'Open file descriptors',
      description: 'Share of the file descriptors the process may open. Near 1 it cannot accept connections.',
      unit: 'percentunit',
    },
    [series(`process_open_fds{${own}} / process_max_fds{${own}}`, '{{instance}}')],
  ).max(1),
  graph(
    {
      title: 'Disk space used',
      description: 'Share used of each file system of the machine.',
      unit: 'percentunit',
    },
    [
      series(
        `1 - node_filesystem_avail_bytes{${node}, fstype!~"tmpfs|overlay|squashfs"} / node_filesystem_size_bytes{${node}, fstype!~"tmpfs|overlay|squashfs"}`,
        '{{instance}} {{mountpoint}}',
      ),
    ],
  ).max(1),
  graph(
    { title: 'Disk I/O', description: 'Bytes read and written a second by the disks of the machine.', unit: 'Bps' },
    [
      series(`sum by (instance) (rate(node_disk_read_bytes_total{${node}}[$__rate_interval]))`, '{{instance}} read'),
      series(
        `sum by (instance) (rate(node_disk_written_bytes_total{${node}}[$__rate_interval]))`,
        '{{instance}} written',
      ),
    ],
  ),
  graph(
    { title: 'Network', description: 'Bytes received and sent a second, loopback left out.', unit: 'Bps' },
    [
      series(
        `sum by (instance) (rate(node_network_receive_bytes_total{${node}, device!="lo"}[$__rate_interval]))`,
        '{{instance}} received',
      ),
      series(
        `sum by (instance) (rate(node_network_transmit_bytes_total{${node}, device!="lo"}[$__rate_interval]))`,
        '{{instance}} sent',
      ),
    ],
  ),
];
