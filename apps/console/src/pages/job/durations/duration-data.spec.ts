import type { Run } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { bandByDay, bandByHour, type Dot, dotsOf, isWide, outliersOf, p95OfDots } from './duration-data';

const hour = (at: string, count: number, p50Ms: number, p95Ms = p50Ms) => ({
  ...{ at, counts: { succeeded: count }, duration: { runs: count, p50Ms, p95Ms, maxMs: p95Ms } },
});
const dot = (durationMs: number, id = String(durationMs)): Dot => ({
  ...{ id, durationMs, at: 0, status: 'succeeded', isBad: false },
});

describe('a band of durations', () => {
  it('leaves out hours in which nothing ran', () => {
    const hours = [
      hour('2026-11-21T00:00:00Z', 2, 10, 30),
      { at: '2026-11-21T01:00:00Z', counts: { skipped: 3 }, duration: { runs: 0 } },
    ];
    expect(bandByHour(hours)).toEqual([{ at: Date.UTC(2026, 10, 21), p50Ms: 10, p95Ms: 30, maxMs: 30, count: 2 }]);
  });

  it('counts what came to its own end, not all that was counted', () => {
    const mixed = {
      at: '2026-11-21T00:00:00Z',
      counts: { failed: 1, killed: 2, skipped: 4 },
      duration: { runs: 1, p50Ms: 240, p95Ms: 240, maxMs: 240 },
    };
    expect(bandByHour([mixed])).toMatchObject([{ p50Ms: 240, count: 1 }]);
  });

  it('joins the hours of a day of the zone, each as heavy as its runs', () => {
    const points = bandByDay(
      [
        hour('2026-11-20T15:00:00Z', 1, 500),
        hour('2026-11-20T17:00:00Z', 98, 10, 12),
        hour('2026-11-20T18:00:00Z', 2, 900),
      ],
      'Asia/Shanghai',
    );
    expect(points).toHaveLength(2);
    expect(points[1]).toMatchObject({ p50Ms: 10, p95Ms: 12, maxMs: 900, count: 100 });
  });
});

describe('runs as dots', () => {
  it('are those that took time, oldest first', () => {
    const run = (id: string, startTime: string, durationMs?: number) =>
      ({
        id,
        startTime,
        scheduledTime: startTime,
        status: 'failed',
        ...(durationMs !== undefined && { durationMs }),
      }) as Run;
    const dots = dotsOf([
      run('b', '2026-11-21T02:00:00Z', 5),
      run('x', '2026-11-21T01:30:00Z'),
      run('a', '2026-11-21T01:00:00Z', 7),
    ]);
    expect(dots.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(dots[0]?.isBad).toBe(true);
  });

  it('name the longest five, and every one beyond three times the p95', () => {
    const usual = Array.from({ length: 100 }, (_, index) => dot(100 + index));
    const far = Array.from({ length: 7 }, (_, index) => dot(1000 + index));
    const found = outliersOf([...usual, ...far], 200);
    expect(found).toHaveLength(7);
    expect(found[0]).toMatchObject({ durationMs: 1006, timesP95: 5.03 });
    expect(outliersOf(usual, 200).map(({ timesP95 }) => timesP95)).toEqual(Array.from({ length: 5 }, () => undefined));
    expect(outliersOf([], undefined)).toEqual([]);
  });

  it('have a p95 of their own', () => {
    expect(p95OfDots(Array.from({ length: 100 }, (_, index) => dot(index + 1)))).toBe(95);
    expect(p95OfDots([dot(5), { ...dot(900), status: 'killed' }])).toBe(5);
    expect(p95OfDots([])).toBeUndefined();
  });

  it('want a logarithmic axis when one is far from the others', () => {
    expect(isWide([3, 4, 5, 4])).toBe(false);
    expect(isWide([3000, 4000, 682_000])).toBe(true);
    expect(isWide([])).toBe(false);
  });
});
