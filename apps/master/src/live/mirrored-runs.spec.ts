import { del, MemoryStore, put, transaction } from '@app/etcd';
import { fenceOf, Keys, RequestEntry, RunEntry, writeRequest, writeRunEntry } from '@app/jobs';
import { ManualClock, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transact } from '../auth/store-calls.js';
import { MirroredRuns } from './mirrored-runs.js';

const NOON = Date.UTC(2026, 0, 1, 12);
const keys = new Keys('/cron');

const request: RequestEntry = {
  runId: 'r1',
  jobName: 'job',
  trigger: 'manual',
  scheduledTime: NOON,
  requestedAt: NOON,
  notBefore: NOON,
  attempt: 1,
  rootRunId: 'r1',
  jobGeneration: 1,
};

const entry: RunEntry = {
  runId: 'r1',
  jobName: 'job',
  state: 'claimed',
  trigger: 'manual',
  scheduledTime: NOON,
  claimedAt: NOON + 5,
  attempt: 1,
  rootRunId: 'r1',
  jobRevision: 1,
  jobGeneration: 1,
  cursorResets: 0,
  worker: 'w1',
  session: 's',
  sessionRevision: 1,
  gap: [],
};

describe('MirroredRuns', () => {
  const clock = new ManualClock({ now: NOON });
  let store: MemoryStore;
  let runs: MirroredRuns;

  beforeEach(async () => {
    store = new MemoryStore(clock);
    runs = new MirroredRuns(store, keys, clock, silentLog);
    await runs.start();
  });
  afterEach(async () => {
    runs.close();
    await store.close();
  });

  const states = (jobName?: string) => runs.list(jobName).map((run) => `${run.id} ${run.status}`);

  it('follows a run from the wish to the end', async () => {
    await transact(store, transaction([], [put(keys.request('job', 'r1'), writeRequest(request))]));
    await expect.poll(() => states()).toEqual(['r1 queued']);

    const claim = [del(keys.request('job', 'r1')), put(keys.run('job', 'r1'), writeRunEntry(entry))];
    await transact(store, transaction([], claim));
    await expect.poll(() => states('job')).toEqual(['r1 running']);
    expect(await runs.find('r1')).toMatchObject({ worker: 'w1', claimedAt: NOON + 5 });

    const finished = { ...entry, state: 'finished', result: { status: 'failed', reason: 'exit:1' } } as const;
    await transact(store, transaction([], [put(keys.run('job', 'r1'), writeRunEntry(finished))]));
    await expect.poll(() => states()).toEqual(['r1 failed']);

    await transact(store, transaction([], [del(keys.run('job', 'r1'))]));
    await expect.poll(() => states()).toEqual([]);
    expect(await runs.find('r1')).toBeUndefined();
  });

  it('tells who asked for a run, with what, and its fence', async () => {
    const asked = { params: { day: '2' }, requestedBy: 'ann' };
    const wish = { ...request, params: asked.params, by: 'ann' };
    await transact(store, transaction([], [put(keys.request('job', 'r1'), writeRequest(wish))]));
    await expect.poll(() => runs.find('r1')).toMatchObject(asked);

    const claim = [del(keys.request('job', 'r1')), put(keys.run('job', 'r1'), writeRunEntry({ ...entry, ...asked }))];
    const { revision } = await transact(store, transaction([], claim));
    await expect.poll(async () => (await runs.find('r1'))?.fence).toBe(fenceOf(0, revision));
    expect(await runs.find('r1')).toMatchObject(asked);
  });

  it('tells until when a queued run waits, if it does', async () => {
    const wait = async (runId: string, notBefore: number) =>
      transact(
        store,
        transaction([], [put(keys.request('job', runId), writeRequest({ ...request, runId, notBefore }))]),
      );
    await wait('now', NOON);
    await wait('later', NOON + 60_000);
    await expect.poll(() => states()).toHaveLength(2);
    expect(await runs.find('later')).toMatchObject({ status: 'queued', notBefore: NOON + 60_000 });
    expect(await runs.find('now')).not.toHaveProperty('notBefore');
  });

  it('makes fences of the epoch the store has', async () => {
    await transact(store, transaction([], [put(keys.epoch, '2'), put(keys.run('job', 'r1'), writeRunEntry(entry))]));
    const restored = new MirroredRuns(store, keys, clock, silentLog);
    await restored.start();
    expect((await restored.find('r1'))?.fence).toMatch(/^0002-/);
    restored.close();
  });

  it('keeps jobs apart and passes over what it cannot read', async () => {
    const other = writeRunEntry({ ...entry, runId: 'r2', jobName: 'other' });
    const puts = [put(keys.run('other', 'r2'), other), put(keys.run('job', 'r1'), 'not JSON')];
    await transact(store, transaction([], puts));
    await expect.poll(() => states()).toEqual(['r2 running']);
    expect(states('job')).toEqual([]);
  });

  it('finds in the store itself what no watch has brought yet', async () => {
    const late = new MirroredRuns(store, keys, clock, silentLog);
    await transact(store, transaction([], [put(keys.request('job', 'r1'), writeRequest(request))]));
    expect(await late.find('r1')).toBeUndefined();
    expect(await late.seek('r1')).toMatchObject({ id: 'r1', status: 'queued' });
    const claim = [del(keys.request('job', 'r1')), put(keys.run('job', 'r1'), writeRunEntry(entry))];
    await transact(store, transaction([], claim));
    expect(await late.seek('r1')).toMatchObject({ id: 'r1', status: 'running' });
    expect(await late.seek('1')).toBeUndefined();
  });
});
