import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedStore, listAll } from '@app/etcd';
import { Keys, type Run, readCursor, readDefinition } from '@app/jobs';
import { EmbeddedHistory } from '@app/logs';
import { ManualClock, silentLog } from '@app/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedWorld, type WorldOptions } from './seeded-world.js';

const NOW = Date.UTC(2026, 10, 20, 17, 4, 37);
const DAY_MS = 86_400_000;
const SMALL: WorldOptions = { jobs: 200, runs: 3_000, days: 14, seed: 7, now: NOW };

describe('a seeded world', () => {
  const folders: string[] = [];
  const keys = new Keys('/cron');
  let folder: string;
  let store: EmbeddedStore;
  let history: EmbeddedHistory;

  async function seed(options: WorldOptions): Promise<string> {
    const made = mkdtempSync(join(tmpdir(), 'fleetcron-world-'));
    folders.push(made);
    await seedWorld(made, options);
    return made;
  }

  /** Every record, newest first. */
  async function runsIn(from: EmbeddedHistory): Promise<readonly Run[]> {
    const runs: Run[] = [];
    let cursor: string | undefined;
    do {
      const page = await from.findRuns({}, 500, cursor);
      runs.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return runs;
  }

  beforeAll(async () => {
    folder = await seed(SMALL);
    store = EmbeddedStore.open({ folder, clock: new ManualClock({ now: NOW }), log: silentLog });
    history = new EmbeddedHistory(join(folder, 'history.db'));
  });

  afterAll(async () => {
    await history?.close();
    await store?.close();
    for (const each of folders) rmSync(each, { recursive: true });
  });

  it('has as many jobs and records as were asked for, spread over the days', async () => {
    expect((await listAll(store, keys.jobs)).entries).toHaveLength(SMALL.jobs);
    const runs = await runsIn(history);
    expect(runs).toHaveLength(SMALL.runs);
    const perDay = new Map<number, number>();
    for (const { scheduledTime } of runs) {
      const day = Math.floor((NOW - scheduledTime) / DAY_MS);
      perDay.set(day, (perDay.get(day) ?? 0) + 1);
    }
    expect([...perDay.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: SMALL.days }, (_, day) => day));
    expect(Math.min(...perDay.values())).toBeGreaterThan(SMALL.runs / SMALL.days / 10);
  });

  it('is the same for the same seed, and another for another', async () => {
    const digest = async (from: string): Promise<string> => {
      const opened = new EmbeddedHistory(join(from, 'history.db'));
      const runs = await runsIn(opened);
      await opened.close();
      return JSON.stringify(runs);
    };
    const [first, again, other] = [await digest(folder), await seed(SMALL), await seed({ ...SMALL, seed: 8 })];
    expect(await digest(again)).toBe(first);
    expect(await digest(other)).not.toBe(first);
  });

  it('is made of valid jobs that do not fire for a month, each with a cursor of its own', async () => {
    for (const entry of (await listAll(store, keys.jobs)).entries) {
      const definition = readDefinition(entry.key.slice(keys.jobs.length), entry);
      expect(definition.parsed).toMatchObject({ ok: true });
      expect(definition.schedule?.next(NOW) ?? Infinity).toBeGreaterThan(NOW + 29 * DAY_MS);
      const cursor = await store.get(keys.cursor(definition.name));
      expect(readCursor(cursor?.value ?? Buffer.alloc(0))).toMatchObject({
        at: NOW,
        generation: 0,
        fingerprint: definition.fingerprint,
      });
      expect(cursor?.modRevision).toBe(definition.createRevision);
    }
  });

  it('went mostly well, with trouble of every kind, recorded as the program records it', async () => {
    const busier = await seed({ ...SMALL, runs: 20_000 });
    const opened = new EmbeddedHistory(join(busier, 'history.db'));
    const runs = await runsIn(opened);
    await opened.close();
    const share = (status: string): number => runs.filter((run) => run.status === status).length / runs.length;
    expect(share('succeeded')).toBeGreaterThan(0.9);
    for (const status of ['failed', 'timedOut', 'killed', 'lost', 'skipped', 'missed']) {
      expect(share(status), status).toBeGreaterThan(0);
    }
    expect(runs.some(({ count, untilTime = 0, scheduledTime }) => count > 2 && untilTime > scheduledTime)).toBe(true);
    expect(runs.some(({ trigger, attempt }) => trigger === 'retry' && attempt === 2)).toBe(true);
    expect(runs.some(({ trigger }) => trigger === 'manual')).toBe(true);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(runs.length);
    expect(new Set(runs.flatMap(({ worker }) => worker ?? [])).size).toBe(20);
    for (const { startTime = 0, endTime = 0 } of runs)
      expect([startTime <= endTime, endTime < NOW]).toEqual([true, true]);
  });

  it('keeps all the output of what failed, and has its roll-ups done', async () => {
    const { items } = await history.findRuns({ statuses: ['failed'] }, 50);
    for (const { id, outputBytes } of items) {
      const kept = (await history.findOutput(id, {})).reduce((sum, { data }) => sum + data.length, 0);
      expect(kept).toBe(outputBytes);
    }
    expect(await history.recomputeRollups(10)).toBe(0);
    const hours = await history.findRollups({ from: NOW - 15 * DAY_MS, to: NOW });
    const counted = hours.flatMap(({ counts }) => Object.values(counts)).reduce((sum, count) => sum + count, 0);
    expect(counted).toBe((await runsIn(history)).reduce((sum, { count }) => sum + count, 0));
  });

  it('has jobs beside that are on and fire every five seconds, where they are asked for', async () => {
    const lively = await seed({ ...SMALL, jobs: 20, runs: 100, live: 5 });
    const opened = EmbeddedStore.open({ folder: lively, clock: new ManualClock({ now: NOW }), log: silentLog });
    const { entries } = await listAll(opened, keys.jobs);
    await opened.close();
    const soon = entries.filter((entry) => {
      const { schedule } = readDefinition(entry.key.slice(keys.jobs.length), entry);
      return (schedule?.next(NOW) ?? Infinity) <= NOW + 5_000;
    });
    expect(soon).toHaveLength(5);
  });
});
