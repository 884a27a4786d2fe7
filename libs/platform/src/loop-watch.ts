import type { CancelTimer, Clock } from './clock.js';

/** Looks so often; a stall is measured to within this. Twenty timers a second cost nothing that can be measured. */
const TICK_MS = 50;
/** The last minute is kept in slices, so that a stall is forgotten between 60 and 70 s after it. */
const SLICE_MS = 10_000;
const SLICES = 6;

/**
 * Watches for how long this process did not get to its timers: its own code kept it, the machine was too busy, or it
 * was stopped. What a suspended machine sleeps does not count.
 */
export class LoopWatch {
  private readonly past: number[] = [];
  private current = 0;
  private sliceEndsAt = 0;
  private cancelTick: CancelTimer | undefined;

  constructor(private readonly clock: Clock) {}

  /** Begins to watch; to be called once. */
  start(): void {
    this.sliceEndsAt = this.clock.monotonic() + SLICE_MS;
    this.tick();
  }

  /** Ends the watch. Safe to repeat. */
  stop(): void {
    this.cancelTick?.();
  }

  /** The longest stall of the last minute, whole milliseconds; 0 where there was none. */
  get longestMs(): number {
    return Math.round(Math.max(this.current, ...this.past));
  }

  private tick(): void {
    const { clock } = this;
    const dueAt = clock.monotonic() + TICK_MS;
    this.cancelTick = clock.timer(TICK_MS, () => {
      const now = clock.monotonic();
      this.current = Math.max(this.current, now - dueAt);
      if (now >= this.sliceEndsAt) this.turn(now);
      this.tick();
    });
  }

  private turn(now: number): void {
    this.past.push(this.current);
    if (this.past.length > SLICES) this.past.shift();
    this.current = 0;
    this.sliceEndsAt = now + SLICE_MS;
  }
}
