import type { Clock } from '@app/platform';

/** From here on people are warned. */
const CLOCK_WARN_MS = 1000;
/** From here on nothing is claimed, and no edit is written. */
const CLOCK_STOP_MS = 2000;
/** A reading older than this says nothing any more. */
const READING_MAX_AGE_MS = 20_000;
/** How far wall clock and boot clock may drift apart between two looks. */
const JUMP_MS = 1000;
/** Alone, a clock that jumped is believed after standing still for so long. */
const CONFIRM_ALONE_MS = 5000;

interface Reading {
  /** The other's clock minus ours. */
  readonly offsetMs: number;
  readonly takenAt: number;
}

export type ClockState = 'good' | 'warned' | 'stopped' | 'jumped';

/**
 * Watches the wall clock, against the boot clock (jumps) and against the other workers' clocks (offset). With three or
 * more the median is the truth; of two nobody knows which is wrong, so that only warns.
 */
export class ClockGuard {
  private readonly readings = new Map<string, Reading>();
  private lastDrift: number;
  private jumpedAt: number | undefined;

  constructor(private readonly clock: Clock) {
    this.lastDrift = clock.now() - clock.boot();
  }

  /** Another process wrote its wall clock, and we have just heard of it. */
  heard(id: string, itsNow: number): void {
    this.readings.set(id, { offsetMs: itsNow - this.clock.now(), takenAt: this.clock.monotonic() });
  }

  forget(id: string): void {
    this.readings.delete(id);
  }

  /** Our clock minus the fleet's, milliseconds: positive means ahead. undefined while there is nobody to compare with. */
  get offsetMs(): number | undefined {
    const offsets = this.recentOffsets();
    if (offsets.length === 0) return undefined;
    const all = [0, ...offsets].sort((a, b) => a - b);
    const middle = all.length >> 1;
    const median = all.length % 2 === 1 ? all[middle] : ((all[middle - 1] ?? 0) + (all[middle] ?? 0)) / 2;
    return -(median ?? 0);
  }

  /** Looks at the clocks now. Call often: a jump is seen between two looks. */
  check(): ClockState {
    const drift = this.clock.now() - this.clock.boot();
    if (Math.abs(drift - this.lastDrift) > JUMP_MS) {
      this.jumpedAt = this.clock.monotonic();
      // Readings were against the clock before the jump.
      this.readings.clear();
    }
    this.lastDrift = drift;

    const others = this.recentOffsets().length;
    const offset = Math.abs(this.offsetMs ?? 0);
    if (this.jumpedAt !== undefined) {
      const isConfirmed =
        others >= 2
          ? offset <= CLOCK_STOP_MS
          : this.clock.monotonic() - this.jumpedAt >= CONFIRM_ALONE_MS && (others === 0 || offset <= CLOCK_STOP_MS);
      if (!isConfirmed) return 'jumped';
      this.jumpedAt = undefined;
    }
    if (others >= 2 && offset > CLOCK_STOP_MS) return 'stopped';
    return offset > CLOCK_WARN_MS ? 'warned' : 'good';
  }

  private recentOffsets(): number[] {
    const oldest = this.clock.monotonic() - READING_MAX_AGE_MS;
    return [...this.readings.values()].filter(({ takenAt }) => takenAt >= oldest).map(({ offsetMs }) => offsetMs);
  }
}
