import type { CancelTimer, Clock } from './clock.js';
import { openProcessorWait } from './processor-wait.js';

/** Looks so often; a stall is measured to within this. An idle process wakes up for it: some 4 ms of processor a second. */
const TICK_MS = 50;
/** The last minute is kept in slices, so that a stall is forgotten between 60 and 70 s after it. */
const SLICE_MS = 10_000;
const SLICES = 6;

/** A time in which a process did nothing that was due. Whole milliseconds. */
export interface Standstill {
  readonly loopStallMs: number;
  /** For how long of it there was no processor for it: the machine was too busy. undefined where the system does not tell. */
  readonly loopWaitMs?: number;
}

const NONE: Standstill = { loopStallMs: 0 };

/**
 * Watches for how long this process did not get to its timers: its own code kept it, the machine was too busy, or it
 * was stopped. What a suspended machine sleeps does not count.
 */
export class LoopWatch {
  private readonly past: Standstill[] = [];
  private current = NONE;
  private sliceEndsAt = 0;
  private waitedMs: number | undefined;
  private cancelTick: CancelTimer | undefined;

  /** `processorWait` gives the milliseconds this thread has waited for a processor so far, where that is known. */
  constructor(
    private readonly clock: Clock,
    private readonly processorWait: () => number | undefined = openProcessorWait(),
  ) {}

  /** Begins to watch; to be called once. */
  start(): void {
    this.sliceEndsAt = this.clock.monotonic() + SLICE_MS;
    this.waitedMs = this.processorWait();
    this.tick();
  }

  /** Ends the watch. Safe to repeat. */
  stop(): void {
    this.cancelTick?.();
  }

  /** The longest of the last minute; 0 ms where there was none. */
  get longest(): Standstill {
    return [...this.past, this.current].reduce(longer);
  }

  private tick(): void {
    const { clock } = this;
    const dueAt = clock.monotonic() + TICK_MS;
    this.cancelTick = clock.timer(TICK_MS, () => {
      const now = clock.monotonic();
      const waitedMs = this.processorWait();
      this.current = longer(this.current, standstill(now - dueAt, this.waitedMs, waitedMs));
      this.waitedMs = waitedMs;
      if (now >= this.sliceEndsAt) this.turn(now);
      this.tick();
    });
  }

  private turn(now: number): void {
    this.past.push(this.current);
    if (this.past.length > SLICES) this.past.shift();
    this.current = NONE;
    this.sliceEndsAt = now + SLICE_MS;
  }
}

/** What it waited before the timer was due is taken for a part of the stall: of a long one that is hardly anything. */
function standstill(lateMs: number, waitedBefore: number | undefined, waitedNow: number | undefined): Standstill {
  const loopStallMs = Math.max(0, Math.round(lateMs));
  if (waitedBefore === undefined || waitedNow === undefined) return { loopStallMs };
  return { loopStallMs, loopWaitMs: Math.min(loopStallMs, Math.round(waitedNow - waitedBefore)) };
}

function longer(a: Standstill, b: Standstill): Standstill {
  return b.loopStallMs > a.loopStallMs ? b : a;
}
