import { StoreUnavailable } from '@app/platform';
import { beforeAll, describe, expect, it } from 'vitest';
import { CoordinationStore } from '../port/coordination-store.js';
import { del, isAbsent, isAt, isSince, put, read, transaction } from '../port/transaction.js';
import { act, freshPrefix, inWords, OpenStore, putAll, textOf } from './store-under-test.js';

/** What transactions promise. */
export function transactionsContract(open: OpenStore): void {
  describe('transactions', () => {
    let store: CoordinationStore;
    let prefix: string;
    beforeAll(async () => {
      ({ store } = await open());
      prefix = freshPrefix();
    });

    it('give a key its revisions: created once, modified by every put', async () => {
      const key = `${prefix}revisions`;
      expect(await store.get(key)).toBeUndefined();
      const first = await act(store, put(key, 'one'));
      const second = await act(store, put(key, 'two'));
      expect(second.revision).toBe(first.revision + 1);
      const entry = (await store.get(key))!;
      expect(entry).toMatchObject({ key, createRevision: first.revision, modRevision: second.revision });
      expect(entry.value.toString()).toBe('two');
      expect(entry.lease).toBeUndefined();
      await act(store, del(key));
      const third = await act(store, put(key, 'three'));
      expect(await store.get(key)).toMatchObject({ createRevision: third.revision, modRevision: third.revision });
    });

    it('do what they say only while every compare holds', async () => {
      const key = `${prefix}compare`;
      const revision = await putAll(store, { [key]: 'a' });
      const tries = [
        [isAt(key, revision), isSince(key, revision)],
        [isAt(key, revision - 1)],
        [isSince(key, revision + 1)],
        [isAbsent(key)],
        [isAt(key, revision), isAbsent(`${prefix}nowhere`)],
        [isAt(`${prefix}nowhere`, 0)],
        [isAt(`${prefix}nowhere`, 7)],
        [],
      ];
      const settled = await store.transactAll(tries.map((compare) => transaction(compare, [read(key)])));
      expect(inWords(settled)).toEqual(['done', 'refused', 'refused', 'refused', 'done', 'done', 'refused', 'done']);
    });

    it('explain a refusal by what the other branch reads', async () => {
      const [cursor, lock] = [`${prefix}explain/cursor`, `${prefix}explain/lock`];
      const revision = await putAll(store, { [cursor]: 'noon' });
      const [settled] = await store.transactAll([
        transaction([isAt(cursor, revision - 1)], [put(cursor, 'one')], [read(cursor), read(lock)]),
      ]);
      expect(settled).toMatchObject({
        ok: true,
        result: { succeeded: false, results: [{ kind: 'get', entry: { key: cursor } }, { entry: undefined }] },
      });
      expect(await textOf(store, cursor)).toBe('noon');
    });

    it('read what they have written themselves, and what they have deleted no more', async () => {
      const [fresh, changed, gone] = [`${prefix}own/new`, `${prefix}own/changed`, `${prefix}own/gone`];
      await putAll(store, { [changed]: 'before', [gone]: 'before' });
      const { revision, results } = await act(
        store,
        ...[read(changed), put(fresh, 'after'), put(changed, 'after'), del(gone)],
        ...[read(fresh), read(changed), read(gone)],
      );
      const entries = results.map((each) => (each.kind === 'get' ? each.entry : undefined));
      expect(entries[0]?.value.toString()).toBe('before');
      expect(entries.slice(-3)).toMatchObject([
        { createRevision: revision, modRevision: revision },
        { modRevision: revision },
        undefined,
      ]);
      expect(entries[5]?.value.toString()).toBe('after');
    });

    it('write everything at one revision, which is the one they answer', async () => {
      const keys = ['a', 'b', 'c'].map((name) => `${prefix}one/${name}`);
      const { revision, results } = await act(store, ...keys.map((key) => put(key, 'x')));
      expect(results).toEqual([{ kind: 'put' }, { kind: 'put' }, { kind: 'put' }]);
      const { entries } = await store.range(`${prefix}one/`);
      expect(entries.map((entry) => entry.modRevision)).toEqual([revision, revision, revision]);
    });

    it('move the revision only when something was written', async () => {
      const key = `${prefix}still`;
      const revision = await putAll(store, { [key]: 'a' });
      const gone = await act(store, del(`${prefix}never`), read(key));
      expect(gone).toMatchObject({ revision, results: [{ kind: 'delete', deleted: 0 }, { kind: 'get' }] });
      const [refused] = await store.transactAll([transaction([isAbsent(key)], [put(key, 'b')])]);
      expect(refused).toMatchObject({ ok: true, result: { succeeded: false, revision, results: [] } });
      const deleted = await act(store, del(key));
      expect(deleted).toMatchObject({ revision: revision + 1, results: [{ kind: 'delete', deleted: 1 }] });
    });

    it('keep any bytes', async () => {
      const values = [Buffer.from([0, 255, 254, 128, 10]), Buffer.alloc(0), Buffer.from('时间 ⏰')];
      for (const [index, value] of values.entries()) {
        await act(store, put(`${prefix}bytes/${index}`, value));
        expect((await store.get(`${prefix}bytes/${index}`))!.value.equals(value)).toBe(true);
      }
    });

    it('keep names of any script', async () => {
      for (const name of ['备份', 'résumé', 'งานสำรอง', '\u{20000}', 'a b.c_d-e']) {
        await act(store, put(`${prefix}names/${name}`, name));
        expect(await textOf(store, `${prefix}names/${name}`)).toBe(name);
      }
    });

    it('settle independently of each other, however many, in order of asking', async () => {
      const taken = `${prefix}many/7`;
      await putAll(store, { [taken]: 'mine' });
      const settled = await store.transactAll(
        Array.from({ length: 1_000 }, (_, index) => {
          const key = `${prefix}many/${index}`;
          return transaction([isAbsent(key)], [put(key, 'x'), put(`${key}/run`, 'y')], [read(key)]);
        }),
      );
      expect(inWords(settled).filter((word) => word === 'done')).toHaveLength(999);
      expect(inWords(settled)[7]).toBe('refused');
      expect((await store.range(`${prefix}many/`, { limit: 5_000 })).entries).toHaveLength(2_000 - 1);
    });

    it('give what compares absence to exactly one of many', async () => {
      const key = `${prefix}race`;
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          store.transactAll([transaction([isAbsent(key)], [put(key, String(index))], [read(key)])]),
        ),
      );
      const words = answers.flatMap(inWords);
      expect(words.filter((word) => word === 'done')).toHaveLength(1);
      expect(await textOf(store, key)).toBe(String(words.indexOf('done')));
    });

    it('are refused alone when a key is written twice in one, and harm no neighbour', async () => {
      const keys = [0, 1, 2, 3, 4].map((index) => `${prefix}twice/${index}`);
      const settled = await store.transactAll([
        transaction([], [put(keys[0]!, 'a')]),
        transaction([], [put(keys[1]!, 'a'), put(keys[1]!, 'b')]),
        transaction([], [put(keys[2]!, 'a')]),
        transaction([], [put(keys[3]!, 'a'), del(keys[3]!)]),
        transaction([isAbsent(prefix)], [put(keys[4]!, 'a')], [del(keys[4]!)]),
      ]);
      expect(inWords(settled)).toEqual(['done', 'StoreRefused', 'done', 'StoreRefused', 'done']);
      expect((await store.range(`${prefix}twice/`)).entries.map((entry) => entry.key)).toEqual([
        keys[0],
        keys[2],
        keys[4],
      ]);
    });

    it('are all carried out when two of them write the same key', async () => {
      const key = `${prefix}same`;
      const settled = await store.transactAll([
        transaction([isAbsent(key)], [put(key, 'a')]),
        transaction([isAbsent(key)], [put(key, 'b')]),
      ]);
      expect(inWords(settled).sort()).toEqual(['done', 'refused']);
    });

    it('hold up to 128 operations, and are refused with more', async () => {
      const puts = Array.from({ length: 129 }, (_, index) => put(`${prefix}wide/${index}`, 'x'));
      const settled = await store.transactAll([
        transaction([], [put(`${prefix}wide/neighbour`, 'x')]),
        transaction([], puts),
        transaction([], puts.slice(0, 128)),
      ]);
      expect(inWords(settled)).toEqual(['done', 'StoreRefused', 'done']);
    });

    it('are refused alone when they are too large', async () => {
      const settled = await store.transactAll([
        transaction([], [put(`${prefix}large/a`, 'x')]),
        transaction([], [put(`${prefix}large/b`, Buffer.alloc(2 * 1024 * 1024))]),
        transaction([], [put(`${prefix}large/c`, Buffer.alloc(1024 * 1024))]),
        transaction([], [put(`${prefix}large/d`, Buffer.alloc(600 * 1024))]),
        transaction([], [put(`${prefix}large/e`, Buffer.alloc(600 * 1024))]),
      ]);
      expect(inWords(settled)).toEqual(['done', 'StoreRefused', 'done', 'done', 'done']);
    });

    it('are none when none is asked for', async () => {
      expect(await store.transactAll([])).toEqual([]);
    });

    it('are not done once the store is closed', async () => {
      const { store: closing } = await open();
      await closing.close();
      const [settled] = await closing.transactAll([transaction([], [put(`${prefix}closed`, 'x')])]);
      expect(settled).toMatchObject({ ok: false, error: { outcome: 'notDone' } });
      await expect(closing.get(`${prefix}closed`)).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(closing.grantLease(5)).rejects.toBeInstanceOf(StoreUnavailable);
      await closing.close();
    });
  });
}
