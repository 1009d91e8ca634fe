// What all dashboards have in common: variables, annotations, links to each other, rows.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
  type Dashboard,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { type Place, titles, uids } from './links';
import { datasource } from './panels';
import { ownJob } from './promql';

const all = { selected: true, text: 'All', value: '$__all' };
// A run that hands its figures to a pushgateway has a job of its own: only where scans are shown is it wanted.
const service = { selected: true, text: ['testgen-copilot'], value: ['testgen-copilot'] };

// The values of a label of a metric that has it from the start.
export interface Choice {
  name: string;
  label: string;
  metric: string;
}

function labelVariable({ name, label, metric }: Choice): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query(`label_values(${metric}, ${name})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current(all);
}

function annotation(name: string, color: string, expr: string, title: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(datasource)
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .titleFormat(title);
}

export type Section = [title: string, panels: Builder<Panel>[]];

export function assemble(place: Place, description: string, choices: Choice[], sections: Section[]): Dashboard {
  const dashboard = new DashboardBuilder(`TestGen-Copilot / ${titles[place]}`)
    .uid(uids[place])
    .description(description)
    .tags(['testgen-copilot'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(new DatasourceVariableBuilder('logs').label('Logs').type('loki'))
    .withVariable(
      labelVariable({ name: 'job', label: 'Job', metric: 'testgen_build_info' }).current(
        place === 'security' ? all : service,
      ),
    )
    .withVariable(labelVariable({ name: 'instance', label: 'Instance', metric: `testgen_build_info{${ownJob}}` }))
    .link(
      new DashboardLinkBuilder('Other TestGen-Copilot dashboards')
        .type(DashboardLinkType.Dashboards)
        .tags(['testgen-copilot'])
        .includeVars(true)
        .keepTime(true),
    );
  for (const choice of choices) dashboard.withVariable(labelVariable(choice));
  // Each explains many a step in the graphs.
  const version = `count by (version) (testgen_build_info{${ownJob}})`;
  const before = `count by (version) (testgen_build_info{${ownJob}} offset $__interval)`;
  dashboard
    .annotation(annotation('Deployments', 'purple', `${version} unless ${before}`, 'Version {{version}} arrives'))
    .annotation(
      annotation(
        'Service starts',
        'blue',
        // Windows that overlap: of those that only touch, none has the scrapes on both sides of a start.
        `changes(process_start_time_seconds{${ownJob}}[$__rate_interval]) > 0 and on (job, instance) testgen_build_info{${ownJob}}`,
        '{{instance}} started',
      ),
    )
    .annotation(
      annotation(
        'Alerts',
        'red',
        'ALERTS{alertstate="firing", service="testgen-copilot"} unless ALERTS{alertstate="firing", service="testgen-copilot"} offset $__interval',
        '{{alertname}} fires',
      ),
    );
  for (const [title, panels] of sections) {
    dashboard.withRow(new RowBuilder(title));
    panels.forEach((panel) => dashboard.withPanel(panel));
  }
  return numbered(dashboard.build());
}

// Stable ids, in reading order: links to a single panel survive a rebuild.
function numbered(dashboard: Dashboard): Dashboard {
  dashboard.panels?.forEach((panel, i) => {
    panel.id = i + 1;
  });
  return dashboard;
}
