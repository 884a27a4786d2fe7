import { describe, expect, it } from 'vitest';
import { columnsOf, labelStep } from './stacked-hours';

const HOUR = 3_600_000;
const from = Date.UTC(2026, 10, 21);
const span = { from, to: from + 3 * HOUR, stepMs: HOUR, height: 100 };

describe('columns of hours', () => {
  it('are there for every hour, those without runs too', () => {
    const columns = columnsOf([{ at: from + HOUR, counts: { succeeded: 4 } }], span);
    expect(columns.map(({ at, total }) => [(at - from) / HOUR, total])).toEqual([
      [0, 0],
      [1, 4],
      [2, 0],
    ]);
    expect(columns[1]?.pieces).toEqual([{ status: 'succeeded', count: 4, height: 100 }]);
    expect(columns[1]?.untilAt).toBe(from + 2 * HOUR);
  });

  it('have what went well below and what needs a look on top', () => {
    const [column] = columnsOf([{ at: from, counts: { failed: 1, succeeded: 2, skipped: 1 } }], span);
    expect(column?.pieces.map(({ status }) => status)).toEqual(['skipped', 'succeeded', 'failed']);
    expect(column?.pieces.map(({ height }) => height)).toEqual([25, 50, 25]);
  });

  it('show one failure among a million', () => {
    const [column] = columnsOf([{ at: from, counts: { missed: 1, succeeded: 999_999 } }], span);
    expect(column?.pieces.find(({ status }) => status === 'missed')?.height).toBe(4);
  });

  it('join hours where a column stands for more', () => {
    const hours = [0, 1, 2].map((hour) => ({
      at: new Date(from + hour * HOUR).toISOString(),
      counts: { succeeded: 1, failed: hour },
    }));
    const columns = columnsOf(hours, { ...span, stepMs: 3 * HOUR });
    expect(columns).toHaveLength(1);
    expect(columns[0]?.pieces.map(({ count }) => count)).toEqual([3, 3]);
  });

  it('leave out what lies outside the span, and words they do not know', () => {
    const hours = [
      { at: from - HOUR, counts: { failed: 9 } },
      { at: from + 3 * HOUR, counts: { failed: 9 } },
      { at: from, counts: { dreamt: 3 } },
    ];
    expect(columnsOf(hours, span).every(({ total }) => total === 0)).toBe(true);
  });
});

it('labels stand at hours that divide a day', () => {
  expect(labelStep(24, 8)).toBe(3);
  expect(labelStep(24, 100)).toBe(1);
  expect(labelStep(168, 8)).toBe(24);
  expect(labelStep(2160, 8)).toBe(288);
});
