import { describe, expect, it } from 'vitest';
import { clockText } from './clock';
import { clockChangesIn } from './clock-changes';
import { busiestOf, crowdsOf } from './crowding';
import { placeOf, spanAround, spanFrom, spanResized, WINDOW } from './span';
import { ticksOf } from './ticks';

const at = (text: string): number => Date.parse(text);
const HOUR = 3_600_000;

describe('a window', () => {
  it('lies around now, a third of it past, and begins on a whole step', () => {
    const span = spanAround(at('2026-11-21T01:04:37Z'), '12h');
    expect(span).toEqual({ from: at('2026-11-20T21:00:00Z'), to: at('2026-11-21T09:00:00Z') });
    expect(spanAround(at('2026-11-21T01:04:38Z'), '12h')).toEqual(span);
  });

  it('keeps what stands a third from its left when its length changes', () => {
    const wide = spanResized(spanFrom(at('2026-11-21T00:00:00Z'), '12h'), '24h');
    expect(wide).toEqual({ from: at('2026-11-20T20:00:00Z'), to: at('2026-11-21T20:00:00Z') });
  });

  it('is counted in no more than 1,500 steps', () => {
    for (const { lengthMs, stepMs } of Object.values(WINDOW)) {
      expect(lengthMs % stepMs).toBe(0);
      expect(lengthMs / stepMs).toBeLessThanOrEqual(1_500);
    }
  });

  it('gives each instant its place', () => {
    expect(placeOf(15, { from: 10, to: 20 }, 300)).toBe(150);
  });
});

describe('ticks', () => {
  const times = (from: string, hours: number, zone: string, most = 12) =>
    ticksOf({ from: at(from), to: at(from) + hours * HOUR }, zone, most).map(({ time }) => time);

  it('are round times of the viewer, few enough to read', () => {
    expect(times('2026-11-20T21:10:00Z', 12, 'UTC').slice(0, 3)).toEqual(['22:00', '23:00', '00:00']);
    expect(times('2026-11-20T21:10:00Z', 12, 'Asia/Kathmandu', 6)).toEqual([
      '04:00',
      '06:00',
      '08:00',
      '10:00',
      '12:00',
      '14:00',
    ]);
    expect(times('2026-11-20T21:10:00Z', 1, 'UTC')).toHaveLength(12);
  });

  it('name each midnight', () => {
    const week = ticksOf({ from: at('2026-11-20T00:00:00Z'), to: at('2026-11-27T00:00:00Z') }, 'UTC', 8);
    expect(week).toHaveLength(7);
    expect(week.every(({ isDay }) => isDay)).toBe(true);
  });

  it('are right where clocks are set', () => {
    expect(times('2026-10-24T22:00:00Z', 8, 'Europe/Berlin', 10)).toEqual([
      '00:00',
      '01:00',
      '02:00',
      '02:00',
      '03:00',
      '04:00',
      '05:00',
      '06:00',
    ]);
  });
});

describe('clock changes', () => {
  it.each([
    ['Europe/Berlin', '2026-03-28T00:00:00Z', [['2026-03-29T01:00:00.000Z', HOUR, '02:00']]],
    ['Europe/Berlin', '2026-10-24T00:00:00Z', [['2026-10-25T01:00:00.000Z', -HOUR, '03:00']]],
    ['Australia/Lord_Howe', '2026-10-03T00:00:00Z', [['2026-10-03T15:30:00.000Z', HOUR / 2, '02:00']]],
    ['Asia/Shanghai', '2026-03-28T00:00:00Z', []],
  ] as const)('of %s from %s', (zone, from, changes) => {
    const found = clockChangesIn({ from: at(from), to: at(from) + 48 * HOUR }, zone);
    expect(found.map((change) => [new Date(change.at).toISOString(), change.byMs, change.was])).toEqual(changes);
  });
});

describe('crowds', () => {
  const of = (counts: readonly number[]) => ({ from: 0, stepMs: 60_000, counts });

  it('are the steps that stand out, the most crowded first', () => {
    const counts = Array.from({ length: 100 }, () => 5);
    counts[10] = 40;
    counts[50] = 212;
    counts[52] = 100;
    expect(crowdsOf(of(counts)).map(({ at, count }) => [at / 60_000, count])).toEqual([
      [50, 212],
      [10, 40],
    ]);
  });

  it('are none where all steps are alike, or few fires in all', () => {
    expect(crowdsOf(of(Array.from({ length: 100 }, () => 500)))).toEqual([]);
    expect(crowdsOf(of([0, 0, 7, 0, 1, 0]))).toEqual([]);
    expect(crowdsOf(of([]))).toEqual([]);
  });

  it('the busiest step is the first of the fullest', () => {
    expect(busiestOf(of([1, 3, 3, 2]))).toEqual({ at: 60_000, untilAt: 120_000, count: 3 });
    expect(busiestOf(of([0, 0]))).toBeUndefined();
  });
});

it('an instant in a sentence has its day unless it is today', () => {
  const now = at('2026-11-21T03:00:00Z');
  expect(clockText(at('2026-11-21T01:05:30Z'), 'UTC', now)).toBe('01:05');
  expect(clockText(at('2026-11-20T22:20:00Z'), 'UTC', now)).toBe('11-20 22:20');
});
