import { StoreUnavailable, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { definitionOf, entryOf, type JobFields, JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import { NotDelivered } from '../claiming/courier.js';
import type { StoredRun } from '../claiming/run-writes.js';
import type { Job } from '../job/job.js';
import type { RunEntry } from '../store/run-entry.js';
import { OrphanEnds } from './orphan-ends.js';

const jobOf = (fields: Partial<JobFields>): Job => definitionOf({ name: 'tick', ...fields }).job as Job;

describe('the end of a run that nobody runs any more', () => {
  let room: JobsFixture;
  let ends: OrphanEnds;
  let told: string[];
  const lost = { status: 'lost', reason: 'workerDied', endTime: START + 5000 } as const;

  beforeEach(async () => {
    room = new JobsFixture();
    told = [];
    const log = { ...silentLog, error: (message: string) => void told.push(message) };
    ends = new OrphanEnds(room.keys, room.clock, log, room.courier, room.stopping.signal);
    await room.start();
  });

  afterEach(() => room.close());

  const orphan = async (changes: Partial<RunEntry> = {}): Promise<StoredRun> => {
    const { createRevision } = await room.putJob({ name: 'tick', onLost: 'retry' });
    const entry = entryOf({ jobGeneration: createRevision, lockSlot: 0, ...changes });
    return { entry, modRevision: await room.putRun(entry) };
  };
  const end = async (stored: StoredRun): Promise<StoredRun | undefined> => {
    const ended = ends.end({ stored, fenceRevision: stored.modRevision }, lost, jobOf({ onLost: 'retry' }));
    await room.clock.advanceAsync(1000);
    return ended;
  };

  it('comes with its lock free and its next attempt put, in one transaction', async () => {
    const stored = await orphan();
    const after = await end(stored);
    expect(after).toMatchObject({ entry: { state: 'finished', result: lost } });
    const [request] = (await room.store.range(room.keys.requests)).entries;
    const run = await room.store.get(room.keys.run('tick', 'run-1'));
    expect([request?.modRevision, run?.modRevision]).toEqual([after?.modRevision, after?.modRevision]);
    expect(await room.has(room.keys.lock('tick'))).toBe(false);
  });

  it('comes without a next attempt when its job has just gone', async () => {
    const stored = await orphan();
    await room.delete(room.keys.job('tick'));
    expect(await end(stored)).toMatchObject({ entry: { result: lost } });
    expect(await room.requestsOf('tick')).toEqual([]);
    expect(await room.has(room.keys.lock('tick'))).toBe(false);
  });

  it.each<[string, (stored: StoredRun) => Promise<unknown>]>([
    ['ended it', ({ entry }) => room.putRun({ ...entry, state: 'finished', result: { status: 'succeeded' } })],
    ['bound it to a new session', ({ entry }) => room.putRun({ ...entry, session: 'new' })],
    ['forgot it', () => room.delete(room.keys.run('tick', 'run-1'))],
  ])('is left to whoever %s meanwhile', async (_what, change) => {
    const stored = await orphan();
    await change(stored);
    const before = await room.runOf('tick', 'run-1');
    expect(await end(stored)).toBeUndefined();
    expect(await room.runOf('tick', 'run-1')).toEqual(before);
    expect(await room.requestsOf('tick')).toEqual([]);
  });

  it('comes once, though the answer was lost', async () => {
    const stored = await orphan();
    const transactAll = room.store.transactAll.bind(room.store);
    vi.spyOn(room.store, 'transactAll').mockImplementationOnce(async (asked) => {
      await transactAll(asked);
      return asked.map(() => ({ ok: false as const, error: new StoreUnavailable('test', 'unknown') }));
    });
    const after = await end(stored);
    const run = await room.store.get(room.keys.run('tick', 'run-1'));
    expect(after).toMatchObject({ entry: { result: lost }, modRevision: run?.modRevision });
    expect(await room.requestsOf('tick')).toHaveLength(1);
  });

  it('is told once where the store will never take it, and said again to nobody', async () => {
    const stored = await orphan();
    room.refuse(room.keys.run('tick', 'run-1'));
    expect([await end(stored), await end(stored)]).toEqual([undefined, undefined]);
    expect(told).toEqual(['A run whose worker is gone cannot be ended']);
    expect([ends.isRefused('run-1'), ends.isRefused('run-2')]).toEqual([true, false]);
    expect(await room.runOf('tick', 'run-1')).toEqual(stored.entry);
  });

  it('comes once the store takes it', async () => {
    const stored = await orphan();
    const takeAgain = room.refuse(room.keys.run('tick', 'run-1'));
    await end(stored);
    takeAgain();
    expect(await end(stored)).toMatchObject({ entry: { result: lost } });
    expect(ends.isRefused('run-1')).toBe(false);
  });

  it('is not held to be refused by whoever is told to stop', async () => {
    const stored = await orphan();
    room.stopping.abort();
    await expect(ends.end({ stored, fenceRevision: 1 }, lost, undefined)).rejects.toThrow(NotDelivered);
    expect([ends.isRefused('run-1'), told]).toEqual([false, []]);
  });
});
