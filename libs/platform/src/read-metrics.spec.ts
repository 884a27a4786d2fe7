import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { ReadMetrics } from './read-metrics.js';

describe('metrics that are read when somebody asks', () => {
  let registry: Registry;
  let metrics: ReadMetrics;

  beforeEach(() => {
    registry = new Registry();
    metrics = new ReadMetrics(registry);
  });

  /** What Prometheus reads, without the help. */
  const lines = async () => (await registry.metrics()).split('\n').filter((line) => line && !line.includes('# HELP'));

  it('are what the numbers are by then', async () => {
    let value: number | undefined;
    metrics.gauge('lag_ms', 'Lag.', () => value);
    expect(await lines()).toEqual(['# TYPE fleetcron_lag_ms gauge']);
    for (value of [7, 3]) expect(await lines()).toEqual(['# TYPE fleetcron_lag_ms gauge', `fleetcron_lag_ms ${value}`]);
    value = undefined;
    expect(await lines()).toEqual(['# TYPE fleetcron_lag_ms gauge']);
  });

  it('wait for what takes a while, and forget series that are gone', async () => {
    let states: Record<string, number> | undefined = { ready: 2, draining: 1 };
    metrics.gauges('workers', 'Workers.', 'state', async () => states);
    const type = '# TYPE fleetcron_workers gauge';
    expect(await lines()).toEqual([
      type,
      'fleetcron_workers{state="ready"} 2',
      'fleetcron_workers{state="draining"} 1',
    ]);
    states = { ready: 3 };
    expect(await lines()).toEqual([type, 'fleetcron_workers{state="ready"} 3']);
    states = undefined;
    expect(await lines()).toEqual([type]);
  });

  it('count as counters, and keep what they had while nothing is known', async () => {
    let claims: { accepted: number; decided: number } | undefined = { accepted: 5, decided: 0 };
    let sent: number | undefined = 9;
    metrics.counter('sent_total', 'Sent.', () => sent);
    metrics.counters('claims_total', 'Claims.', 'outcome', () => claims);
    const expected = [
      '# TYPE fleetcron_sent_total counter',
      'fleetcron_sent_total 9',
      '# TYPE fleetcron_claims_total counter',
      'fleetcron_claims_total{outcome="accepted"} 5',
      'fleetcron_claims_total{outcome="decided"} 0',
    ];
    expect(await lines()).toEqual(expected);
    expect(await lines()).toEqual(expected);
    [claims, sent] = [undefined, undefined];
    expect(await lines()).toEqual(expected);
  });

  it('are a histogram of what was counted elsewhere, each bucket with those before it', async () => {
    metrics.histogram('lateness_seconds', 'Late.', 0.001, () => ({ bounds: [5, 2000], counts: [3, 2, 1], sum: 9500 }));
    expect(await lines()).toEqual([
      '# TYPE fleetcron_lateness_seconds histogram',
      'fleetcron_lateness_seconds_bucket{le="0.005"} 3',
      'fleetcron_lateness_seconds_bucket{le="2"} 5',
      'fleetcron_lateness_seconds_bucket{le="+Inf"} 6',
      'fleetcron_lateness_seconds_sum 9.5',
      'fleetcron_lateness_seconds_count 6',
    ]);
    expect(await registry.getMetricsAsJSON()).toMatchObject([
      { type: 'histogram', name: 'fleetcron_lateness_seconds' },
    ]);
  });
});
