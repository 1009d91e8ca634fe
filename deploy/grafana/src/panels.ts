// Shorthand for the panels of our dashboards: every panel has a title, a description, a unit and
// the data source chosen at the top, so that none can be forgotten.
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

export const datasource = { type: 'prometheus', uid: '${datasource}' };

// What selects the service's own series. Node metrics come from another job and are not narrowed.
export const own = 'job=~"$job", instance=~"$instance"';
export const ownJob = 'job=~"$job"';
export const node = 'job="node"';

export interface About {
  title: string;
  description: string;
  unit: string;
  alert?: string; // the alert that judges this figure: the panel links to its runbook
}

// A placeholder, replaced by the line in deploy/README.md.
const kRunbooks = 'https://docs.example.com/testgen/runbooks';

function runbook(about: About): DashboardLinkBuilder[] {
  if (!about.alert) return [];
  return [
    new DashboardLinkBuilder(`Runbook: ${about.alert}`)
      .type(DashboardLinkType.Link)
      .url(`${kRunbooks}/${about.alert}.md`)
      .targetBlank(true),
  ];
}

// Graph panels are 8 of 24 columns wide, stat panels 4: three and six to a row.
const kGraph = { width: 8, height: 8 };
const kStat = { width: 4, height: 4 };

function query(expr: string, legend: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(datasource).expr(expr).legendFormat(legend);
}

// A range query. Latency queries ask for exemplars too, which lead from a bucket to a trace.
export function series(expr: string, legend: string): DataqueryBuilder {
  return query(expr, legend).range();
}

export function withExemplars(expr: string, legend: string): DataqueryBuilder {
  return series(expr, legend).exemplar(true);
}

// Only the newest value: for stat panels and bar gauges.
export function latest(expr: string, legend = ''): DataqueryBuilder {
  return query(expr, legend).instant().format(PromQueryFormat.TimeSeries);
}

function letters(targets: DataqueryBuilder[]): Builder<Dataquery>[] {
  return targets.map((target, i) => target.refId(String.fromCharCode('A'.charCodeAt(0) + i)));
}

// Colours by value: [from, colour] in rising order; the first pair's colour also holds below it.
export type Step = [from: number, color: string];

function thresholds(steps: Step[]) {
  const [first, ...rest] = steps;
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null as unknown as number, color: first[1] },
    ...rest.map(([value, color]) => ({ value, color })),
  ]);
}

// Green below the limit, red from it on; and the other way round.
export const below = (limit: number): Step[] => [[0, 'green'], [limit, 'red']];
export const atLeast = (limit: number): Step[] => [[0, 'red'], [limit, 'green']];

export function stat(about: About, target: DataqueryBuilder, steps: Step[] = [[0, 'text']]): StatBuilder {
  return new StatBuilder()
    .title(about.title)
    .description(about.description)
    .unit(about.unit)
    .links(runbook(about))
    .datasource(datasource)
    .targets(letters([target]))
    .thresholds(thresholds(steps))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .span(kStat.width)
    .height(kStat.height);
}

export function bars(about: About, targets: DataqueryBuilder[]): BarGaugeBuilder {
  return new BarGaugeBuilder()
    .title(about.title)
    .description(about.description)
    .unit(about.unit)
    .links(runbook(about))
    .datasource(datasource)
    .targets(letters(targets))
    .thresholds(thresholds([[0, 'blue']]))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .orientation(VizOrientation.Horizontal)
    .span(kGraph.width)
    .height(kGraph.height);
}

// `limit` draws the objective or the alert's threshold as a dashed line.
export function graph(about: About, targets: DataqueryBuilder[], limit?: Step[]): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(about.title)
    .description(about.description)
    .unit(about.unit)
    .links(runbook(about))
    .datasource(datasource)
    .targets(letters(targets))
    .min(0)
    .lineWidth(1)
    .fillOpacity(8)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .span(kGraph.width)
    .height(kGraph.height);
  if (limit) {
    panel
      .thresholds(thresholds(limit))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  return panel;
}

// Parts of a whole, one on top of the other.
export function stacked(about: About, targets: DataqueryBuilder[]): TimeseriesBuilder {
  return graph(about, targets)
    .fillOpacity(40)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

// Quantiles of a classic histogram, summed over everything but `by`.
export function quantiles(metric: string, qs: number[], by: string[] = []): DataqueryBuilder[] {
  const labels = [...by, 'le'].join(', ');
  const prefix = by.map((label) => `{{${label}}} `).join('');
  return qs.map((q) =>
    withExemplars(
      `histogram_quantile(${q}, sum by (${labels}) (rate(${metric}_bucket{${own}}[$__rate_interval])))`,
      `${prefix}p${q * 100}`,
    ),
  );
}

export function rate(metric: string, by: string[], selector = own): DataqueryBuilder {
  return series(
    `sum by (${by.join(', ')}) (rate(${metric}{${selector}}[$__rate_interval]))`,
    by.map((label) => `{{${label}}}`).join(' '),
  );
}
