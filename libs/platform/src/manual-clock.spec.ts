import { describe, expect, it } from 'vitest';
import { pause } from './clock.js';
import { ManualClock, SkewedClock } from './manual-clock.js';

describe('ManualClock', () => {
  it('runs timers in the order of their instants, those of one instant in the order they were set', () => {
    const clock = new ManualClock();
    const ran: string[] = [];
    clock.timer(20, () => ran.push('c'));
    clock.timer(10, () => ran.push('a'));
    clock.timer(10, () => ran.push('b'));
    clock.advance(15);
    expect(ran).toEqual(['a', 'b']);
    clock.advance(5);
    expect(ran).toEqual(['a', 'b', 'c']);
  });

  it('shows a timer the instant it was set for, and runs what it sets in turn', () => {
    const clock = new ManualClock();
    const seen: number[] = [];
    clock.timer(10, () => {
      seen.push(clock.monotonic());
      clock.timer(5, () => seen.push(clock.monotonic()));
    });
    clock.advance(100);
    expect(seen).toEqual([10, 15]);
    expect(clock.monotonic()).toBe(100);
  });

  it('never runs a cancelled timer, and forgets it', () => {
    const clock = new ManualClock();
    const ran: number[] = [];
    const cancels = Array.from({ length: 1_000 }, (_, index) => clock.timer(index, () => ran.push(index)));
    for (const [index, cancel] of cancels.entries()) if (index % 10 !== 0) cancel();
    expect(clock.pendingTimers).toBe(100);
    cancels[1]!();
    expect(clock.pendingTimers).toBe(100);
    clock.advance(1_000);
    expect(ran).toEqual(Array.from({ length: 100 }, (_, index) => index * 10));
    cancels[0]!();
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets promises settle between timers when advanced asynchronously', async () => {
    const clock = new ManualClock();
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for (let turn = 0; turn < 3; turn++) {
        await pause(clock, 10);
        seen.push(clock.monotonic());
      }
    };
    void loop();
    await clock.advanceAsync(100);
    expect(seen).toEqual([10, 20, 30]);
  });

  it('advances until a condition holds, or says that it never does', async () => {
    const clock = new ManualClock();
    let rings = 0;
    const ring = (): void => {
      rings++;
      clock.timer(10, ring);
    };
    ring();
    await clock.advanceUntil(() => rings === 5);
    expect(clock.monotonic()).toBe(40);
    await expect(clock.advanceUntil(() => false, 1_000)).rejects.toThrow('1000 ms');
  });

  it('steps the wall clock alone, and suspends the monotonic clock alone', () => {
    const clock = new ManualClock({ now: 1_000, boot: 500 });
    clock.stepWallClock(-300);
    expect([clock.now(), clock.monotonic(), clock.boot()]).toEqual([700, 0, 500]);
    clock.suspend(60_000);
    expect([clock.now(), clock.monotonic(), clock.boot()]).toEqual([60_700, 0, 60_500]);
  });

  it('agrees with a plain sorted list on a thousand timers', () => {
    const clock = new ManualClock();
    const ran: number[] = [];
    const delays = Array.from({ length: 1_000 }, (_, index) => (index * 7919) % 503);
    for (const delay of delays) clock.timer(delay, () => ran.push(delay));
    clock.advance(600);
    expect(ran).toEqual([...delays].sort((a, b) => a - b));
  });
});

describe('SkewedClock', () => {
  it('differs in the wall clock only', () => {
    const base = new ManualClock({ now: 1_000 });
    const skewed = new SkewedClock(base, 5_000);
    let ran = false;
    skewed.timer(10, () => {
      ran = true;
    });
    base.advance(10);
    expect([skewed.now(), skewed.monotonic(), skewed.boot(), ran]).toEqual([6_010, 10, base.boot(), true]);
    skewed.skewMs = -10;
    expect(skewed.now()).toBe(1_000);
  });
});
