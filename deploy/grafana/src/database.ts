// Databases: the service's own store, and the Redis and PostgreSQL that stand beside it, through
// their exporters.
import { atLeast, graph, quantiles, rate, series } from './panels';
import { share } from './promql';

const redis = 'job="redis"';
const postgres = 'job="postgres"';
const each = '[$__rate_interval]';

export const databasePanels = [
  graph(
    {
      title: 'Store: time of a call, p95',
      description: "95th percentile of the calls of the service's store, with their wait for the disk, by operation.",
      unit: 's',
    },
    quantiles('testgen_database_operation_duration_seconds', [0.95], ['operation']).map((q) =>
      q.legendFormat('{{operation}}'),
    ),
  ),
  graph(
    {
      title: 'Store: calls',
      description: "Calls of the service's store a second, by operation.",
      unit: 'ops',
    },
    [rate('testgen_database_operation_duration_seconds_count', ['operation'])],
  ),
  graph(
    {
      title: 'Store: errors',
      description: 'Calls that the database could not serve, a second, by operation. Zero while all is well.',
      unit: 'cps',
      logs: '| level=~"ERROR|CRITICAL"',
    },
    [rate('testgen_database_errors_total', ['operation'])],
  ),
  graph(
    {
      title: 'Redis: commands and clients',
      description: 'Commands a second, and clients connected. Empty without a redis_exporter.',
      unit: 'short',
    },
    [
      series(`sum by (instance) (rate(redis_commands_processed_total{${redis}}${each}))`, '{{instance}} commands'),
      series(`sum by (instance) (redis_connected_clients{${redis}})`, '{{instance}} clients'),
    ],
  ),
  graph(
    {
      title: 'Redis: memory',
      description: 'Memory that the data takes, and that the process has from the system.',
      unit: 'bytes',
    },
    [
      series(`sum by (instance) (redis_memory_used_bytes{${redis}})`, '{{instance}} data'),
      series(`sum by (instance) (redis_memory_used_rss_bytes{${redis}})`, '{{instance}} resident'),
    ],
  ),
  graph(
    {
      title: 'Redis: hit rate',
      description: 'Share of the look-ups that found their key.',
      unit: 'percentunit',
    },
    [
      series(
        share(
          `sum by (instance) (rate(redis_keyspace_hits_total{${redis}}${each}))`,
          `sum by (instance) (rate(redis_keyspace_hits_total{${redis}}${each})) + sum by (instance) (rate(redis_keyspace_misses_total{${redis}}${each}))`,
        ),
        '{{instance}}',
      ),
    ],
  ).max(1),
  graph(
    {
      title: 'PostgreSQL: transactions',
      description: 'Transactions committed and rolled back a second, by database. Empty without a postgres_exporter.',
      unit: 'ops',
    },
    [
      series(
        `sum by (instance, datname) (rate(pg_stat_database_xact_commit{${postgres}, datname!~"template.*|"}${each}))`,
        '{{datname}} committed',
      ),
      series(
        `sum by (instance, datname) (rate(pg_stat_database_xact_rollback{${postgres}, datname!~"template.*|"}${each}))`,
        '{{datname}} rolled back',
      ),
    ],
  ),
  graph(
    {
      title: 'PostgreSQL: connections',
      description: 'Connections by state, and the most that are allowed.',
      unit: 'short',
    },
    [
      series(`sum by (instance, state) (pg_stat_activity_count{${postgres}})`, '{{state}}'),
      series(`max by (instance) (pg_settings_max_connections{${postgres}})`, 'allowed'),
    ],
  ),
  graph(
    {
      title: 'PostgreSQL: reads from memory',
      description: 'Share of the blocks read that were in memory. Below 0.99 a busy database waits for its disk.',
      unit: 'percentunit',
    },
    [
      series(
        share(
          `sum by (instance) (rate(pg_stat_database_blks_hit{${postgres}}${each}))`,
          `sum by (instance) (rate(pg_stat_database_blks_hit{${postgres}}${each})) + sum by (instance) (rate(pg_stat_database_blks_read{${postgres}}${each}))`,
        ),
        '{{instance}}',
      ),
    ],
    atLeast(0.99),
  ).max(1),
];
