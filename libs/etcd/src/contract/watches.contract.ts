import { beforeAll, describe, expect, it } from 'vitest';
import { CoordinationStore } from '../port/coordination-store.js';
import { del, put, transaction } from '../port/transaction.js';
import { act, freshPrefix, listen, OpenStore, putAll, StoreUnderTest, until } from './store-under-test.js';

/** What watches promise. */
export function watchesContract(open: OpenStore): void {
  describe('watches', () => {
    let subject: StoreUnderTest;
    let store: CoordinationStore;
    let prefix: string;
    beforeAll(async () => {
      subject = await open();
      store = subject.store;
      prefix = freshPrefix();
    });

    it('tell what happens under the prefix, in order, and nothing else', async () => {
      const under = `${prefix}order/`;
      const start = await putAll(store, { [`${under}old`]: 'x' });
      const heard = listen(store, under, start + 1);
      await act(store, put(`${under}a`, '1'));
      await act(store, put(`${prefix}elsewhere`, 'x'));
      await act(store, put(`${under}a`, '2'));
      await act(store, del(`${under}old`));
      await until(subject, () => heard.events.length === 3);
      expect(heard.words()).toEqual([`a=1@${start + 1}`, `a=2@${start + 3}`, `old gone@${start + 4}`]);
      expect(heard.events[1]).toMatchObject({ entry: { createRevision: start + 1, modRevision: start + 3 } });
      heard.close();
    });

    it('tell first what already happened from the revision asked for', async () => {
      const under = `${prefix}replay/`;
      const start = await putAll(store, { [`${under}a`]: '1', [`${under}b`]: '1', [`${under}c`]: '1' });
      await act(store, del(`${under}b`));
      const heard = listen(store, under, start);
      await act(store, put(`${under}d`, '1'));
      await until(subject, () => heard.events.length === 3);
      expect(heard.words()).toEqual([`c=1@${start}`, `b gone@${start + 1}`, `d=1@${start + 2}`]);
      heard.close();
    });

    it('tell nothing from before a revision that is still to come', async () => {
      const under = `${prefix}future/`;
      const start = await putAll(store, { [`${under}a`]: '1' });
      const heard = listen(store, under, start + 2);
      await act(store, put(`${under}a`, '2'));
      await act(store, put(`${under}a`, '3'));
      await until(subject, () => heard.events.length > 0);
      expect(heard.words()).toEqual([`a=3@${start + 2}`]);
      heard.close();
    });

    it('keep the keys of one revision together', async () => {
      const under = `${prefix}together/`;
      const start = await putAll(store, { [`${under}x`]: '1' });
      const batches: number[] = [];
      const watch = store.watch(under, start + 1, {
        events: (events) => batches.push(events.length),
        startOver: () => {},
      });
      await act(store, ...Array.from({ length: 50 }, (_, index) => put(`${under}${index}`, 'x')));
      await until(subject, () => batches.length > 0);
      expect(batches).toEqual([50]);
      watch.close();
    });

    it('never call back from within the call that opened them or that wrote', async () => {
      const under = `${prefix}later/`;
      const start = await putAll(store, { [`${under}a`]: '1' });
      const heard = listen(store, under, start);
      expect(heard.events).toEqual([]);
      await until(subject, () => heard.events.length === 1);
      heard.close();
    });

    it('say nothing more once closed', async () => {
      const under = `${prefix}closed/`;
      const start = await putAll(store, { [`${under}a`]: '1' });
      const heard = listen(store, under, start + 1);
      const other = listen(store, under, start + 1);
      const written = act(store, put(`${under}a`, '2'));
      heard.close();
      heard.close();
      await written;
      await until(subject, () => other.events.length === 1);
      expect([heard.events, heard.startOver]).toEqual([[], undefined]);
      other.close();
    });

    it('ask to start over when what they should tell is compacted', async () => {
      const under = `${prefix}compacted/`;
      const start = await putAll(store, { [`${under}a`]: '1', [`${under}b`]: '1', [`${under}c`]: '1' });
      await store.compact(start);
      const heard = listen(store, under, start - 2);
      await until(subject, () => heard.startOver !== undefined);
      expect(heard.startOver).toContain('compact');
      expect(heard.events).toEqual([]);
      const after = listen(store, under, start + 1);
      await act(store, put(`${under}d`, '1'));
      await until(subject, () => after.events.length === 1);
      after.close();
    });

    it('lose nothing of thousands of changes, live or replayed', async () => {
      const under = `${prefix}storm/`;
      const start = await putAll(store, { [`${under}a`]: '1' });
      const live = listen(store, under, start + 1);
      for (let round = 0; round < 20; round++) {
        await store.transactAll(
          Array.from({ length: 100 }, (_, index) => transaction([], [put(`${under}${index}`, String(round))])),
        );
      }
      const replayed = listen(store, under, start + 1);
      await until(subject, () => live.events.length >= 2_000 && replayed.events.length >= 2_000);
      expect(replayed.words()).toEqual(live.words());
      expect(live.events).toHaveLength(2_000);
      live.close();
      replayed.close();
    });
  });
}
