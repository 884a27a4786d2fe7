import { beforeAll, describe, expect, it } from 'vitest';
import { CoordinationStore } from '../port/coordination-store.js';
import { Compacted } from '../port/errors.js';
import { del, put, transaction } from '../port/transaction.js';
import { act, freshPrefix, OpenStore, putAll } from './store-under-test.js';

/** What ranges, status and compaction promise. */
export function rangesContract(open: OpenStore): void {
  describe('ranges', () => {
    let store: CoordinationStore;
    let prefix: string;
    beforeAll(async () => {
      ({ store } = await open());
      prefix = freshPrefix();
    });

    async function names(under: string, options: Parameters<CoordinationStore['range']>[1] = {}): Promise<string[]> {
      return (await store.range(prefix + under, options)).entries.map((entry) => entry.key.slice(prefix.length));
    }

    it('hold the keys that start with the prefix, in bytewise order, and no others', async () => {
      await putAll(store, {
        [`${prefix}order/b`]: '',
        [`${prefix}order/\u{10400}`]: '',
        [`${prefix}order/\uff21`]: '',
        [`${prefix}order/a/1`]: '',
        [`${prefix}order/a`]: '',
        [`${prefix}order/é`]: '',
        [`${prefix}order0`]: '',
        [`${prefix}order`]: '',
      });
      expect(await names('order/')).toEqual([
        'order/a',
        'order/a/1',
        'order/b',
        'order/é',
        'order/\uff21',
        'order/\u{10400}',
      ]);
      expect(await names('order')).toHaveLength(8);
      expect(await names('order/nothing')).toEqual([]);
      expect((await store.range('', { limit: 10_000 })).entries.length).toBeGreaterThanOrEqual(8);
    });

    it('are paged: after a key, up to a limit, with a word on whether more remain', async () => {
      for (let index = 0; index < 10; index++) await act(store, put(`${prefix}paged/${index}`, String(index)));
      const first = await store.range(`${prefix}paged/`, { limit: 4 });
      expect([first.entries.length, first.more]).toEqual([4, true]);
      const second = await store.range(`${prefix}paged/`, { limit: 6, after: first.entries.at(-1)!.key });
      expect([second.entries.map((entry) => entry.value.toString()).join(''), second.more]).toEqual(['456789', false]);
      expect(await names('paged/', { after: `${prefix}paged/9` })).toEqual([]);
      expect(await names('paged/', { after: prefix, limit: 1 })).toEqual(['paged/0']);
      expect(await names('paged/', { after: `${prefix}paged/45`, limit: 1 })).toEqual(['paged/5']);
    });

    it('hold a thousand entries unless asked otherwise', async () => {
      await store.transactAll(
        Array.from({ length: 1_001 }, (_, index) => transaction([], [put(`${prefix}default/${index}`, '')])),
      );
      const page = await store.range(`${prefix}default/`);
      expect([page.entries.length, page.more]).toEqual([1_000, true]);
    });

    it('leave the values out where only keys are wanted', async () => {
      const revision = await putAll(store, { [`${prefix}keys/a`]: 'value' });
      const [entry] = (await store.range(`${prefix}keys/`, { keysOnly: true })).entries;
      expect(entry).toMatchObject({ key: `${prefix}keys/a`, modRevision: revision });
      expect(entry!.value.length).toBe(0);
      expect((await store.get(`${prefix}keys/a`))!.value.toString()).toBe('value');
    });

    it('show the store as it was at an earlier revision', async () => {
      const [a, b, c] = ['a', 'b', 'c'].map((name) => `${prefix}past/${name}`) as [string, string, string];
      const revision = await putAll(store, { [a]: '1', [b]: '1' });
      await act(store, put(a, '2'));
      await act(store, del(b));
      await act(store, put(c, '2'));
      await act(store, put(a, '3'));
      const past = await store.range(`${prefix}past/`, { revision });
      expect(past.revision).toBe(revision);
      expect(past.entries.map(({ key, value }) => `${key.slice(-1)}${value}`)).toEqual(['a1', 'b1']);
      const middle = await store.range(`${prefix}past/`, { revision: revision + 2 });
      expect(middle.entries.map(({ key, value }) => `${key.slice(-1)}${value}`)).toEqual(['a2']);
      const now = await store.range(`${prefix}past/`);
      expect(now.entries.map(({ key, value }) => `${key.slice(-1)}${value}`)).toEqual(['a3', 'c2']);
    });

    it('page consistently at one revision while the keys change', async () => {
      for (let index = 0; index < 9; index++) await act(store, put(`${prefix}steady/${index}`, 'old'));
      const values: string[] = [];
      let page = await store.range(`${prefix}steady/`, { limit: 2 });
      const { revision } = page;
      for (;;) {
        values.push(...page.entries.map(({ key, value }) => `${key.slice(-1)}${value}`));
        if (!page.more) break;
        await act(store, put(`${prefix}steady/8`, 'new'), del(`${prefix}steady/7`), put(`${prefix}steady/55`, 'new'));
        page = await store.range(`${prefix}steady/`, { limit: 2, revision, after: page.entries.at(-1)!.key });
        expect(page.revision).toBe(revision);
      }
      expect(values).toEqual(Array.from({ length: 9 }, (_, index) => `${index}old`));
    });

    it('say so when the revision asked for is compacted', async () => {
      const key = `${prefix}compacted/a`;
      const first = await putAll(store, { [key]: '1' });
      const second = await putAll(store, { [key]: '2' });
      await store.compact(second);
      await store.compact(second);
      await store.compact(first);
      await expect(store.range(`${prefix}compacted/`, { revision: first })).rejects.toBeInstanceOf(Compacted);
      const page = await store.range(`${prefix}compacted/`, { revision: second });
      expect(page.entries[0]!.value.toString()).toBe('2');
    });

    it('answer a status that knows the revision, the size and the members', async () => {
      const revision = await putAll(store, { [`${prefix}status`]: 'x' });
      const status = await store.status();
      expect(status.revision).toBeGreaterThanOrEqual(revision);
      expect(status.dbSizeBytes).toBeGreaterThan(0);
      expect(status.alarms).toEqual([]);
      expect(status.members.filter((member) => member.leader)).toHaveLength(1);
      expect(status.members[0]!.version).not.toBe('');
    });
  });
}
