import type { CancelTimer, Clock } from '@app/platform';

/** A worker that was full for so long says so; the second- and third-ranked have had their turn by then. */
const FULL_AFTER_MS = 3000;

/** Tells the fleet when fires wait for a slot of this worker, so that others go before it, and when it has one again. */
export class Fullness {
  private cancelTimer: CancelTimer | undefined;
  private isTold = false;

  constructor(
    private readonly clock: Clock,
    private readonly hasFreeSlot: () => boolean,
    private readonly tell: (isFull: boolean) => void,
  ) {}

  /** A fire found no slot. */
  wanted(): void {
    if (this.isTold) return;
    this.cancelTimer ??= this.clock.timer(FULL_AFTER_MS, () => {
      this.cancelTimer = undefined;
      if (this.hasFreeSlot()) return;
      this.isTold = true;
      this.tell(true);
    });
  }

  /** A slot became free. */
  freed(): void {
    if (!this.isTold) return;
    this.isTold = false;
    this.tell(false);
  }

  stop(): void {
    this.cancelTimer?.();
  }
}
