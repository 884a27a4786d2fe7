import { LeaseLost } from '@app/platform';
import { beforeAll, describe, expect, it } from 'vitest';
import { CoordinationStore } from '../port/coordination-store.js';
import { put, transaction } from '../port/transaction.js';
import { act, freshPrefix, inWords, listen, OpenStore, StoreUnderTest, until } from './store-under-test.js';

/** What leases promise. Times to live are whole seconds and short: a real server is waited for. */
export function leasesContract(open: OpenStore): void {
  describe('leases', () => {
    let subject: StoreUnderTest;
    let store: CoordinationStore;
    let prefix: string;
    beforeAll(async () => {
      subject = await open();
      store = subject.store;
      prefix = freshPrefix();
    });

    async function isThere(key: string): Promise<boolean> {
      return (await store.get(key)) !== undefined;
    }

    it('take their keys with them when nobody keeps them, and watches hear of it', async () => {
      const key = `${prefix}expire`;
      const lease = await store.grantLease(2);
      const { revision } = await act(store, put(key, 'x', lease));
      expect(await store.get(key)).toMatchObject({ key, lease });
      const heard = listen(store, key, revision + 1);
      await until(subject, () => heard.events.length === 1, 15_000);
      expect(heard.events[0]).toMatchObject({ kind: 'delete', key });
      expect(await isThere(key)).toBe(false);
      await expect(store.keepAlive(lease)).rejects.toBeInstanceOf(LeaseLost);
      heard.close();
    });

    it('live as long as they are kept', async () => {
      const key = `${prefix}kept`;
      const lease = await store.grantLease(2);
      await act(store, put(key, 'x', lease));
      for (let turn = 0; turn < 8; turn++) {
        await subject.elapse(500);
        await store.keepAlive(lease);
      }
      expect(await isThere(key)).toBe(true);
      await store.revokeLease(lease);
      expect(await isThere(key)).toBe(false);
    });

    it('can be revoked, which takes all their keys at one revision, and again', async () => {
      const lease = await store.grantLease(60);
      const under = `${prefix}revoked/`;
      const { revision } = await act(store, put(`${under}a`, 'x', lease), put(`${under}b`, 'x', lease));
      await act(store, put(`${under}c`, 'x', lease), put(`${under}d`, 'stays'));
      const heard = listen(store, under, revision + 2);
      await store.revokeLease(lease);
      await until(subject, () => heard.events.length === 3);
      expect(heard.words()).toEqual(['a', 'b', 'c'].map((name) => `${name} gone@${revision + 2}`));
      expect((await store.range(under)).entries.map((entry) => entry.key)).toEqual([`${under}d`]);
      await store.revokeLease(lease);
      await expect(store.keepAlive(lease)).rejects.toBeInstanceOf(LeaseLost);
      heard.close();
    });

    it('that are gone fail a put under them, and no neighbour', async () => {
      const gone = await store.grantLease(60);
      await store.revokeLease(gone);
      const settled = await store.transactAll([
        transaction([], [put(`${prefix}gone/a`, 'x')]),
        transaction([], [put(`${prefix}gone/b`, 'x'), put(`${prefix}gone/c`, 'x', gone)]),
        transaction([], [put(`${prefix}gone/d`, 'x')]),
      ]);
      expect(inWords(settled)).toEqual(['done', 'LeaseLost', 'done']);
      expect((await store.range(`${prefix}gone/`)).entries.map((entry) => entry.key.slice(-1))).toEqual(['a', 'd']);
    });

    it('let go of a key that is put again without them, or under another', async () => {
      const [first, second] = [await store.grantLease(60), await store.grantLease(60)];
      const [bare, moved] = [`${prefix}moved/bare`, `${prefix}moved/other`];
      await act(store, put(bare, 'x', first), put(moved, 'x', first));
      await act(store, put(bare, 'y'), put(moved, 'y', second));
      await store.revokeLease(first);
      expect([await isThere(bare), await isThere(moved)]).toEqual([true, true]);
      expect((await store.get(bare))!.lease).toBeUndefined();
      await store.revokeLease(second);
      expect([await isThere(bare), await isThere(moved)]).toEqual([true, false]);
    });

    it('have ids of their own', async () => {
      const leases = await Promise.all(Array.from({ length: 20 }, () => store.grantLease(60)));
      expect(new Set(leases).size).toBe(20);
      await Promise.all(leases.map((lease) => store.revokeLease(lease)));
    });
  });
}
