import { describe, expect, it } from 'vitest';
import { heatOf, neighbour } from './heat';

const HOUR = 3_600_000;

describe('a heat map of hours', () => {
  it('puts an hour at its day and hour in the zone of the job', () => {
    const at = Date.UTC(2026, 10, 20, 17);
    const { days, cells } = heatOf([{ at, counts: { succeeded: 3 } }], {
      from: at - 24 * HOUR,
      to: at,
      zone: 'Asia/Shanghai',
    });
    expect(days).toEqual(['2026-11-20', '2026-11-21']);
    expect([...cells.keys()]).toEqual(['2026-11-21 01']);
    expect(cells.get('2026-11-21 01')).toMatchObject({ from: at, until: at + HOUR, total: 3, worst: 'succeeded' });
  });

  it('joins the two hours of a clock that was set back', () => {
    const first = Date.UTC(2026, 10, 1, 5);
    const hours = [
      { at: first, counts: { succeeded: 1 } },
      { at: first + HOUR, counts: { failed: 1 } },
    ];
    const { cells } = heatOf(hours, { from: first, to: first + HOUR, zone: 'America/New_York' });
    expect(cells.size).toBe(1);
    expect(cells.get('2026-11-01 01')).toMatchObject({
      ...{ from: first, until: first + 2 * HOUR },
      ...{ counts: { succeeded: 1, failed: 1 }, worst: 'failed' },
    });
  });

  it('has every day once, over a change of clocks too', () => {
    const { days } = heatOf([], {
      ...{ from: Date.UTC(2026, 2, 7, 12), to: Date.UTC(2026, 2, 10, 12) },
      zone: 'America/New_York',
    });
    expect(days).toEqual(['2026-03-07', '2026-03-08', '2026-03-09', '2026-03-10']);
  });

  it('paints more the more there were, and what is bad never weakly', () => {
    const at = Date.UTC(2026, 10, 20);
    const hours = [
      { at, counts: { succeeded: 1 } },
      { at: at + HOUR, counts: { succeeded: 100 } },
      { at: at + 2 * HOUR, counts: { missed: 1 } },
    ];
    const cells = [...heatOf(hours, { from: at, to: at, zone: 'UTC' }).cells.values()];
    expect(cells.map(({ strength }) => strength)).toEqual([0.3, 1, 0.7]);
  });
});

it('arrow keys walk from cell to cell, and stop at the edges', () => {
  const map = { days: ['2026-11-20', '2026-11-21'] };
  const to = (key: string, from = '2026-11-21 03') => neighbour(map, from, key);
  expect([to('ArrowUp'), to('ArrowDown'), to('ArrowLeft'), to('Home'), to('End')]).toEqual([
    ...['2026-11-21 02', '2026-11-21 04', '2026-11-20 03', '2026-11-20 03', '2026-11-21 03'],
  ]);
  expect([to('ArrowRight'), to('ArrowDown', '2026-11-20 23'), to('ArrowUp', '2026-11-20 00'), to('x')]).toEqual([
    ...[undefined, undefined, undefined, undefined],
  ]);
});
