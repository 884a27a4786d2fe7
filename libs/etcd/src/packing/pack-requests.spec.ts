import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Transaction } from '../port/coordination-store.js';
import { del, isAbsent, put, read, transaction } from '../port/transaction.js';
import { packRequests } from './pack-requests.js';
import { bytesOf, FILL_BYTES, MAX_TRANSACTION_BYTES, weightOf, whyRefused, writtenKeys } from './request-limits.js';

function puts(count: number, prefix = ''): Transaction {
  return transaction(
    [],
    Array.from({ length: count }, (_, index) => put(`${prefix}/${index}`, 'x')),
  );
}

describe('packRequests', () => {
  it.each([
    [127, 1, 1],
    [128, 1, 2],
    [120, 8, 1],
    [121, 8, 2],
    [1_000, 3, 8],
    [2, 126, 1],
    [2, 127, 2],
  ])('packs %i transactions of %i operations into %i requests', (count, operations, requests) => {
    const transactions = Array.from({ length: count }, (_, index) => puts(operations, `/${index}`));
    expect(packRequests(transactions)).toHaveLength(requests);
  });

  it('counts the compares and the other branch as well', () => {
    const compared = Array.from({ length: 121 }, (_, index) =>
      transaction(
        Array.from({ length: 8 }, (_, part) => isAbsent(`/${index}/${part}`)),
        [put(`/${index}`, 'x')],
      ),
    );
    expect(packRequests(compared)).toHaveLength(2);
    expect(
      packRequests(
        compared.map(({ compare }) =>
          transaction(
            [],
            [],
            compare.map(({ key }) => read(key)),
          ),
        ),
      ),
    ).toHaveLength(2);
  });

  it('never asks for more than etcd takes, and asks for everything once', () => {
    const key = fc.integer({ min: 0, max: 200 }).map((number) => `/k/${number}`);
    const operation = fc.oneof(
      key.map((name) => put(name, Buffer.alloc(40_000))),
      key.map((name) => del(name)),
      key.map((name) => read(name)),
    );
    const one = fc
      .tuple(fc.array(operation, { maxLength: 40 }), fc.array(operation, { maxLength: 40 }))
      .map(([then, otherwise]) => transaction([], then, otherwise));
    fc.assert(
      fc.property(fc.array(one, { maxLength: 60 }), (transactions) => {
        const requests = packRequests(transactions);
        expect(requests.flat()).toEqual(transactions.map((_, index) => index));
        for (const request of requests.filter((indexes) => indexes.length > 1)) {
          const packed = request.map((index) => transactions[index]!);
          expect(packed.length + Math.max(...packed.map(weightOf))).toBeLessThanOrEqual(128);
          expect(packed.reduce((sum, each) => sum + bytesOf(each), 0)).toBeLessThanOrEqual(FILL_BYTES);
          const written = packed.flatMap((each) => [...new Set(writtenKeys(each))]);
          expect(new Set(written).size).toBe(written.length);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('whyRefused', () => {
  it.each([
    ['nothing', transaction([], []), undefined],
    ['128 operations', puts(128), undefined],
    ['129 operations', puts(129), 'more than 128'],
    ['an empty key', transaction([], [put('', 'x')]), 'empty key'],
    ['a key put twice', transaction([], [put('/a', '1'), put('/a', '2')]), '"/a" written twice'],
    ['a key put and deleted', transaction([], [del('/a'), put('/a', '2')]), '"/a" written twice'],
    ['a key deleted twice', transaction([], [del('/a'), del('/a')]), undefined],
    ['a key put in either branch', transaction([], [put('/a', '1')], [put('/a', '2')]), undefined],
    ['a key put twice otherwise', transaction([], [], [put('/a', '1'), put('/a', '2')]), 'written twice'],
    ['a key put and read', transaction([], [put('/a', '1'), read('/a')]), undefined],
    ['too many bytes', transaction([], [put('/a', Buffer.alloc(MAX_TRANSACTION_BYTES))]), 'bytes'],
  ])('of %s', (_, one, reason) => {
    if (reason === undefined) expect(whyRefused(one)).toBeUndefined();
    else expect(whyRefused(one)).toContain(reason);
  });
});
