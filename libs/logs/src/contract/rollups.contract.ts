import { Run, TERMINAL_STATUSES } from '@app/jobs';
import { ManualClock } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { HistoryStore } from '../port/history-store.js';
import { computeRollup } from '../rollup/compute-rollup.js';
import { HOUR_MS } from '../rollup/hours.js';
import { mergeRollups, totalCount } from '../rollup/merge-rollups.js';
import { RollupPace } from '../rollup/rollup-pace.js';
import { sampleRun, sampleStretch, stillRunning, T0 } from './samples.js';
import { StoreUnderTest } from './store-under-test.js';

const DAY = { from: T0 - 12 * HOUR_MS, to: T0 + 12 * HOUR_MS };

/** Roll-ups per hour. */
export function rollupContract(store: StoreUnderTest): void {
  describe('roll-ups', () => {
    it('come to what counting every run by hand comes to, per job and over all', async () => {
      const runs = manyRuns(400);
      for (let start = 0; start < runs.length; start += 37) {
        await store().writeRuns(runs.slice(start, start + 37));
        await store().recomputeRollups(5);
      }
      await recomputeAll(store());
      for (const jobName of ['a', 'b', 'c']) {
        const own = runs.filter((run) => run.jobName === jobName);
        expect(await store().findRollups({ jobName, ...DAY })).toEqual(byHand(jobName, own));
      }
      const all = await store().findRollups(DAY);
      expect(mergeRollups(all).counts).toEqual(mergeRollups(byHand('', runs)).counts);
      expect(all).toEqual(byHand('', runs));
    });

    it('leave out what has not ended, and count it when it ends', async () => {
      const run = sampleRun({ id: 'r1' });
      await store().writeRuns([stillRunning(run)]);
      await recomputeAll(store());
      expect(await store().findRollups(DAY)).toEqual([]);
      await store().writeRuns([run]);
      await recomputeAll(store());
      expect((await store().findRollups(DAY))[0]?.counts).toEqual({ succeeded: 1 });
    });

    it('move a lost run to its late truth', async () => {
      await store().writeRuns([sampleRun({ id: 'r1', status: 'lost' })]);
      await recomputeAll(store());
      await store().writeRuns([sampleRun({ id: 'r1', late: true })]);
      await recomputeAll(store());
      expect((await store().findRollups({ jobName: 'backup', ...DAY }))[0]?.counts).toEqual({ succeeded: 1 });
    });

    it('take the duration of a failure by its exit code, and of no other', async () => {
      const failed = { status: 'failed', startTime: T0 } as const;
      await store().writeRuns([
        sampleRun({ id: 'r1', ...failed, exitCode: 2, endTime: T0 + 25_000 }),
        sampleRun({ id: 'r2', ...failed, exitCode: undefined, signal: 'SIGKILL', endTime: T0 + 60_000 }),
      ]);
      await recomputeAll(store());
      expect((await store().findRollups(DAY))[0]).toMatchObject({ counts: { failed: 2 }, durationMaxMs: 25_000 });
    });

    it('count a replayed batch once', async () => {
      const runs = manyRuns(20);
      await store().writeRuns(runs);
      await recomputeAll(store());
      await store().writeRuns(runs);
      await recomputeAll(store());
      expect(await store().findRollups(DAY)).toEqual(byHand('', runs));
    });

    it('spread a stretch over its hours', async () => {
      await store().writeRuns([sampleStretch('s', T0 + HOUR_MS / 2, T0 + 2.5 * HOUR_MS, 121)]);
      await recomputeAll(store());
      const rollups = await store().findRollups({ jobName: 'backup', ...DAY });
      expect(rollups.map((rollup) => rollup.counts.missed)).toEqual([30, 60, 31]);
    });

    it('miss nothing of batches that many processes write one record at a time', async () => {
      const runs = manyRuns(130);
      await Promise.all(runs.map((run) => store().writeRuns([run])));
      await Promise.all([recomputeAll(store()), recomputeAll(store())]);
      expect(await store().findRollups(DAY)).toEqual(byHand('', runs));
    });

    it('give only the hours asked for', async () => {
      await store().writeRuns([0, 1, 2].map((n) => sampleRun({ id: `r${n}`, scheduledTime: T0 + n * HOUR_MS })));
      await recomputeAll(store());
      const rollups = await store().findRollups({ from: T0 + HOUR_MS, to: T0 + 2 * HOUR_MS });
      expect(rollups.map((rollup) => rollup.hour)).toEqual([T0 + HOUR_MS]);
    });

    it('do at most as many as they are told to', async () => {
      await store().writeRuns(
        Array.from({ length: 10 }, (_, n) => sampleRun({ id: `r${n}`, scheduledTime: T0 + n * HOUR_MS })),
      );
      expect(await store().recomputeRollups(4)).toBe(4);
      await recomputeAll(store());
      expect(await store().recomputeRollups(4)).toBe(0);
      expect((await store().findRollups({ jobName: 'backup', ...DAY })).length).toBe(10);
    });

    it('leave those that rest until their time has come', async () => {
      const clock = new ManualClock({ now: T0 + 60_000 });
      const pace = new RollupPace(clock);
      const write = (id: string, jobName: string) => store().writeRuns([sampleRun({ id, jobName, scheduledTime: T0 })]);
      const totals = async () =>
        Promise.all(
          ['busy', 'calm', ''].map(async (jobName) =>
            totalCount(mergeRollups(await store().findRollups({ jobName, ...DAY }))),
          ),
        );
      for (let n = 0; n < 30; n += 1) await write(`busy-${n}`, 'busy');
      await write('calm-0', 'calm');
      await recomputeAll(store(), pace);
      expect(await totals()).toEqual([30, 1, 31]);
      clock.advance(2_000);
      await write('busy-30', 'busy');
      await write('calm-1', 'calm');
      expect(await store().recomputeRollups(100, pace)).toBe(2);
      expect(await totals()).toEqual([30, 2, 32]);
      expect(await store().recomputeRollups(100, pace)).toBe(0);
      clock.advance(1_000);
      await recomputeAll(store(), pace);
      expect(await totals()).toEqual([31, 2, 33]);
    });

    it('count every one of many small batches once', async () => {
      for (let n = 0; n < 150; n += 1) {
        await store().writeRuns([sampleRun({ id: `r${n}`, jobName: `job-${n % 3}`, scheduledTime: T0 + n })]);
      }
      await recomputeAll(store());
      const totals = await Promise.all(
        ['job-0', 'job-1', 'job-2', ''].map(async (jobName) =>
          totalCount(mergeRollups(await store().findRollups({ jobName, ...DAY }))),
        ),
      );
      expect(totals).toEqual([50, 50, 50, 150]);
    });

    it('count a stretch of a month in each of its hours', async () => {
      const hours = 30 * 24;
      await store().writeRuns([sampleStretch('s', T0 - hours * HOUR_MS, T0, hours + 1)]);
      await recomputeAll(store());
      const rollups = await store().findRollups({ jobName: 'backup', from: 0, to: T0 + HOUR_MS });
      expect(rollups.map((rollup) => rollup.counts.missed)).toEqual(Array.from({ length: hours + 1 }, () => 1));
    });

    it('keep what retention has deleted', async () => {
      await store().writeRuns(manyRuns(50));
      await recomputeAll(store());
      const before = await store().findRollups({ jobName: 'a', ...DAY });
      await store().deleteExpired({ before: T0 + 24 * HOUR_MS, limit: 1_000 });
      await store().writeRuns([sampleRun({ id: 'straggler', jobName: 'a' })]);
      await recomputeAll(store());
      const after = await store().findRollups({ jobName: 'a', ...DAY });
      expect(totalCount(mergeRollups(after))).toBeGreaterThanOrEqual(totalCount(mergeRollups(before)));
    });
  });
}

