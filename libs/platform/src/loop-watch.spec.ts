import { describe, expect, it } from 'vitest';
import { LoopWatch } from './loop-watch.js';
import { ManualClock } from './manual-clock.js';

/** A clock whose next timer comes late, as on a loop that does not get to it. */
class StallingClock extends ManualClock {
  private stalledMs = 0;
  /** What its thread waited for a processor so far; undefined where the system does not tell. */
  waitedMs: number | undefined = 0;

  override monotonic(): number {
    return super.monotonic() + this.stalledMs;
  }

  stall(ms: number): void {
    this.stalledMs += ms;
  }
}

describe('the watch over the event loop', () => {
  const watched = () => {
    const clock = new StallingClock();
    const watch = new LoopWatch(clock, () => clock.waitedMs);
    watch.start();
    return { clock, watch };
  };

  it('sees nothing while timers come in time', () => {
    const { clock, watch } = watched();
    clock.advance(120_000);
    expect(watch.longest.loopStallMs).toBe(0);
  });

  it('tells the longest stall, at once and for a minute', () => {
    const { clock, watch } = watched();
    clock.advance(1_000);
    for (const [ms, waitMs] of [
      [80, 80],
      [340, 300],
      [120, 0],
    ] as const) {
      clock.stall(ms);
      clock.waitedMs! += waitMs;
      clock.advance(50);
    }
    expect(watch.longest).toEqual({ loopStallMs: 340, loopWaitMs: 300 });
    clock.advance(58_000);
    expect(watch.longest).toEqual({ loopStallMs: 340, loopWaitMs: 300 });
    clock.advance(12_000);
    expect(watch.longest.loopStallMs).toBe(0);
  });

  it('takes no sleep of the machine for a stall', () => {
    const { clock, watch } = watched();
    clock.advance(1_000);
    clock.suspend(3_600_000);
    clock.advance(1_000);
    expect(watch.longest.loopStallMs).toBe(0);
  });

  it('says nothing of a processor where the system does not', () => {
    const { clock, watch } = watched();
    clock.waitedMs = undefined;
    clock.advance(1_000);
    clock.stall(70);
    clock.advance(50);
    expect(watch.longest).toEqual({ loopStallMs: 70 });
  });

  it('leaves no timer behind', () => {
    const { clock, watch } = watched();
    watch.stop();
    watch.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});
