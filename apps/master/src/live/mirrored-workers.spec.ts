import { MemoryStore, put, transaction } from '@app/etcd';
import { ClockSuspect, Keys, readPresence, WorkerPresence, writeBeat, writePresence } from '@app/jobs';
import { ManualClock, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpFace } from '../../../../test/support/http-face.js';
import { transact } from '../auth/store-calls.js';
import { MirroredWorkers } from './mirrored-workers.js';

const NOON = Date.UTC(2026, 0, 1, 12);
const keys = new Keys('/cron');

function presence(id: string, facts: Partial<WorkerPresence> = {}): WorkerPresence {
  const machine = { host: 'db1', address: '10.0.0.7', pid: 4711, version: '0.1.0', tzData: '2026b' };
  const rights = { schema: 1, group: 'default', labels: { disk: 'ssd' }, slots: 100 };
  return { id, boot: 'b', ...machine, ...rights, startedAt: NOON - 60_000, eligibleFrom: NOON - 57_000, ...facts };
}

describe('MirroredWorkers', () => {
  const clock = new ManualClock({ now: NOON });
  let store: MemoryStore;
  let workers: MirroredWorkers;

  beforeEach(async () => {
    store = new MemoryStore(clock);
    workers = new MirroredWorkers(store, keys, clock, silentLog);
    await workers.start();
  });
  afterEach(async () => {
    workers.close();
    await store.close();
  });

  async function come(id: string, facts: Partial<WorkerPresence> = {}): Promise<string> {
    const lease = await store.grantLease(10);
    const key = keys.worker(id);
    await transact(store, transaction([], [put(key, writePresence(presence(id, facts)), lease)]));
    return lease;
  }

  const states = async () => (await workers.list()).map((worker) => `${worker.id} ${worker.state}`);

  it('tells what workers say of themselves', async () => {
    await come('w1');
    const beat = { id: 'w1', clock: NOON, running: 3, load: 0.5, clockOffsetMs: 12 };
    await transact(store, transaction([], [put(keys.beat('w1'), writeBeat(beat))]));
    await expect.poll(async () => (await workers.list())[0]?.running).toBe(3);
    expect((await workers.list())[0]).toMatchObject({
      id: 'w1',
      pid: 4711,
      labels: { disk: 'ssd' },
      state: 'ready',
      clockOffsetMs: 12,
      tzVersion: '2026b',
      lastSeenAt: NOON,
    });
  });

  it('begins no drain by a clock that is off, and takes one back by any', async () => {
    const others = new MirroredWorkers(store, keys, clock, silentLog, { isClockGood: () => false });
    await come('w1', { drainFrom: NOON });
    await come('w2');
    await expect(others.drain('w2')).rejects.toThrow(ClockSuspect);
    await others.undrain('w1');
    await expect.poll(states).toEqual(['w1 ready', 'w2 ready']);
    others.close();
  });

  it('knows how each one stands', async () => {
    await come('a', { eligibleFrom: NOON + 3000 });
    await come('b', { drainFrom: NOON });
    await come('c', { clockSuspect: true });
    await transact(store, transaction([], [put(keys.worker('d'), 'not JSON')]));
    await expect.poll(states).toEqual(['a starting', 'b draining', 'c unwell']);
  });

  it('drains a worker and takes it back, its session untouched', async () => {
    const lease = await come('w1');
    const before = await store.get(keys.worker('w1'));
    await workers.drain('w1');
    await workers.drain('w1');
    const during = await store.get(keys.worker('w1'));
    // Announced ahead, so that all workers agree on who is there for a fire.
    expect(during && readPresence(during.value)?.drainFrom).toBe(NOON + 3000);
    expect(during).toMatchObject({ lease, createRevision: before?.createRevision });
    await expect.poll(states).toEqual(['w1 draining']);
    await workers.undrain('w1');
    await expect.poll(states).toEqual(['w1 ready']);
    await expect(workers.drain('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is what the workers page shows', async () => {
    await come('w1');
    const face = await HttpFace.start({ store, workers, clock });
    await expect.poll(async () => (await face.call('GET', '/api/v1/workers')).json.items).toHaveLength(1);
    expect((await face.call('POST', '/api/v1/workers/w1/drain')).status).toBe(202);
    expect((await face.call('POST', '/api/v1/workers/x/drain')).status).toBe(404);
    const groups = await face.call('GET', '/api/v1/groups');
    expect(groups.json.items).toEqual([{ name: 'default', workers: 1, slots: 100, running: 0, jobs: 0 }]);
    const viewer = await face.token('viewer');
    expect((await face.call('POST', '/api/v1/workers/w1/undrain', { token: viewer })).status).toBe(403);
    await face.app.close();
  });
});
