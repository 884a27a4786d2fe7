import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, merged, mergeRows, type Side } from './merge';

const base = { name: 'a', cronExpr: '0 1 * * *', env: { A: '1', B: '2' }, timeoutSeconds: 60 };
const small = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constant([1])));
const documents = fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.oneof(fc.integer({ min: 0, max: 2 }), small));
const all = (rows: ReturnType<typeof mergeRows>, side: Side) =>
  Object.fromEntries(rows.map((row) => [keyOf(row), side]));

describe('what two people changed', () => {
  it("goes together where they are not in each other's way", () => {
    const mine = { ...base, cronExpr: '30 1 * * *', env: { A: '1', B: '3' } };
    const theirs = { ...base, paused: true, env: { A: '0', B: '2' } };
    const rows = mergeRows(base, mine, theirs);
    expect(rows.every(({ settled }) => settled)).toBe(true);
    expect(merged(theirs, rows, {})).toEqual({
      ...base,
      cronExpr: '30 1 * * *',
      paused: true,
      env: { A: '0', B: '3' },
    });
  });

  it('is asked for where both changed the same', () => {
    const rows = mergeRows(base, { ...base, timeoutSeconds: 90 }, { ...base, timeoutSeconds: 120 });
    expect(rows).toEqual([{ path: ['timeoutSeconds'], base: 60, mine: 90, theirs: 120 }]);
    const { timeoutSeconds: _none, ...without } = base;
    const against = mergeRows(base, without, { ...base, timeoutSeconds: 120 });
    expect(merged({ ...base, timeoutSeconds: 120 }, against, all(against, 'mine'))).toEqual(without);
  });

  it('is nothing where both changed it alike', () => {
    expect(mergeRows(base, { ...base, timeoutSeconds: 90 }, { ...base, timeoutSeconds: 90 })).toEqual([]);
  });

  it('is theirs, or mine, where all of one side is taken', () => {
    fc.assert(
      fc.property(documents, documents, documents, (root, mine, theirs) => {
        const rows = mergeRows(root, mine, theirs);
        expect(merged(theirs, rows, all(rows, 'theirs'))).toEqual(theirs);
        expect(withoutEmpty(merged(theirs, rows, all(rows, 'mine')))).toEqual(withoutEmpty(mine));
      }),
    );
  });
});

/** A map without entries and no map are the same to a job. */
function withoutEmpty(document: object): object {
  return Object.fromEntries(
    Object.entries(document).filter(([, value]) => typeof value !== 'object' || Object.keys(value).length > 0),
  );
}
