import { ManualClock } from '@app/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { ClockGuard } from './clock-guard.js';

describe('a clock that is watched', () => {
  let clock: ManualClock;
  let guard: ClockGuard;

  beforeEach(() => {
    clock = new ManualClock();
    guard = new ClockGuard(clock);
  });

  /** Each of the others says how far its clock is ahead of ours. */
  const hear = (...aheadMs: number[]): void => {
    for (const [index, ahead] of aheadMs.entries()) guard.heard(`w${index}`, clock.now() + ahead);
  };

  it('is good alone, with nobody to compare with', () => {
    expect(guard.check()).toBe('good');
    expect(guard.offsetMs).toBeUndefined();
  });

  it.each<[what: string, others: number[], offsetMs: number, state: string]>([
    ['all agree', [0, 0], 0, 'good'],
    ['ours is off by no more than a second', [1000, 1000], -1000, 'good'],
    ['ours is slow by more than a second', [1001, 1001], -1001, 'warned'],
    ['ours is fast by more than a second', [-1500, -1500, -1500], 1500, 'warned'],
    ['ours is off by two seconds', [2000, 2000], -2000, 'warned'],
    ['ours is off by more', [2001, 2001], -2001, 'stopped'],
    ['one of the others is off by an hour', [3_600_000, 10], -10, 'good'],
    ['one of four is off', [0, -9000, 0], 0, 'good'],
    ['half of four are off: the middle of the two in the middle', [0, 4000, 4000], -2000, 'warned'],
  ])('compares with the median of all when there are three or more: %s', (_what, others, offsetMs, state) => {
    hear(...others);
    expect(guard.offsetMs).toBeCloseTo(offsetMs);
    expect(guard.check()).toBe(state);
  });

  it('only warns when there are two, of whom nobody knows which is wrong', () => {
    hear(3_600_000);
    expect(guard.check()).toBe('warned');
  });

  it('forgets those who leave, and what is older than 20 s', () => {
    hear(5000, 5000);
    expect(guard.check()).toBe('stopped');
    guard.forget('w1');
    expect(guard.check()).toBe('warned');
    clock.advance(20_001);
    expect(guard.check()).toBe('good');
    expect(guard.offsetMs).toBeUndefined();
  });

  it('is good again once it was mended', () => {
    hear(5000, 5000);
    expect(guard.check()).toBe('stopped');
    hear(0, 0);
    expect(guard.check()).toBe('good');
  });

  describe.each([
    ['forward', 3_600_000],
    ['back', -86_400_000],
    ['by little more than a second', 1001],
  ])('that jumps %s', (_where, byMs) => {
    it('is not believed until the others confirm it', () => {
      clock.stepWallClock(byMs);
      expect(guard.check()).toBe('jumped');
      clock.advance(60_000);
      hear(-byMs, 0 - byMs);
      expect(guard.check()).toBe(Math.abs(byMs) > 2000 ? 'jumped' : 'warned');
      hear(100, -100);
      expect(guard.check()).toBe('good');
    });

    it('is believed alone after standing still for 5 s', () => {
      clock.stepWallClock(byMs);
      expect(guard.check()).toBe('jumped');
      clock.advance(4999);
      expect(guard.check()).toBe('jumped');
      clock.advance(1);
      expect(guard.check()).toBe('good');
    });
  });

  it('waits for the single other one to agree after a jump', () => {
    clock.stepWallClock(3_600_000);
    guard.check();
    clock.advance(5000);
    hear(-3_600_000);
    expect(guard.check()).toBe('jumped');
    hear(500);
    expect(guard.check()).toBe('good');
  });

  it('starts to wait anew with every jump', () => {
    clock.stepWallClock(10_000);
    guard.check();
    clock.advance(4000);
    clock.stepWallClock(-10_000);
    expect(guard.check()).toBe('jumped');
    clock.advance(4000);
    expect(guard.check()).toBe('jumped');
    clock.advance(1000);
    expect(guard.check()).toBe('good');
  });

  it('does not jump when the machine was suspended, nor when it is slewed', () => {
    clock.suspend(8 * 3_600_000);
    expect(guard.check()).toBe('good');
    for (let second = 0; second < 60; second++) {
      clock.advance(1000);
      clock.stepWallClock(900);
      expect(guard.check()).toBe('good');
    }
  });
});
