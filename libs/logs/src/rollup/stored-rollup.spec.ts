import { describe, expect, it } from 'vitest';
import { sampleRun, T0 } from '../contract/samples.js';
import { computeRollup } from './compute-rollup.js';
import { percentile, sizeOf } from './distribution.js';
import { readRollup } from './stored-rollup.js';

const BY_DURATION = 21;
const BY_LATENESS = 18;

/** A list as earlier roll-ups have it: counts by bucket. */
const list = (length: number, counts: Record<number, number>) =>
  Array.from({ length }, (_, bucket) => counts[bucket] ?? 0);

const earlier = (durations: Record<number, number>, durationSumMs: number, durationMaxMs: number) => ({
  jobName: 'backup',
  hour: T0,
  counts: { succeeded: 3 },
  durations: list(BY_DURATION, durations),
  durationSumMs,
  durationMaxMs,
  lateness: list(BY_LATENESS, { 3: 3 }),
  latenessMaxMs: 12,
});

describe('a stored roll-up', () => {
  it('is read as it is', () => {
    const rollup = computeRollup('backup', T0, [sampleRun({ id: 'a' }), sampleRun({ id: 'b' })]);
    expect(readRollup(rollup)).toEqual(rollup);
  });

  it('of an earlier make, all in one bucket, speaks by its average', () => {
    const read = readRollup(earlier({ 10: 3 }, 75_000, 25_000));
    expect(sizeOf(read.durations)).toBe(3);
    expect(percentile(read.durations, 0.5)).toBe(25_000);
  });

  it('of an earlier make speaks by the middles of its buckets, and never beyond the largest value', () => {
    const read = readRollup(earlier({ 6: 1, 10: 2 }, 25_000, 12_000));
    expect(percentile(read.durations, 0)).toBe(750);
    expect(percentile(read.durations, 1)).toBe(11_000);
    expect(percentile(read.lateness, 0.5)).toBe(11);
    expect(readRollup(earlier({ 20: 1, 0: 1 }, 90_000_000, 90_000_000)).durationMaxMs).toBe(90_000_000);
  });
});
