import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { Stage } from '../accounting/stage.js';
import { watchMachine } from '../support/machine-stalls.js';
import { untilTime } from '../support/until.js';
import { untilNoOrphans } from './crew.js';
import { IS_LONG, random, secondAfter, span } from './span.js';
import { account, type Stretch } from './verdict.js';

const BETWEEN_KILLS_MS = 10_000;
const TAKEOVER_MS = 3_000;
/** Three of the 25 fires of the short form may be lost to one worker that needs so many seconds to come back. */
const STEADY_SHARE = IS_LONG ? 0.9 : 0.8;
/** A fire that is due when a worker dies, or has just come back, may still meet what it left. */
const AROUND_MS = 1_000;
/** What the dead one had claimed and not started; and of a job whose run it had, all but the latest of the fires that waited. */
const EXPLAINED = ['notStarted', 'superseded'];

/** Any worker may die at any moment, again and again. */
export function killedWorkers(stage: () => Stage): void {
  it('doubles, misses and orphans nothing while a worker is killed every ten seconds and started again', async () => {
    const { workers } = stage().cluster;
    const stalled = watchMachine();
    const from = secondAfter(Date.now());
    const rounds = span(60_000, 30_000) / BETWEEN_KILLS_MS;
    const away: Stretch[] = [];
    for (let round = 0; round < rounds; round++) {
      // At any moment of a second: before its fires are claimed, between, or after.
      await untilTime(from + round * BETWEEN_KILLS_MS + random.between(0, 999));
      const victim = workers[round % workers.length]!;
      const killedAt = Date.now();
      await victim.kill();
      await untilNoOrphans(stage());
      await victim.start();
      await victim.ready();
      away.push([killedAt - AROUND_MS, Date.now() + AROUND_MS]);
    }
    await untilTime(from + rounds * BETWEEN_KILLS_MS);
    const machineMs = stalled();
    const { p99Ms, steadyShare, steadyLost, missed } = await account(stage(), 'kill -9 every 10 s', [
      from,
      Date.now() - 5_000,
    ]);
    expect(p99Ms).toBeLessThan(TAKEOVER_MS + machineMs);
    expect(missed.filter(({ reason = '' }) => !EXPLAINED.some((each) => reason.startsWith(each)))).toEqual([]);
    expect(steadyLost.filter((at) => !away.some(([since, until]) => at >= since && at <= until))).toEqual([]);
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
