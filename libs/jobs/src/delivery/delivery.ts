import type { CancelTimer, Clock, Log } from '@app/platform';
import { type Courier, NotDelivered } from '../claiming/courier.js';
import { forgetTransaction, type StoredRun } from '../claiming/run-writes.js';
import type { Run } from '../run/run.js';
import type { RunRecorder } from '../running/run-recorder.js';
import type { Keys } from '../store/keys.js';

const FORGET_EVERY_MS = 250;
/** Past so many undelivered decisions in the store, one is forgotten there once it is safe on this machine's disk. */
const MAX_UNDELIVERED = 50_000;

/**
 * Hands ended decisions to history, and deletes each from the coordination store once history has acknowledged it. The
 * store never forgets a decision that nobody else knows.
 */
export class Delivery {
  private readonly delivered: { readonly stored: StoredRun; readonly done: () => void }[] = [];
  private cancelTimer: CancelTimer | undefined;
  private waiting = 0;

  constructor(
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly courier: Courier,
    private readonly recorder: RunRecorder,
    private readonly stopping: AbortSignal,
    private readonly maxUndelivered = MAX_UNDELIVERED,
  ) {}

  /** Decisions that stand in the store because history has not acknowledged them. */
  get undelivered(): number {
    return this.waiting;
  }

  /**
   * Records these runs, which the stored entry stands for, and then forgets the entry. `done` is called when the entry
   * is forgotten, or is left for somebody else to deliver.
   */
  deliver(stored: StoredRun, runs: readonly Run[], done: () => void = () => {}): void {
    this.waiting++;
    const receipts = runs.map((run) => this.recorder.record(run));
    const isOverfull = this.waiting > this.maxUndelivered;
    const safe = Promise.all(
      receipts.map((receipt) => (isOverfull ? Promise.any([receipt.spooled, receipt.stored]) : receipt.stored)),
    );
    void safe.then(
      () => this.forget(stored, done),
      (error: unknown) => {
        this.waiting--;
        this.log.error('A record is kept in etcd: nothing else would take it', { error });
        done();
      },
    );
  }

  private forget(stored: StoredRun, done: () => void): void {
    this.waiting--;
    this.delivered.push({ stored, done });
    this.cancelTimer ??= this.clock.timer(FORGET_EVERY_MS, () => this.flush());
  }

  /** Forgets what was delivered so far without waiting for more. */
  flush(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    for (const { stored, done } of this.delivered.splice(0)) {
      this.courier
        .send(forgetTransaction(this.keys, stored), this.stopping, 'deletes')
        .catch((error: unknown) => {
          // Left over, it is delivered again by whoever finds it: that changes nothing in history.
          if (!(error instanceof NotDelivered)) throw error;
        })
        .finally(done);
    }
  }
}
