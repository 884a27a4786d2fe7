import type { EngineStats } from '@app/jobs';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { registerWorkerMetrics } from './worker-metrics.js';

const STATS: EngineStats = {
  claims: { accepted: 90, decided: 3, refused: 7 },
  fires: { claimed: 80, caughtUp: 4, skipped: 5, missed: 1 },
  lateness: { bounds: [5, 2000], counts: [60, 19, 1], sum: 8000 },
  writes: {
    claims: { sent: 102, unanswered: 2 },
    finishes: { sent: 84, unanswered: 0 },
    deletes: { sent: 83, unanswered: 0 },
    other: { sent: 11, unanswered: 0 },
  },
  writeRequests: { runs: 120, beats: 20, leases: 21 },
  running: 4,
  undelivered: 2,
  clock: 'good',
  clockOffsetMs: -12,
  watchLagMs: 8,
  hasSession: true,
};

describe('the metrics of a worker', () => {
  const seriesOf = async (engine: EngineStats | undefined) => {
    const registry = new Registry();
    registerWorkerMetrics(
      registry,
      () => engine,
      () => ({ loopStallMs: 40, loopWaitMs: 31 }),
    );
    const text = await registry.metrics();
    return text.split('\n').filter((line) => line.startsWith('fleetcron_') || line.startsWith('# TYPE'));
  };

  it('say how its fires, its claims and its writes went, as counters', async () => {
    expect(await seriesOf(STATS)).toEqual(
      expect.arrayContaining([
        '# TYPE fleetcron_worker_lateness_seconds histogram',
        'fleetcron_worker_lateness_seconds_bucket{le="2"} 79',
        'fleetcron_worker_lateness_seconds_sum 8',
        '# TYPE fleetcron_worker_fires_total counter',
        'fleetcron_worker_fires_total{outcome="skipped"} 5',
        '# TYPE fleetcron_worker_claims_total counter',
        'fleetcron_worker_claims_total{outcome="accepted"} 90',
        'fleetcron_worker_claims_total{outcome="decided"} 3',
        'fleetcron_worker_claims_total{outcome="refused"} 7',
        'fleetcron_worker_claims_total{outcome="unanswered"} 2',
        'fleetcron_worker_writes_total{kind="deletes"} 83',
        'fleetcron_worker_write_requests_total{for="runs"} 120',
        'fleetcron_worker_write_requests_total{for="beats"} 20',
        'fleetcron_worker_write_requests_total{for="leases"} 21',
      ]),
    );
  });

  it('say how it stands now', async () => {
    expect(await seriesOf(STATS)).toEqual(
      expect.arrayContaining([
        'fleetcron_worker_running 4',
        'fleetcron_worker_has_session 1',
        'fleetcron_worker_clock_offset_ms -12',
        'fleetcron_worker_watch_lag_ms 8',
        'fleetcron_worker_loop_stall_ms 40',
        'fleetcron_worker_loop_wait_ms 31',
      ]),
    );
  });

  it('say of a worker that is not up what its process knows', async () => {
    const series = (await seriesOf(undefined)).filter((line) => line.startsWith('fleetcron_worker'));
    expect(series).toEqual([
      'fleetcron_worker_has_session 0',
      'fleetcron_worker_loop_stall_ms 40',
      'fleetcron_worker_loop_wait_ms 31',
    ]);
  });

  it('never call a gauge a total', async () => {
    const types = (await seriesOf(STATS)).filter((line) => line.startsWith('# TYPE'));
    expect(types.filter((line) => line.includes('_total ') && !line.endsWith('_total counter'))).toEqual([]);
  });
});
