import type { Worker } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { departedNow, REMEMBERED_MS } from './departed';
import { mixOf } from './mix';
import { squaresOf } from './slots';

const worker = (id: string, facts: Partial<Worker> = {}): Worker => ({
  id,
  pid: 1,
  host: id,
  address: '10.0.0.1',
  version: '0.1.0',
  schema: 1,
  group: 'default',
  labels: {},
  slots: 10,
  running: 0,
  state: 'ready',
  ...facts,
});

describe('slots as squares', () => {
  it.each([
    [4, 3, 1, [1, 1, 1, 0]],
    [100, 7, 5, [1, 0.4, ...Array.from({ length: 18 }, () => 0)]],
    [6, 9, 1, [1, 1, 1, 1, 1, 1]],
    [0, 0, 1, []],
  ])('%i slots, %i taken', (slots, running, each, filled) => {
    expect(squaresOf(slots, running)).toEqual({ each, filled });
  });

  it('are never more than one can look at', () => {
    for (const slots of [26, 51, 99, 1_000, 9_999]) {
      expect(squaresOf(slots, 0).filled.length).toBeLessThanOrEqual(20);
    }
  });

  it('the last square is full when its few slots are', () => {
    expect(squaresOf(27, 27).filled.at(-1)).toBe(1);
  });
});

describe('who has gone', () => {
  const [a, b] = [worker('a'), worker('b')];

  it('is noted when the list no longer has them, once', () => {
    const first = departedNow([], { before: [a, b], now: [a], at: 1_000 });
    expect(first).toEqual([{ worker: b, since: 1_000 }]);
    expect(departedNow(first, { before: [a], now: [a], at: 2_000 })).toEqual(first);
    expect(departedNow(first, { before: [a, b], now: [a], at: 2_000 })).toEqual(first);
  });

  it('is forgotten when they are back, and after a while', () => {
    const gone = [{ worker: b, since: 1_000 }];
    expect(departedNow(gone, { before: [a], now: [a, b], at: 2_000 })).toEqual([]);
    expect(departedNow(gone, { before: [a], now: [a], at: 1_000 + REMEMBERED_MS })).toEqual([]);
  });

  it('is never more than a screen can bear', () => {
    const many = Array.from({ length: 500 }, (_, index) => worker(`w${index}`));
    expect(departedNow([], { before: many, now: [], at: 0 })).toHaveLength(50);
  });
});

describe('a mix of versions', () => {
  it('is named, the most frequent first', () => {
    const workers = [worker('a', { version: '2' }), worker('b', { version: '1' }), worker('c', { version: '1' })];
    expect(mixOf(workers, ({ version }) => version)).toEqual(['1', '2']);
  });

  it('is none where all are alike', () => {
    expect(mixOf([worker('a'), worker('b')], ({ version }) => version)).toEqual([]);
    expect(mixOf([], ({ version }) => version)).toEqual([]);
  });
});
