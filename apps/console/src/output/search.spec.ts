import { describe, expect, it } from 'vitest';
import type { Stream } from './line-assembler';
import { LineStore } from './line-store';
import { firstError, literalPattern, MOST_MATCHES, matchesIn, Search } from './search';
import { PLAIN } from './sgr';
import { type Shown, StreamFilter } from './stream-filter';

/** A store of lines; those that begin with `!` are stderr. */
function storeOf(...lines: readonly string[]): LineStore {
  const store = new LineStore();
  for (const line of lines) {
    const stream: Stream = line.startsWith('!') ? 'stderr' : 'stdout';
    store.begin({ stream, at: 0, text: line, style: PLAIN, hidden: 0 });
  }
  return store;
}

function rowsOf(store: LineStore, shown: Shown = 'both'): StreamFilter {
  const rows = new StreamFilter(store, shown);
  rows.update();
  return rows;
}

describe('searching an output', () => {
  it('finds literal text in any case, every time it stands', () => {
    expect(matchesIn('Error: a.b ERROR axb', literalPattern('error')!)).toEqual([
      { start: 0, end: 5 },
      { start: 11, end: 16 },
    ]);
    expect(matchesIn('a.b axb', literalPattern('a.b')!)).toEqual([{ start: 0, end: 3 }]);
    expect(matchesIn('(((', literalPattern('((')!)).toEqual([{ start: 0, end: 2 }]);
    expect(literalPattern('')).toBeUndefined();
  });

  it('finds what colours stand within', () => {
    expect(matchesIn('con\x1b[31mnect\x1b[0mion', literalPattern('connection')!)).toEqual([{ start: 0, end: 10 }]);
  });

  it('goes in stretches, leaves a line that still grows, and goes on when more has come', () => {
    const store = storeOf('hit', 'miss', 'hit');
    const rows = rowsOf(store);
    const search = new Search(rows, literalPattern('hit')!);
    expect([search.step(1, false), search.matches.length]).toEqual([true, 1]);
    expect([search.step(10, false), search.matches.length]).toEqual([false, 1]);
    store.begin({ stream: 'stdout', at: 0, text: 'hit', style: PLAIN, hidden: 0 });
    rows.update();
    expect([search.step(10, true), search.matches.map(({ id }) => id)]).toEqual([false, [0, 2, 3]]);
  });

  it('looks only at what is shown', () => {
    const search = new Search(rowsOf(storeOf('hit', '!hit', 'hit'), 'stderr'), literalPattern('hit')!);
    search.step(10, true);
    expect(search.matches).toEqual([{ id: 1, start: 1, end: 4 }]);
  });

  it('stops at the most it remembers', () => {
    const search = new Search(rowsOf(storeOf('x'.repeat(MOST_MATCHES), 'xx')), literalPattern('x')!);
    expect(search.step(10, true)).toBe(false);
    expect([search.isFull, search.matches.length]).toEqual([true, MOST_MATCHES]);
  });
});

describe('what is shown', () => {
  it('is one stream with the marks, in order', () => {
    const store = storeOf('a', '!b', 'c');
    store.cut(10, 0);
    store.begin({ stream: 'stderr', at: 0, text: '!d', style: PLAIN, hidden: 0 });
    const rows = rowsOf(store, 'stderr');
    expect([rows.size, rows.indexAt(0), rows.indexAt(1), rows.indexAt(2)]).toEqual([3, 1, 3, 4]);
    expect([rows.placeOf(0), rows.placeOf(1), rows.placeOf(2), rows.placeOf(4)]).toEqual([0, 0, 1, 2]);
  });

  it('begins anew when lines were let go of', () => {
    const store = new LineStore(100_000);
    const rows = new StreamFilter(store, 'stdout');
    rows.update();
    for (let n = 0; n < 20_000; n += 1) {
      store.begin({ stream: n % 2 === 0 ? 'stdout' : 'stderr', at: 0, text: 'x'.repeat(20), style: PLAIN, hidden: 0 });
    }
    expect(rows.update()).toBe(true);
    expect(rows.indexAt(rows.size - 1)).toBeLessThan(store.size);
    expect(rows.update()).toBe(false);
  });
});

describe('the first error', () => {
  it.each<[string, string[], number | undefined]>([
    ['is the first line that says so', ['fine', '!warning', 'FATAL: no disk', 'error'], 2],
    ['may be in colour', ['fine', '\x1b[31mError\x1b[0m: x'], 1],
    ['is no word that merely begins so', ['errorless terror', 'Exception in thread'], 1],
    ['is the first of stderr where no line says so', ['fine', '!warning', '!more'], 1],
    ['is not there', ['fine', 'good'], undefined],
  ])('%s', (_name, lines, expected) => {
    expect(firstError(storeOf(...lines))).toBe(expected);
  });

  it('is followed by the next one, and then by the first again', () => {
    const store = storeOf('error 1', 'x', 'error 2');
    expect([firstError(store, 1), firstError(store, 3)]).toEqual([2, 0]);
  });
});
