import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Entry, Transaction } from '../port/coordination-store.js';
import { del, isAbsent, isAt, put, transaction } from '../port/transaction.js';
import { KeySpace } from './key-space.js';
import { readRange } from './read-range.js';

const alive = (): boolean => true;

function everything(keys: KeySpace, revision?: number): readonly Entry[] {
  return readRange(keys, '', { limit: 1_000, ...(revision === undefined ? {} : { revision }) }).entries;
}

const key = fc.constantFrom('/a', '/a/1', '/b', '/b/\u{10400}', '/c');
const operation = fc.oneof(
  key.map((name) => put(name, 'x')),
  key.map((name) => put(name, 'y', 'lease')),
  key.map((name) => del(name)),
);
const aTransaction: fc.Arbitrary<Transaction> = fc
  .tuple(key, fc.boolean(), fc.uniqueArray(operation, { selector: (one) => one.key, maxLength: 3 }))
  .map(([name, absent, then]) => transaction([absent ? isAbsent(name) : isAt(name, 3)], then, [put(name, 'z')]));

describe('KeySpace', () => {
  it('shows every earlier revision as it was', () => {
    fc.assert(
      fc.property(fc.array(aTransaction, { maxLength: 30 }), (transactions) => {
        const keys = new KeySpace({ historyLimit: 1_000 });
        const seen = new Map([[keys.revision, everything(keys)]]);
        for (const one of transactions) {
          keys.apply([one], alive);
          seen.set(keys.revision, everything(keys));
        }
        for (const [revision, entries] of seen) expect(everything(keys, revision)).toEqual(entries);
      }),
    );
  });

  it('is as if nothing had been asked after an undo, leases included', () => {
    fc.assert(
      fc.property(fc.array(aTransaction), fc.array(aTransaction), (before, after) => {
        const keys = new KeySpace({ historyLimit: 1_000 });
        for (const one of before) keys.apply([one], alive);
        const [entries, { revision, sizeBytes }] = [everything(keys), keys];
        keys.undo(after.flatMap((one) => keys.apply([one], alive).changes));
        expect(everything(keys)).toEqual(entries);
        expect([keys.revision, keys.sizeBytes]).toEqual([revision, sizeBytes]);
        const leased = entries.filter((entry) => entry.lease !== undefined).length;
        expect(keys.dropLease('lease')).toHaveLength(leased);
      }),
    );
  });

  it('compares all transactions of a request with the state before it, at one revision', () => {
    const keys = new KeySpace({ historyLimit: 10 });
    const { settled, changes } = keys.apply(
      [transaction([isAbsent('/a')], [put('/a', '1')]), transaction([isAbsent('/a')], [put('/b', '1')])],
      alive,
    );
    expect(settled.map((one) => one.ok && one.result.succeeded)).toEqual([true, true]);
    expect(changes.map((change) => change.revision)).toEqual([2, 2]);
  });

  it('forgets the oldest changes, and never more than it may', () => {
    const keys = new KeySpace({ historyLimit: 10 });
    for (let index = 0; index < 100; index++) keys.apply([transaction([], [put('/a', String(index))])], alive);
    expect(keys.compactRevision).toBeGreaterThan(70);
    expect(keys.changesSince(0).length).toBeGreaterThanOrEqual(10);
    expect(keys.changesSince(0).length).toBeLessThanOrEqual(20);
    expect(keys.changesSince(0)[0]!.revision).toBe(keys.compactRevision + 1);
  });

  it('can be read at its revision after so much was undone that it pushed out all history', () => {
    const keys = new KeySpace({ historyLimit: 10 });
    keys.apply([transaction([], [put('/a', '1')])], alive);
    const { revision } = keys;
    const many = Array.from({ length: 100 }, (_, index) => transaction([], [put(`/b/${index}`, 'x')]));
    keys.undo(many.flatMap((one) => keys.apply([one], alive).changes));
    expect(everything(keys, revision).map((entry) => entry.key)).toEqual(['/a']);
    expect(keys.compactRevision).toBeLessThanOrEqual(revision);
  });
});
