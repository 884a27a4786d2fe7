import { MemoryStore } from '@app/etcd';
import { Keys } from '@app/jobs';
import { ManualClock, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MasterVitals } from '../ports/cluster-status.js';
import { MasterPresence } from './master-presence.js';
import { readMaster } from './read-master.js';

const keys = new Keys('/cron');
const FACTS = {
  ...{ id: 'm1', address: '127.0.0.1:0', pid: 4242, version: '0.1.0' },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', tzData: '2026b' },
};

describe('the presence of a master', () => {
  const clock = new ManualClock();
  let store: MemoryStore;
  let presence: MasterPresence;
  let vitals: MasterVitals;

  beforeEach(() => {
    store = new MemoryStore(clock);
    vitals = { watchLagMs: 0, loopStallMs: 12, isClockStopped: false };
    presence = new MasterPresence(store, keys, clock, silentLog, FACTS, () => vitals);
  });
  afterEach(() => store.close());

  const entry = () => store.get(`${keys.masters}m1`);
  const address = async () => JSON.parse((await entry())?.value.toString('utf8') ?? '{}').address;

  it('says where it is reached once that is known', async () => {
    presence.start();
    await expect.poll(address).toBe('127.0.0.1:0');
    const before = await entry();
    presence.servesAt('127.0.0.1:40123');
    await expect.poll(address).toBe('127.0.0.1:40123');
    expect((await entry())?.lease).toBe(before?.lease);
    await presence.stop();
    await expect.poll(entry).toBeUndefined();
  });

  it('says it from the first where it was known before', async () => {
    presence.servesAt('127.0.0.1:40123');
    presence.start();
    await expect.poll(address).toBe('127.0.0.1:40123');
    await presence.stop();
  });

  const read = async () => {
    const found = await entry();
    return found && readMaster(found.value, 'm1');
  };

  it('says how it does, and says it again while it is up', async () => {
    presence.start();
    await expect.poll(read).toMatchObject({ id: 'm1', isLeader: true, tzVersion: '2026b', vitals });
    vitals = { watchLagMs: 7000, loopStallMs: 340, loopWaitMs: 310, clockOffsetMs: -1200, isClockStopped: true };
    await clock.advanceAsync(10_000);
    expect(await read()).toMatchObject({ vitals });
    await presence.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('what stands under the key of a master', () => {
  const facts = { id: 'm1', address: '10.0.0.5:8080', pid: 7, version: '0.1.0', startedAt: '2026-01-01T00:00:00.000Z' };
  const readOf = (value: unknown) => readMaster(Buffer.from(JSON.stringify(value)), 'm2');

  it('may be of an older one, which tells less', () => {
    const startedAt = Date.UTC(2026, 0, 1);
    expect(readOf({ v: 1, ...facts })).toEqual({ ...facts, startedAt, isLeader: false });
    expect(readOf({ v: 1, ...facts, vitals: { watchLagMs: 'much' } })).not.toHaveProperty('vitals');
  });

  it('may be anything', () => {
    expect(readOf({ id: 'm1' })).toBeUndefined();
    expect(readOf(null)).toBeUndefined();
    expect(readMaster(Buffer.from('not JSON'), undefined)).toBeUndefined();
  });
});
