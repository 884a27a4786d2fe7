import { Run } from '@app/jobs';
import { describe, expect, it } from 'vitest';
import { HistoryStore } from '../port/history-store.js';
import { HOUR_MS } from '../rollup/hours.js';
import { sampleChunk, sampleRun, sampleStretch, stillRunning, T0 } from './samples.js';
import { StoreUnderTest } from './store-under-test.js';

const DAY_MS = 24 * HOUR_MS;

/** Deleting what is old. */
export function retentionContract(store: StoreUnderTest): void {
  describe('retention', () => {
    it('deletes what ended before, oldest first, with its output', async () => {
      await store().writeRuns(
        [0, 1, 2, 3].map((day) => sampleRun({ id: `d${day}`, scheduledTime: T0 + day * DAY_MS })),
      );
      await store().writeOutput([0, 3].map((day) => sampleChunk(`d${day}`, 0, 'text')));
      const rule = { before: T0 + 2.5 * DAY_MS, limit: 2 };
      expect(await store().deleteExpired(rule)).toBe(2);
      expect(await left(store())).toEqual(['d3', 'd2']);
      expect(await store().deleteExpired(rule)).toBe(1);
      expect(await store().deleteExpired(rule)).toBe(0);
      expect(await left(store())).toEqual(['d3']);
      expect(await store().findOutput('d0', {})).toEqual([]);
      expect(await store().findOutput('d3', {})).toHaveLength(1);
    });

    it('counts from the end of a run, or from the last time of fires that never ran', async () => {
      await store().writeRuns([
        sampleRun({ id: 'long', scheduledTime: T0, endTime: T0 + 5 * DAY_MS }),
        sampleStretch('missed', T0, T0 + HOUR_MS, 3),
        sampleStretch('missed for days', T0, T0 + 3 * DAY_MS, 72),
      ]);
      expect(await store().deleteExpired({ before: T0 + DAY_MS, limit: 10 })).toBe(1);
      expect((await left(store())).toSorted()).toEqual(['long', 'missed for days']);
      expect(await store().deleteExpired({ before: T0 + 4 * DAY_MS, limit: 10 })).toBe(1);
      expect(await left(store())).toEqual(['long']);
    });

    it('never touches what has not ended, however old', async () => {
      const old = T0 - 10_000 * HOUR_MS;
      await store().writeRuns([
        stillRunning(sampleRun({ id: 'running', scheduledTime: old })),
        { ...stillRunning(sampleRun({ id: 'queued', scheduledTime: old })), status: 'queued' },
        ...Array.from({ length: 5 }, (_, n) => sampleRun({ id: `done${n}`, scheduledTime: old + n })),
      ]);
      await store().writeOutput([sampleChunk('running', 0, 'still going')]);
      expect(await deleteAll(store(), { before: T0, keepPerJob: 0, limit: 3 })).toBe(5);
      expect(await left(store())).toEqual(['running', 'queued']);
      expect(await store().findOutput('running', {})).toHaveLength(1);
    });

    it('keeps the newest ended runs per job and does not count the live ones', async () => {
      await store().writeRuns([
        ...series('a', 10),
        ...series('b', 2),
        stillRunning(sampleRun({ id: 'a live', jobName: 'a', scheduledTime: T0 + 99 })),
      ]);
      expect(await deleteAll(store(), { before: 0, keepPerJob: 3, limit: 4 })).toBe(7);
      expect(await left(store())).toEqual(['a live', 'a9', 'a8', 'a7', 'b1', 'b0']);
    });

    it('leaves alone what is scheduled at or after keepFrom', async () => {
      await store().writeRuns(series('a', 10));
      expect(await deleteAll(store(), { before: 0, keepPerJob: 3, keepFrom: T0 + 5, limit: 100 })).toBe(5);
      expect(await left(store())).toEqual(['a9', 'a8', 'a7', 'a6', 'a5']);
    });

    it('deletes a run with a great many chunks of output whole', async () => {
      await store().writeRuns([sampleRun({ id: 'chatty' })]);
      await store().writeOutput(Array.from({ length: 2_500 }, (_, seq) => sampleChunk('chatty', seq, `line ${seq}`)));
      expect(await store().deleteExpired({ before: T0 + DAY_MS, limit: 1 })).toBe(1);
      expect(await store().findOutput('chatty', {})).toEqual([]);
    });

    it('deletes old roll-ups only when told to', async () => {
      await store().writeRuns([0, 1, 2].map((n) => sampleRun({ id: `r${n}`, scheduledTime: T0 + n * HOUR_MS })));
      while ((await store().recomputeRollups(100)) > 0);
      const hours = async () =>
        (await store().findRollups({ jobName: 'backup', from: 0, to: T0 + DAY_MS })).map((rollup) => rollup.hour);
      await store().deleteExpired({ before: 0, limit: 10 });
      expect(await hours()).toHaveLength(3);
      await store().deleteExpired({ before: 0, limit: 10, rollupsBefore: T0 + HOUR_MS });
      expect(await hours()).toEqual([T0 + HOUR_MS, T0 + 2 * HOUR_MS]);
    });
  });
}

function series(jobName: string, number: number): Run[] {
  return Array.from({ length: number }, (_, n) => sampleRun({ id: `${jobName}${n}`, jobName, scheduledTime: T0 + n }));
}

async function deleteAll(store: HistoryStore, rule: Parameters<HistoryStore['deleteExpired']>[0]): Promise<number> {
  let deleted = 0;
  for (;;) {
    const step = await store.deleteExpired(rule);
    if (step === 0) return deleted;
    expect(step).toBeLessThanOrEqual(rule.limit);
    deleted += step;
  }
}

async function left(store: HistoryStore): Promise<string[]> {
  return (await store.findRuns({}, 500)).items.map((run) => run.id);
}
