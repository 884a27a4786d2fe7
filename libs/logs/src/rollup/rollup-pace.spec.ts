import { ManualClock } from '@app/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from './hours.js';
import { RollupPace } from './rollup-pace.js';

const HOUR = 480_000 * HOUR_MS;

describe('RollupPace', () => {
  let clock: ManualClock;
  let pace: RollupPace;
  const busy = { jobName: 'busy', hour: HOUR };

  beforeEach(() => {
    clock = new ManualClock({ now: HOUR + 60_000 });
    pace = new RollupPace(clock);
  });

  it('lets an hour rest the longer the more records it has', () => {
    pace.counted(busy, 600);
    pace.counted({ ...busy, jobName: 'calm' }, 5);
    clock.advance(500);
    expect(pace.isResting({ ...busy, jobName: 'calm' })).toBe(false);
    clock.advance(59_499);
    expect(pace.isResting(busy)).toBe(true);
    clock.advance(1);
    expect(pace.isResting(busy)).toBe(false);
  });

  it('lets none rest for longer than ten minutes, however many it has', () => {
    pace.counted(busy, 1_000_000);
    clock.advance(599_999);
    expect(pace.isResting(busy)).toBe(true);
    clock.advance(1);
    expect(pace.isResting(busy)).toBe(false);
  });

  it('lets none rest that was never counted, or is of another hour, or of another job', () => {
    expect(pace.isResting(busy)).toBe(false);
    pace.counted(busy, 3_000);
    expect(pace.isResting({ ...busy, hour: HOUR - HOUR_MS })).toBe(false);
    expect(pace.isResting({ ...busy, hour: HOUR + HOUR_MS })).toBe(false);
    expect(pace.isResting({ ...busy, jobName: 'other' })).toBe(false);
  });

  it('ends all rest with the hour', () => {
    clock.advance(58 * 60_000);
    pace.counted(busy, 3_000);
    clock.advance(59_999);
    expect(pace.isResting(busy)).toBe(true);
    clock.advance(1);
    expect(pace.isResting(busy)).toBe(false);
  });

  it('does not rest for having counted an hour that is over', () => {
    pace.counted({ ...busy, hour: HOUR - HOUR_MS }, 3_000);
    expect(pace.isResting({ ...busy, hour: HOUR - HOUR_MS })).toBe(false);
  });
});
