import { CancelTimer, Clock } from './clock.js';
import { ManualTimers } from './manual-timers.js';

/** Where a manual clock starts. */
export interface ManualClockOptions {
  /** Wall clock at the start, epoch ms. Default: 2026-01-01T00:00:00Z. */
  readonly now?: number;
  /** Boot clock at the start, ms. Default 1,000,000. */
  readonly boot?: number;
}

/**
 * A clock that stands still until it is moved by hand: time as an input, for tests and for the simulation. Timers run in
 * the order of their instants, those of one instant in the order they were set, so a run is the same every time.
 */
export class ManualClock implements Clock {
  private readonly timers = new ManualTimers();
  private elapsed = 0;
  private wallOffset: number;
  private bootOffset: number;

  constructor(options: ManualClockOptions = {}) {
    this.wallOffset = options.now ?? Date.UTC(2026, 0, 1);
    this.bootOffset = options.boot ?? 1_000_000;
  }

  now(): number {
    return this.wallOffset + this.elapsed;
  }

  monotonic(): number {
    return this.elapsed;
  }

  boot(): number {
    return this.bootOffset + this.elapsed;
  }

  timer(delayMs: number, callback: () => void): CancelTimer {
    return this.timers.add(this.elapsed + Math.max(0, delayMs), callback);
  }

  /** Timers that are set and neither ran nor were cancelled: what a closed component must have left at 0. */
  get pendingTimers(): number {
    return this.timers.size;
  }

  /** Instant of the next timer on the monotonic clock; undefined when there is none. */
  get nextTimerAt(): number | undefined {
    return this.timers.nextAt;
  }

  /**
   * Moves all three clocks on by `ms` and runs what becomes due, timers set meanwhile included. Promises do not get
   * their turn in between: where code awaits, use `advanceAsync`.
   */
  advance(ms: number): void {
    const end = this.elapsed + ms;
    while (this.runNext(end));
    this.elapsed = end;
  }

  /** Like `advance`, but lets all promises settle before, between and after the instants at which timers run. */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await drainPromises();
    for (let at = this.timers.nextAt; at !== undefined && at <= end; at = this.timers.nextAt) {
      while (this.runNext(at));
      await drainPromises();
    }
    this.elapsed = end;
  }

  /**
   * Advances from timer to timer until the condition holds, letting promises settle in between.
   *
   * Throws when it still does not hold after `withinMs`, or when no timer is left that could change anything.
   */
  async advanceUntil(condition: () => boolean, withinMs = 60_000): Promise<void> {
    const end = this.elapsed + withinMs;
    await drainPromises();
    while (!condition()) {
      const at = this.timers.nextAt;
      if (at === undefined || at > end) {
        throw new Error(`The condition does not hold within ${withinMs} ms of manual time.`);
      }
      await this.advanceAsync(Math.max(0, at - this.elapsed));
    }
  }

  /** Moves the wall clock alone, as a person or NTP would; back when negative. No timer runs. */
  stepWallClock(ms: number): void {
    this.wallOffset += ms;
  }

  /** Lets `ms` pass as a suspended machine sees it: wall and boot clock move, the monotonic clock and timers do not. */
  suspend(ms: number): void {
    this.wallOffset += ms;
    this.bootOffset += ms;
  }

  private runNext(end: number): boolean {
    const timer = this.timers.takeDue(end);
    if (!timer) return false;
    this.elapsed = Math.max(this.elapsed, timer.at);
    timer.callback();
    return true;
  }
}

/** Another machine's view of a clock: the same timers and the same passing of time, but a wall clock that is off. */
export class SkewedClock implements Clock {
  /** `skewMs` is how far this wall clock is ahead; it may be set while running, which is a step of the clock. */
  constructor(
    private readonly base: Clock,
    public skewMs: number,
  ) {}

  now(): number {
    return this.base.now() + this.skewMs;
  }

  monotonic(): number {
    return this.base.monotonic();
  }

  boot(): number {
    return this.base.boot();
  }

  timer(delayMs: number, callback: () => void): CancelTimer {
    return this.base.timer(delayMs, callback);
  }
}

/** Resolves when every promise that can settle without a timer or the outside world has settled. */
function drainPromises(): Promise<void> {
  // All microtasks, and those they queue, run before the next immediate.
  return new Promise((resolve) => setImmediate(resolve));
}
