import { MemoryStore } from '@app/etcd';
import { Keys } from '@app/jobs';
import { ManualClock, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MasterPresence } from './master-presence.js';

const keys = new Keys('/cron');
const FACTS = { id: 'm1', address: '127.0.0.1:0', pid: 4242, version: '0.1.0', startedAt: '2026-01-01T00:00:00.000Z' };

describe('the presence of a master', () => {
  const clock = new ManualClock();
  let store: MemoryStore;
  let presence: MasterPresence;

  beforeEach(() => {
    store = new MemoryStore(clock);
    presence = new MasterPresence(store, keys, clock, silentLog, FACTS);
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
});
