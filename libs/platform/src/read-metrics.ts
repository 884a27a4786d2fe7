import { Counter, Gauge, type Metric, type Registry } from 'prom-client';

/** Values counted in buckets; see ReadMetrics.histogram. */
export interface CountedValues {
  /** Upper bounds of the buckets, inclusive, ascending. */
  readonly bounds: readonly number[];
  /** Values in each bucket alone; the last, one more than bounds, has no bound. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/**
 * Adds metrics to a registry that are read from plain numbers when Prometheus asks, and cost nothing in between. Names
 * get the prefix `fleetcron_`. Where `read` gives undefined there is nothing to show yet.
 */
export class ReadMetrics {
  constructor(private readonly registry: Registry) {}

  gauge(name: string, help: string, read: () => number | undefined | Promise<number | undefined>): void {
    new Gauge({
      name: `fleetcron_${name}`,
      help,
      registers: [this.registry],
      async collect() {
        const value = await read();
        this.remove();
        if (value !== undefined) this.set(value);
      },
    });
  }

  /** One series for each field of what `read` gives, told apart by `label`. */
  gauges(name: string, help: string, label: string, read: () => Amounts | Promise<Amounts>): void {
    new Gauge({
      name: `fleetcron_${name}`,
      help,
      labelNames: [label],
      registers: [this.registry],
      async collect() {
        const amounts = await read();
        this.reset();
        for (const [word, value] of Object.entries(amounts ?? {})) this.set({ [label]: word }, value);
      },
    });
  }

  /** What `read` gives never goes down while the process lives. */
  counter(name: string, help: string, read: () => number | undefined): void {
    new Counter({
      name: `fleetcron_${name}`,
      help,
      registers: [this.registry],
      collect() {
        const value = read();
        if (value === undefined) return;
        this.reset();
        this.inc(value);
      },
    });
  }

  /** As `counter`, with one series for each field of what `read` gives, told apart by `label`. */
  counters(name: string, help: string, label: string, read: () => Amounts): void {
    new Counter({
      name: `fleetcron_${name}`,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        const amounts = read();
        if (amounts === undefined) return;
        this.reset();
        for (const [word, value] of Object.entries(amounts)) this.inc({ [label]: word }, value);
      },
    });
  }

  /** Bounds and sum are multiplied by `unit`: 0.001 makes seconds of milliseconds. */
  histogram(name: string, help: string, unit: number, read: () => CountedValues | undefined): void {
    const fullName = `fleetcron_${name}`;
    // prom-client has no histogram that is counted elsewhere; what a registry needs of a metric is its name and `get`.
    const metric = {
      name: fullName,
      get: async () => ({ name: fullName, help, type: 'histogram', values: seriesOf(fullName, unit, read()) }),
    };
    this.registry.registerMetric(metric as unknown as Metric);
  }
}

type Amounts = Readonly<Record<string, number>> | undefined;

/** The series Prometheus wants: buckets that include those before them, the sum and the count. */
function seriesOf(name: string, unit: number, counted: CountedValues | undefined): object[] {
  if (counted === undefined) return [];
  let count = 0;
  const buckets = counted.counts.map((inBucket, index) => {
    count += inBucket;
    const bound = counted.bounds[index];
    return { metricName: `${name}_bucket`, labels: { le: bound === undefined ? '+Inf' : bound * unit }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: {}, value: counted.sum * unit },
    { metricName: `${name}_count`, labels: {}, value: count },
  ];
}
