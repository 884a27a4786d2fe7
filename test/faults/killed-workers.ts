import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { Stage } from '../accounting/stage.js';
import { watchMachine } from '../support/machine-stalls.js';
import { untilTime } from '../support/until.js';
import { runningUnder, untilGone } from './crew.js';
import { secondAfter, span } from './span.js';
import { account } from './verdict.js';

const BETWEEN_KILLS_MS = 10_000;
const TAKEOVER_MS = 3_000;
const STEADY_SHARE = 0.9;

/** Any worker may die at any moment, again and again. */
export function killedWorkers(stage: () => Stage): void {
  it('doubles, misses and orphans nothing while a worker is killed every ten seconds and started again', async () => {
    const { workers } = stage().cluster;
    const stalled = watchMachine();
    const from = secondAfter(Date.now());
    const rounds = span(60_000, 30_000) / BETWEEN_KILLS_MS;
    for (let round = 0; round < rounds; round++) {
      await untilTime(from + round * BETWEEN_KILLS_MS);
      const victim = workers[round % workers.length]!;
      const family = await runningUnder(victim);
      await victim.kill();
      await untilGone(family);
      await victim.start();
    }
    await untilTime(from + rounds * BETWEEN_KILLS_MS);
    const machineMs = stalled();
    const { p99Ms, steadyShare } = await account(stage(), 'kill -9 every 10 s', [from, Date.now() - 5_000]);
    expect(p99Ms).toBeLessThan(TAKEOVER_MS + machineMs);
    expect(steadyShare).toBeGreaterThanOrEqual(STEADY_SHARE);
  }, 240_000);

  it('accounts for everything when a worker dies together with its data folder', async () => {
    const { cluster } = stage();
    const victim = cluster.workers[0]!;
    const from = secondAfter(Date.now());
    await victim.kill();
    await rm(cluster.file(victim.name), { recursive: true, force: true });
    await untilTime(from + 3_000);
    await victim.start();
    await stage().untilAllTick(secondAfter(Date.now()), 60_000);
    await untilTime(from + 20_000);
    await account(stage(), 'a data folder lost at death', [from, Date.now() - 5_000]);
  }, 180_000);
}
