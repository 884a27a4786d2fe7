import { expect, it } from 'vitest';
import { percentile } from '../../accounting/percentile.js';
import { Stage } from '../../accounting/stage.js';
import { watchMachine } from '../../support/machine-stalls.js';

const AWAY_MS = 15_000;

/** History is never in the way and never lost. */
export function historyAway(stage: () => Stage): void {
  it('fires on time while history is away, and delivers every record once when it is back', async () => {
    const { cluster } = stage();
    await stage().untilSettled();
    const stalled = watchMachine();
    const from = Math.ceil(Date.now() / 1000) * 1000;
    cluster.historyWay.isRefusing = true;
    cluster.historyWay.cut();
    await stage().untilAllTick(from + AWAY_MS, AWAY_MS + 10_000);
    const late = stage().lateness(stage().free, from, from + AWAY_MS);
    expect(late).toHaveLength((stage().free.length * AWAY_MS) / 1000);
    const [p50, p99] = [percentile(late, 0.5), percentile(late, 0.99)];
    stage().figures.push(`history away for ${AWAY_MS} ms: lateness p50 ${p50} ms, p99 ${p99} ms`);
    expect(p99).toBeLessThan(1000 + stalled());
    expect((await cluster.api().get('/jobs?limit=1')).status).toBe(200);
    expect((await cluster.api().get('/runs')).status).toBe(503);

    cluster.historyWay.isRefusing = false;
    const backAt = Date.now();
    // Also of what was there before: nothing of it may be lost or changed by what is sent again.
    expect(await stage().discrepancies(backAt, 40_000, { anew: true })).toEqual([]);
    stage().figures.push(`history back: all records there ${Date.now() - backAt} ms after`);
  }, 120_000);
}
