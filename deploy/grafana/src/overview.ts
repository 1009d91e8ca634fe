// The first page an operator opens, and the one every alert links to.
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
import { businessPanels } from './business';
import { healthPanels } from './health';
import { infrastructurePanels } from './infrastructure';
import { datasource, ownJob } from './panels';
import { performancePanels } from './performance';

const all = { selected: true, text: 'All', value: '$__all' };

function labelVariable(name: string, label: string, selector: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query(`label_values(testgen_active_requests${selector}, ${name})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current(all);
}

export function overview(): Dashboard {
  const dashboard = new DashboardBuilder('TestGen-Copilot / Overview')
    .uid('testgen-copilot-overview')
    .description('Application health, performance, business and infrastructure of the TestGen-Copilot service.')
    .tags(['testgen-copilot'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(labelVariable('job', 'Job', ''))
    .withVariable(labelVariable('instance', 'Instance', `{${ownJob}}`))
    .annotation(
      // A restart explains many a step in the graphs.
      new AnnotationQueryBuilder()
        .name('Service starts')
        .datasource(datasource)
        .enable(true)
        .iconColor('blue')
        .expr(`changes(process_start_time_seconds{${ownJob}}[$__interval]) > 0`)
        .titleFormat('{{instance}} started'),
    )
    .link(
      new DashboardLinkBuilder('Other TestGen-Copilot dashboards')
        .type(DashboardLinkType.Dashboards)
        .tags(['testgen-copilot'])
        .includeVars(true)
        .keepTime(true),
    );

  const sections: [string, Builder<Panel>[]][] = [
    ['Application health', healthPanels],
    ['Performance', performancePanels],
    ['Business', businessPanels],
    ['Infrastructure', infrastructurePanels],
  ];
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
