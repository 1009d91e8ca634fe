// Where panels lead: to the runbook of the alert that judges them, to the dashboard with the
// details, and to the log lines of the same time.
import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';

// A placeholder, replaced by the line in deploy/README.md.
const kRunbooks = 'https://docs.example.com/testgen/runbooks';

export const uids = {
  overview: 'testgen-copilot-overview',
  security: 'testgen-copilot-security',
  llm: 'testgen-copilot-llm',
  experience: 'testgen-copilot-experience',
  objectives: 'testgen-copilot-objectives',
  telemetry: 'testgen-copilot-telemetry',
};
export type Place = keyof typeof uids;

export const titles: Record<Place, string> = {
  overview: 'Overview',
  security: 'Security',
  llm: 'LLM usage',
  experience: 'User experience',
  objectives: 'Objectives and budgets',
  telemetry: 'Telemetry about telemetry',
};

export function runbook(alert: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(`Runbook: ${alert}`)
    .type(DashboardLinkType.Link)
    .url(`${kRunbooks}/${alert}.md`)
    .targetBlank(true);
}

// The other dashboard, with the same time and variables.
export function details(place: Place): DashboardLinkBuilder {
  return new DashboardLinkBuilder(`Details: ${titles[place]}`)
    .type(DashboardLinkType.Link)
    .url(`/d/${uids[place]}?\${__url_time_range}&\${__all_variables}`);
}

// Explore with the service's log lines of the time on screen, narrowed by a LogQL pipeline.
export function logs(title: string, pipeline: string): DashboardLinkBuilder {
  const expr = `{service_name="testgen-copilot"} | json ${pipeline}`.trimEnd();
  const panes = {
    a: {
      datasource: '${logs}',
      queries: [{ refId: 'A', expr, datasource: { type: 'loki', uid: '${logs}' } }],
      range: { from: '${__from}', to: '${__to}' },
    },
  };
  // Grafana fills its variables in before the browser decodes: they stay as they are.
  const encoded = encodeURIComponent(JSON.stringify(panes)).replace(/%24%7B([\w.]+)%7D/g, '${$1}');
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(`/explore?schemaVersion=1&panes=${encoded}`)
    .targetBlank(true);
}