async function recomputeAll(store: HistoryStore, pace?: RollupPace): Promise<void> {
  while ((await store.recomputeRollups(100, pace)) > 0);
}

function byHand(jobName: string, runs: readonly Run[]) {
  const hours: number[] = [];
  for (let hour = DAY.from; hour < DAY.to; hour += HOUR_MS) hours.push(hour);
  return hours
    .map((hour) => computeRollup(jobName, hour, runs))
    .filter((rollup) => Object.keys(rollup.counts).length > 0);
}

/** A mixture of jobs, hours, statuses and durations that is the same every time. */
function manyRuns(number: number): Run[] {
  return Array.from({ length: number }, (_, n) => {
    const scheduledTime = T0 + ((n * 977_777) % (5 * HOUR_MS));
    const startTime = scheduledTime + ((n * 37) % 2_000);
    return sampleRun({
      id: `m${n}`,
      jobName: 'abc'[n % 3],
      status: n % 11 === 10 ? 'running' : TERMINAL_STATUSES[(n * 7) % TERMINAL_STATUSES.length],
      exitCode: n % 2 ? 1 : undefined,
      trigger: n % 5 ? 'schedule' : 'manual',
      scheduledTime,
      startTime,
      endTime: n % 11 === 10 ? undefined : startTime + ((n * 7_919) % 90_000),
    });
  });
}
