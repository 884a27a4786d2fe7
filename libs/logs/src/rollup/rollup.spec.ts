import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleRun, sampleStretch, stillRunning, T0 } from '../contract/samples.js';
import { computeRollup } from './compute-rollup.js';
import { percentile, sizeOf } from './distribution.js';
import { firesWithin, HOUR_MS, hoursOf, MAX_STRETCH_HOURS } from './hours.js';
import { isAtLeast, mergeRollups, totalCount } from './merge-rollups.js';
import { successRate } from './statistics.js';

describe('the hours a run counts in', () => {
  it('is the hour of its scheduled time, whenever it ran', () => {
    const run = sampleRun({
      id: 'r',
      scheduledTime: T0 + HOUR_MS - 1,
      startTime: T0 + HOUR_MS,
      endTime: T0 + 3 * HOUR_MS,
    });
    expect(hoursOf(run)).toEqual([T0]);
  });

  it('is none while it has not ended', () => {
    expect(hoursOf(stillRunning(sampleRun({ id: 'r' })))).toEqual([]);
  });

  it('leaves out the hours of a stretch in which it has no fire', () => {
    expect(hoursOf(sampleStretch('s', T0, T0 + 4 * HOUR_MS, 3))).toEqual([T0, T0 + 2 * HOUR_MS, T0 + 4 * HOUR_MS]);
  });

  it('counts every fire of a stretch in exactly one hour', () => {
    const stretches = fc.record({
      from: fc.integer({ min: 0, max: 10_000_000_000 }),
      length: fc.integer({ min: 0, max: 300 * HOUR_MS }),
      count: fc.integer({ min: 1, max: 100_000 }),
    });
    fc.assert(
      fc.property(stretches, ({ from, length, count }) => {
        const stretch = sampleStretch('s', from, from + length, count);
        const counts = hoursOf(stretch).map((hour) => firesWithin(stretch, hour));
        expect(counts.every((number) => number > 0)).toBe(true);
        expect(counts.reduce((sum, number) => sum + number, 0)).toBe(count);
      }),
    );
  });

  it('are the last ones of a stretch of years', () => {
    const hours = hoursOf(sampleStretch('s', 0, T0, 1_000_000));
    expect(hours).toHaveLength(MAX_STRETCH_HOURS);
    expect(hours.at(-1)).toBe(T0);
  });
});

describe('computeRollup', () => {
  it('counts by status, duration and lateness', () => {
    const rollup = computeRollup('backup', T0, [
      sampleRun({ id: 'a', startTime: T0 + 3, endTime: T0 + 13 }),
      sampleRun({ id: 'b', status: 'failed', startTime: T0 + 60, endTime: T0 + 60 + 3_000 }),
      sampleRun({ id: 'c', trigger: 'manual', startTime: T0 + 999_999, endTime: T0 + 999_999 + 200_000_000 }),
      sampleRun({ id: 'd', status: 'lost', startTime: T0, endTime: T0 + 60_000 }),
      sampleStretch('e', T0, T0 + 1_000, 5),
      stillRunning(sampleRun({ id: 'f' })),
    ]);
    expect(rollup.counts).toEqual({ succeeded: 2, failed: 1, lost: 1, missed: 5 });
    expect(sizeOf(rollup.durations)).toBe(3);
    expect(percentile(rollup.durations, 0.5)).toBe(3_000);
    expect(rollup).toMatchObject({ durationSumMs: 200_003_010, durationMaxMs: 200_000_000, latenessMaxMs: 60 });
    expect(sizeOf(rollup.lateness)).toBe(3);
  });

  it('takes the durations of what came to its own end only', () => {
    const long = { startTime: T0, endTime: T0 + 60_000 };
    const rollup = computeRollup('backup', T0, [
      sampleRun({ id: 'a', startTime: T0, endTime: T0 + 25_000 }),
      sampleRun({ id: 'b', status: 'failed', exitCode: 2, startTime: T0, endTime: T0 + 24_000 }),
      sampleRun({ id: 'c', status: 'failed', exitCode: undefined, signal: 'SIGKILL', ...long }),
      ...(['killed', 'timedOut', 'lost', 'cancelled'] as const).map((status) =>
        sampleRun({ id: status, status, ...long }),
      ),
    ]);
    expect(rollup).toMatchObject({ durationMaxMs: 25_000, durationSumMs: 49_000 });
    expect(sizeOf(rollup.durations)).toBe(2);
  });

  it('takes a start before its time, by a clock that was ahead, as on time', () => {
    const rollup = computeRollup('backup', T0, [sampleRun({ id: 'a', startTime: T0 - 500, endTime: T0 - 600 })]);
    expect(percentile(rollup.lateness, 1)).toBe(0);
    expect(rollup).toMatchObject({ latenessMaxMs: 0, durationSumMs: 0 });
  });
});

describe('mergeRollups', () => {
  it('comes to the same as counting all runs at once', () => {
    const runs = Array.from({ length: 50 }, (_, n) =>
      sampleRun({ id: `r${n}`, endTime: T0 + 12 + n * 1_000, status: n % 3 ? 'failed' : 'succeeded' }),
    );
    const { jobName, hour, ...whole } = computeRollup('backup', T0, runs);
    const parts = [runs.slice(0, 7), runs.slice(7, 30), runs.slice(30)].map((part) =>
      computeRollup('backup', T0, part),
    );
    expect(mergeRollups(parts)).toEqual(whole);
    expect(totalCount(whole)).toBe(50);
  });

  it('is zero over nothing', () => {
    expect(totalCount(mergeRollups([]))).toBe(0);
    expect(successRate(mergeRollups([]))).toBeUndefined();
  });

  it('lets a roll-up be replaced by one that counts as much, never by one that counts less', () => {
    const two = computeRollup('backup', T0, [sampleRun({ id: 'a' }), sampleRun({ id: 'b', status: 'lost' })]);
    const corrected = computeRollup('backup', T0, [sampleRun({ id: 'a' }), sampleRun({ id: 'b' })]);
    const one = computeRollup('backup', T0, [sampleRun({ id: 'a' })]);
    expect([isAtLeast(one, undefined), isAtLeast(corrected, two), isAtLeast(one, two)]).toEqual([true, true, false]);
  });
});

describe('successRate', () => {
  it('speaks of what ran only', () => {
    expect(successRate({ counts: { succeeded: 3, failed: 1, missed: 100, skipped: 5 } })).toBe(0.75);
    expect(successRate({ counts: { missed: 100 } })).toBeUndefined();
    expect(successRate({ counts: { lost: 1 } })).toBe(0);
  });
});
