// Pieces of PromQL that many panels share. A Prometheus that takes native histograms stores no
// classic bucket, so everything about a histogram has its native twin behind an `or`: of the two,
// only the one that has data answers.

// What selects the service's own series. Figures of the machine come from another job.
export const own = 'job=~"$job", instance=~"$instance"';
export const ownJob = 'job=~"$job"';
export const node = 'job="node"';

const every = '[$__rate_interval]';

export function sumBy(by: string[], expr: string): string {
  return by.length > 0 ? `sum by (${by.join(', ')}) (${expr})` : `sum(${expr})`;
}

// "All" matches every job, and every exporter has process_* series too: keeps those of testgen.
export function ofService(expr: string): string {
  return `${expr} and on (job, instance) testgen_build_info{${own}}`;
}

export function rateOf(metric: string, by: string[] = [], selector = own): string {
  return sumBy(by, `rate(${metric}{${selector}}${every})`);
}

export function increaseOf(metric: string, by: string[] = [], selector = own): string {
  return sumBy(by, `increase(${metric}{${selector}}[$__range])`);
}

// A share of a total, nothing where the total is zero.
export function share(part: string, total: string): string {
  return `${part} / (${total} > 0)`;
}

export function quantile(q: number, metric: string, by: string[] = [], selector = own): string {
  const classic = sumBy([...by, 'le'], `rate(${metric}_bucket{${selector}}${every})`);
  const native = sumBy(by, `rate(${metric}{${selector}}${every})`);
  return `histogram_quantile(${q}, ${classic}) or histogram_quantile(${q}, ${native})`;
}

// The same over the chosen range, for tables; nothing where nothing was observed.
export function quantileOver(q: number, metric: string, by: string[], selector = own): string {
  const classic = sumBy([...by, 'le'], `increase(${metric}_bucket{${selector}}[$__range])`);
  const native = increaseOf(metric, by, selector);
  return `histogram_quantile(${q}, ${classic}) > 0 or histogram_quantile(${q}, ${native}) > 0`;
}

export function countIncrease(metric: string, by: string[] = [], selector = own): string {
  return `${increaseOf(`${metric}_count`, by, selector)} or histogram_count(${increaseOf(metric, by, selector)})`;
}

// Over the chosen range.
export function mean(metric: string, by: string[] = [], selector = own): string {
  const classic = share(increaseOf(`${metric}_sum`, by, selector), increaseOf(`${metric}_count`, by, selector));
  const native = increaseOf(metric, by, selector);
  return `${classic} or histogram_sum(${native}) / (histogram_count(${native}) > 0)`;
}

// The share of observations later than a bucket's bound. Text and OpenMetrics write 2 and 2.0.
function later(of: typeof rateOf, bound: number, metric: string, by: string[], selector: string): string {
  const within = of(`${metric}_bucket`, by, `${selector}, le=~"${bound}|${bound}[.]0"`);
  const native = of(metric, by, selector);
  return `1 - ${share(within, of(`${metric}_count`, by, selector))} or 1 - histogram_fraction(0, ${bound}, ${native})`;
}

export function shareAbove(bound: number, metric: string, by: string[] = [], selector = own): string {
  return later(rateOf, bound, metric, by, selector);
}

// Over the chosen range.
export function shareAboveOver(bound: number, metric: string, by: string[] = [], selector = own): string {
  return later(increaseOf, bound, metric, by, selector);
}
