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
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DashboardLinkBuilder,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder as HeatmapBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StatesBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { type Place, details, logs, runbook } from './links';
import { own, quantile, rateOf } from './promql';

export const datasource = { type: 'prometheus', uid: '${datasource}' };

export interface About {
  title: string;
  description: string;
  unit: string;
  alert?: string | string[]; // those that judge this figure: the panel links to their runbooks
  details?: Place; // the dashboard with more about it
  logs?: string; // a LogQL pipeline: a point leads to the log lines of its time
}

// Six stats or three graphs to a row of 24 columns; graphs that are a quarter of one say so.
export const kQuarter = 6;
const kGraph = { width: 8, height: 8 };
const kStat = { width: 4, height: 4 };

interface Common<T> {
  title(text: string): T;
  description(text: string): T;
  unit(unit: string): T;
  links(links: DashboardLinkBuilder[]): T;
  dataLinks(links: DashboardLinkBuilder[]): T;
  datasource(ref: typeof datasource): T;
  targets(targets: Builder<Dataquery>[]): T;
  span(columns: number): T;
  height(rows: number): T;
}

function furnished<T extends Common<T>>(panel: T, about: About, targets: DataqueryBuilder[], size = kGraph): T {
  const links = [
    ...[about.alert ?? []].flat().map(runbook),
    ...(about.details ? [details(about.details)] : []),
  ];
  panel
    .title(about.title)
    .description(about.description)
    .unit(about.unit)
    .links(links)
    .datasource(datasource)
    .targets(letters(targets))
    .span(size.width)
    .height(size.height);
  return about.logs === undefined ? panel : panel.dataLinks([logs('Log lines of this time', about.logs)]);
}

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
  return furnished(new StatBuilder(), about, [target], kStat)
    .thresholds(thresholds(steps))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None);
}

export function bars(about: About, targets: DataqueryBuilder[], steps: Step[] = [[0, 'blue']]): BarGaugeBuilder {
  return furnished(new BarGaugeBuilder(), about, targets)
    .thresholds(thresholds(steps))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .orientation(VizOrientation.Horizontal);
}

// `limit` draws the objective or the alert's threshold as a dashed line.
export function graph(about: About, targets: DataqueryBuilder[], limit?: Step[]): TimeseriesBuilder {
  const panel = furnished(new TimeseriesBuilder(), about, targets)
    .min(0)
    .lineWidth(1)
    .fillOpacity(8)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
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

// How a histogram's observations are spread, over time: one row a bucket.
export function heatmap(about: About, metric: string, selector = own): HeatmapBuilder {
  const classic = `sum by (le) (increase(${metric}_bucket{${selector}}[$__rate_interval]))`;
  const native = `sum(increase(${metric}{${selector}}[$__rate_interval]))`;
  const target = query(`${classic} or ${native}`, '{{le}}').range().exemplar(true).format(PromQueryFormat.Heatmap);
  return furnished(new HeatmapBuilder(), about, [target])
    .calculate(false)
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(64).exponent(0.5))
    .yAxis(new YAxisConfigBuilder().unit(about.unit))
    .scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(2))
    .cellGap(1);
}

// What something was at each time: one bar a series, coloured by value.
export interface State {
  value: number;
  text: string;
  color: string;
}

export function states(about: About, targets: DataqueryBuilder[], known: State[]): StatesBuilder {
  return furnished(new StatesBuilder(), about, targets)
    .mappings([
      {
        type: MappingType.ValueToText,
        options: Object.fromEntries(known.map(({ value, text, color }, index) => [value, { text, color, index }])),
      },
    ])
    .thresholds(thresholds([[0, 'text']]))
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.8);
}

export const passesOrFails: State[] = [
  { value: 1, text: 'passes', color: 'green' },
  { value: 0, text: 'fails', color: 'red' },
];

// One column of a table: a query whose labels say which row a value belongs to.
export interface Column {
  title: string;
  expr: string;
  unit: string;
  decimals?: number;
  steps?: Step[]; // colours the text
}

// A row for each combination of `labels`, widest columns first; sorted by the first column.
export function table(about: About, labels: Record<string, string>, columns: Column[]): TableBuilder {
  const targets = columns.map((column) => query(column.expr, '').instant().format(PromQueryFormat.Table));
  const names = Object.fromEntries(columns.map((column, i) => [`Value #${String.fromCharCode(65 + i)}`, column.title]));
  const panel = furnished(new TableBuilder(), about, targets, { width: 24, height: 8 }).transformations([
    { id: 'merge', options: {} },
    {
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(
          ['Time', ...Object.keys(labels), ...Object.keys(names)].map((name, i) => [name, i]),
        ),
        renameByName: { ...labels, ...names },
      },
    },
    { id: 'sortBy', options: { sort: [{ field: columns[0].title, desc: true }] } },
  ]);
  for (const column of columns) {
    panel.overrideByName(column.title, [
      { id: 'unit', value: column.unit },
      ...(column.decimals === undefined ? [] : [{ id: 'decimals', value: column.decimals }]),
      ...(column.steps
        ? [
            { id: 'custom.cellOptions', value: { type: 'color-text' } },
            { id: 'thresholds', value: thresholds(column.steps).build() },
          ]
        : []),
    ]);
  }
  return panel;
}

// Quantiles of a histogram, summed over everything but `by`.
export function quantiles(metric: string, qs: number[], by: string[] = [], selector = own): DataqueryBuilder[] {
  const prefix = by.map((label) => `{{${label}}} `).join('');
  return qs.map((q) => withExemplars(quantile(q, metric, by, selector), `${prefix}p${q * 100}`));
}

export function rate(metric: string, by: string[], selector = own): DataqueryBuilder {
  return series(rateOf(metric, by, selector), by.map((label) => `{{${label}}}`).join(' '));
}
