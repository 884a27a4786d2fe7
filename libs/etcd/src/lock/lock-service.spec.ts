import { LeaseLost, ManualClock } from '@app/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { act, inWords } from '../contract/store-under-test.js';
import { MemoryStore } from '../memory/memory-store.js';
import { put, transaction } from '../port/transaction.js';
import { LockService } from './lock-service.js';

describe('LockService', () => {
  let clock: ManualClock;
  let store: MemoryStore;
  let locks: LockService;
  let key: string;

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryStore(clock);
    locks = new LockService(store, '/cron');
    key = locks.keyOf('backup');
  });

  it('names the lock of a job, and those of its further runs', () => {
    expect([locks.keyOf('备份'), locks.keyOf('backup', 1)]).toEqual(['/cron/lock/备份', '/cron/lock/backup/1']);
  });

  it('gives a lock to exactly one of many', async () => {
    const taken = await Promise.all(Array.from({ length: 20 }, (_, index) => locks.acquire(key, `run-${index}`)));
    expect(taken.filter((lock) => lock !== undefined)).toHaveLength(1);
  });

  it('fences with a token that grows from holder to holder', async () => {
    const first = (await locks.acquire(key, 'a'))!;
    expect(first.fence).toBe((await store.get(key))!.createRevision);
    expect(await locks.release(first)).toBe(true);
    const second = (await locks.acquire(key, 'b'))!;
    expect(second.fence).toBeGreaterThan(first.fence);
    expect(await locks.release(first)).toBe(false);
    expect((await store.get(key))!.value.toString()).toBe('b');
  });

  it('gives the same lock to one that asks again because its answer was lost', async () => {
    const lease = await store.grantLease(10);
    const first = await locks.acquire(key, 'run-1', lease);
    expect(await locks.acquire(key, 'run-1', lease)).toEqual(first);
    expect(await locks.acquire(key, 'run-2', lease)).toBeUndefined();
    expect(await locks.acquire(key, 'run-1')).toBeUndefined();
  });

  it('frees the lock with its lease, and takes none under a lease that is gone', async () => {
    const lease = await store.grantLease(10);
    await locks.acquire(key, 'a', lease);
    await clock.advanceAsync(10_000);
    expect(await locks.acquire(key, 'b')).toBeDefined();
    await expect(locks.acquire(locks.keyOf('other'), 'a', lease)).rejects.toBeInstanceOf(LeaseLost);
  });

  it('is part of a transaction that decides more', async () => {
    const claim = (run: string) =>
      transaction([locks.isFree(key)], [locks.take(key, run), put(`/cron/runs/backup/${run}`, 'claimed')]);
    expect(inWords([...(await store.transactAll([claim('1')])), ...(await store.transactAll([claim('2')]))])).toEqual([
      'done',
      'refused',
    ]);
    const lock = { key, fence: (await store.get(key))!.createRevision };
    const finish = transaction([locks.isHeld(lock)], [locks.drop(key), put('/cron/runs/backup/1', 'finished')]);
    expect(inWords([...(await store.transactAll([finish])), ...(await store.transactAll([finish]))])).toEqual([
      'done',
      'refused',
    ]);
    await act(store, put('/cron/unrelated', 'x'));
    expect(await store.get(key)).toBeUndefined();
  });
});
