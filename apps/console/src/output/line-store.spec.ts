import { describe, expect, it } from 'vitest';
import type { Line, Stream } from './line-assembler';
import { LineStore } from './line-store';
import { PLAIN } from './sgr';

const line = (text: string, stream: Stream = 'stdout'): Line => ({ stream, at: 1_000, text, style: PLAIN, hidden: 0 });

/** A store whose lines are their numbers, ten characters each. */
function filled(count: number, budget?: number): LineStore {
  const store = new LineStore(budget);
  for (let number = 1; number <= count; number += 1) store.begin(line(String(number).padStart(10)));
  return store;
}

describe('the lines of an output', () => {
  it('gives lines with their numbers, and marks without', () => {
    const store = new LineStore();
    store.begin(line('head'));
    store.cut(8_200_000, 2_000);
    store.begin(line('tail', 'stderr'));
    expect([0, 1, 2].map((index) => store.at(index))).toMatchObject([
      { kind: 'line', number: 1, text: 'head' },
      { kind: 'cut', bytes: 8_200_000 },
      { kind: 'line', number: 2, text: 'tail', stream: 'stderr' },
    ]);
    expect(store.lineCount).toBe(2);
    expect([1, 2, 3].map((number) => store.indexOfNumber(number))).toEqual([0, 2, undefined]);
  });

  it('lets a line grow', () => {
    const store = new LineStore();
    const id = store.begin(line('half'));
    store.begin(line('other', 'stderr'));
    store.change(id, { ...line('half and half'), hidden: 3, style: { ...PLAIN, fg: 1 } });
    expect(store.at(0)).toMatchObject({ text: 'half and half', hidden: 3, style: { fg: 1 } });
    store.change(id, line('all'));
    expect(store.at(0)).toMatchObject({ text: 'all', hidden: 0, style: PLAIN });
  });

  it('keeps head and tail within its budget, and says what has gone', () => {
    const store = filled(100_000, 200_000);
    let kept = 0;
    for (let index = 0; index < store.size; index += 1) kept += store.textAt(index)?.length ?? 0;
    expect(kept).toBeLessThanOrEqual(200_000);
    expect(kept).toBeGreaterThan(150_000);
    expect(store.lineCount).toBe(100_000);
    expect(store.at(0)).toMatchObject({ number: 1 });
    expect(store.at(store.size - 1)).toMatchObject({ number: 100_000, text: '    100000' });
    const gaps = Array.from({ length: store.size }, (_, index) => index).filter(
      (index) => store.at(index).kind === 'gap',
    );
    expect(gaps).toHaveLength(1);
    const gap = store.at(gaps[0]!);
    const [before, after] = [store.at(gaps[0]! - 1), store.at(gaps[0]! + 1)];
    expect([gap, before, after]).toMatchObject([
      { from: (before as { number: number }).number + 1, to: (after as { number: number }).number - 1 },
      { kind: 'line' },
      { kind: 'line' },
    ]);
  });

  it('finds lines by number and by id on both sides of what has gone, and none within', () => {
    const store = filled(100_000, 200_000);
    for (let index = 0; index < store.size; index += 1) {
      const row = store.at(index);
      expect(store.indexOf(store.idAt(index))).toBe(index);
      if (row.kind === 'line') expect(store.indexOfNumber(row.number)).toBe(index);
      else expect(store.indexOfNumber((row as { from: number }).from + 5)).toBeUndefined();
    }
    const gap = Array.from({ length: store.size }, (_, index) => index).find(
      (index) => store.at(index).kind === 'gap',
    )!;
    expect(store.indexOf(50_000)).toBe(gap);
  });

  it('takes more of a line that has gone without a word', () => {
    const store = filled(100_000, 200_000);
    const size = store.size;
    store.change(50_000, line('gone'));
    expect(store.size).toBe(size);
  });

  it('tells when indexes have moved', () => {
    const store = filled(1_000, 200_000);
    const before = store.generation;
    store.begin(line('x'));
    expect(store.generation).toBe(before);
    expect(filled(100_000, 200_000).generation).toBeGreaterThan(0);
  });
});
