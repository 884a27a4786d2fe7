import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreUnavailable } from '@app/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { historyStoreContract } from '../contract/history-store.contract.js';
import { sampleChunk, sampleRun, T0 } from '../contract/samples.js';
import { HistoryRefused } from '../port/errors.js';
import { EmbeddedHistory } from './embedded-history.js';

/** So many that their hour is not counted in one go. */
const JOBS = 2_500;

historyStoreContract('EmbeddedHistory in memory', async () => new EmbeddedHistory(':memory:'));

describe('EmbeddedHistory in a file', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetcron-history-'));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('finds everything again after it was closed and opened', async () => {
    const path = join(folder, 'history.db');
    const first = new EmbeddedHistory(path);
    await first.writeRuns([sampleRun({ id: 'r1' })]);
    await first.writeOutput([sampleChunk('r1', 0, 'text')]);
    await first.close();
    const second = new EmbeddedHistory(path);
    expect(await second.findRun('r1')).toEqual(sampleRun({ id: 'r1' }));
    expect(await second.findOutput('r1', {})).toEqual([sampleChunk('r1', 0, 'text')]);
    expect(await second.recomputeRollups(10)).toBe(2);
    await second.close();
    await second.close();
  });

  it('counts an hour of all jobs anew that was being counted when it was closed', async () => {
    const path = join(folder, 'counting.db');
    const first = new EmbeddedHistory(path);
    const runs = Array.from({ length: JOBS }, (_, index) => sampleRun({ id: `r${index}`, jobName: `job-${index}` }));
    await first.writeRuns(runs);
    expect(await first.recomputeRollups(JOBS)).toBe(JOBS);
    const broken = first.recomputeRollups(1).catch((error: unknown) => error);
    await nextTurn();
    await first.close();
    expect(await broken).toBeInstanceOf(StoreUnavailable);
    const second = new EmbeddedHistory(path);
    expect(await second.recomputeRollups(10)).toBe(1);
    const [hour] = await second.findRollups({ from: 0, to: Number.MAX_SAFE_INTEGER });
    expect(hour?.counts).toEqual({ succeeded: JOBS });
    await second.close();
  });

  it('says that it is unavailable, and that nothing was done, once it is closed', async () => {
    const store = new EmbeddedHistory(join(folder, 'closed.db'));
    await store.close();
    await expect(store.writeRuns([sampleRun({ id: 'r1' })])).rejects.toMatchObject({
      constructor: StoreUnavailable,
      outcome: 'notDone',
    });
    await expect(store.findRuns({}, 10)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(store.ping()).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('refuses a record it can never keep, and nothing of its batch is kept', async () => {
    const store = new EmbeddedHistory(':memory:');
    const poison = [sampleRun({ id: 'bad', scheduledTime: Number.NaN }), sampleRun({ id: 'b\0d' })];
    for (const bad of poison) {
      await expect(store.writeRuns([sampleRun({ id: 'good' }), bad])).rejects.toBeInstanceOf(HistoryRefused);
    }
    expect(await store.findRun('good')).toBeUndefined();
    await store.writeRuns([sampleRun({ id: 'good' })]);
    expect(await store.findRun('good')).toBeDefined();
    await store.close();
  });

  it('lets the process do other things between writes that follow one another', async () => {
    const store = new EmbeddedHistory(':memory:');
    let isOver = false;
    let turns = 0;
    const counting = (async () => {
      for (; !isOver; turns += 1) await nextTurn();
    })();
    for (let n = 0; n < 10; n += 1) await store.writeRuns([sampleRun({ id: `r${n}` })]);
    isOver = true;
    await counting;
    expect(turns).toBeGreaterThanOrEqual(10);
    await store.close();
  });

  it('gives an unlucky search short pages that go on, and finds the hit in the end', async () => {
    const store = new EmbeddedHistory(':memory:');
    const runs = Array.from({ length: 5_000 }, (_, n) => sampleRun({ id: `r${n}`, scheduledTime: T0 + n }));
    await store.writeRuns([sampleRun({ id: 'hit', scheduledTime: T0 - 1, output: 'needle' }), ...runs]);
    let page = await store.findRuns({ search: 'needle' }, 10);
    let pages = 1;
    for (; page.items.length === 0; pages += 1) page = await store.findRuns({ search: 'needle' }, 10, page.nextCursor);
    expect(pages).toBe(6);
    expect(page.items.map((run) => run.id)).toEqual(['hit']);
    expect(page.nextCursor).toBeUndefined();
    await store.close();
  });

  it('gives a rare filter short pages that go on', async () => {
    const store = new EmbeddedHistory(':memory:');
    const runs = Array.from({ length: 25_000 }, (_, n) => sampleRun({ id: `r${n}`, scheduledTime: T0 + n }));
    await store.writeRuns([sampleRun({ id: 'hit', scheduledTime: T0 - 1, worker: 'rare' }), ...runs]);
    const filter = { jobNames: ['backup', 'other'], worker: 'rare' };
    let page = await store.findRuns(filter, 10);
    let pages = 1;
    for (; page.items.length === 0; pages += 1) page = await store.findRuns(filter, 10, page.nextCursor);
    expect(pages).toBe(6);
    expect(page.items.map((run) => run.id)).toEqual(['hit']);
    await store.close();
  });
});
