import { describe, expect, it } from 'vitest';
import { attemptRunId, type FireIdentity, fenceOf, fireRunId } from './run-id.js';

const FIRE: FireIdentity = { jobName: 'nightly', generation: 7, scheduledTime: 1_700_000_000_000, resets: 0 };

describe('the id of a run', () => {
  it('is the same for the same fire, on every worker', () => {
    expect(fireRunId(FIRE)).toBe(fireRunId({ ...FIRE }));
    expect(fireRunId(FIRE)).toMatch(/^[0-9a-hjkmnp-tv-z]{26}\.1$/);
  });

  it.each<Partial<FireIdentity>>([
    { jobName: 'nightly2' },
    { generation: 8 },
    { scheduledTime: 1_700_000_000_001 },
    { resets: 1 },
    { target: 'worker-1' },
  ])('is another one for %j', (other) => {
    expect(fireRunId({ ...FIRE, ...other })).not.toBe(fireRunId(FIRE));
  });

  it('tells the attempts apart', () => {
    expect(attemptRunId('01arz3ndek', 2)).toBe('01arz3ndek.2');
    expect(attemptRunId('01arz3ndek.2', 3)).toBe('01arz3ndek.3');
  });

  it('does not collide over a year of seconds of one job', () => {
    const ids = new Set(
      Array.from({ length: 50_000 }, (_, index) => fireRunId({ ...FIRE, scheduledTime: index * 1000 })),
    );
    expect(ids.size).toBe(50_000);
  });
});

describe('the fencing token', () => {
  it('grows in the order of texts with the epoch, then with the revision', () => {
    const tokens = [fenceOf(0, 9), fenceOf(0, 10), fenceOf(0, 9_007_199_254_740_991), fenceOf(1, 1)];
    expect([...tokens].sort()).toEqual(tokens);
  });
});
