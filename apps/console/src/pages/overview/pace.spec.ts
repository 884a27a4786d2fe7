import { describe, expect, it } from 'vitest';
import { paceOf } from './pace';

const START = Date.UTC(2026, 0, 1);
const run = { scheduledTime: new Date(START - 60_000).toISOString(), startTime: new Date(START).toISOString() };

describe('the pace of a run', () => {
  it('is counted from its start', () => {
    expect(paceOf(run, 240_000, START + 120_000)).toEqual({ elapsedMs: 120_000, share: 0.5, isOver: false });
  });

  it('knows no share where nobody knows what is usual', () => {
    expect(paceOf(run, undefined, START + 1_000)).toEqual({ elapsedMs: 1_000, isOver: false });
  });

  it('is over where it takes half again as long, and by seconds', () => {
    expect(paceOf(run, 60_000, START + 89_000).isOver).toBe(false);
    expect(paceOf(run, 60_000, START + 91_000)).toMatchObject({ share: 1, isOver: true });
    expect(paceOf(run, 100, START + 3_000).isOver).toBe(false);
  });

  it('is never negative, whatever the clocks', () => {
    expect(paceOf(run, 1_000, START - 5_000).elapsedMs).toBe(0);
  });

  it('of one that waits is counted from when it was wanted', () => {
    expect(paceOf({ scheduledTime: run.scheduledTime }, undefined, START).elapsedMs).toBe(60_000);
  });
});
