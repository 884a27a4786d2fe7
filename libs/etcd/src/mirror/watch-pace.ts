import { type Clock, pause } from '@app/platform';

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

/**
 * How soon a watch that broke off is begun again: at once after one that lasted, and more and more slowly where one after
 * the other breaks off, as all would do nothing but begin anew.
 */
export class WatchPace {
  private beganAt = -Infinity;
  /** Before the one after the next that breaks off; 0 while they last. */
  private backoffMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly stopping: AbortSignal,
  ) {}

  /** A watch runs. */
  began(): void {
    this.beganAt = this.clock.monotonic();
  }

  /** Resolves when the next may be begun, or when told to stop. To be asked once for each that broke off. */
  async brokeOff(): Promise<void> {
    if (this.clock.monotonic() - this.beganAt >= LONGEST_BACKOFF_MS) this.backoffMs = 0;
    const backoffMs = this.backoffMs;
    this.backoffMs = Math.min(Math.max(2 * backoffMs, FIRST_BACKOFF_MS), LONGEST_BACKOFF_MS);
    if (backoffMs > 0) await pause(this.clock, backoffMs, this.stopping);
  }
}
