import { CancelTimer, Clock, LeaseLost, Log } from '@app/platform';
import { CoordinationStore, LeaseId } from '../port/coordination-store.js';

export interface LeaseKeeperOptions {
  readonly store: CoordinationStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Time to live of the lease, whole seconds; default 10. */
  readonly ttlSeconds?: number;
  /** Kept this often, ms; default 3,000. */
  readonly keepEveryMs?: number;
  /** For how long after a keep-alive was sent its acknowledgement is a right, ms; default 8,000: less than the lease lives. */
  readonly validForMs?: number;
}

/** Told what becomes of a kept lease. */
export interface LeaseListener {
  /** A keep-alive was acknowledged. When it was sent, ms, on both clocks: every deadline counts from then. */
  kept?(sentAt: { readonly monotonic: number; readonly boot: number }): void;
  /** The right has ended for now: nothing was acknowledged in time. The store may still know the lease. */
  suspended?(): void;
  /** It is back: the store did still know the lease. */
  resumed?(): void;
  /** The store has ended the lease, with all its keys. Nothing is kept any more. Called at most once. */
  lost?(): void;
}

/** A failed keep-alive is tried again so soon. */
const RETRY_MS = 1_000;

/**
 * One lease, kept alive, and the right that comes with it.
 *
 * States: `valid` (from the grant on; a keep-alive was acknowledged that was sent less than 8 s ago) -> `suspended`
 * (none in time) -> `valid` again when one is acknowledged; -> `lost` when the store says that the lease is gone; ->
 * `stopped`. The deadline is our own, on the monotonic clock and from the *sending*, so that the right always ends here
 * before it ends at the store, however long an answer was on its way.
 */
export class LeaseKeeper {
  private validUntil: number;
  private state: 'valid' | 'suspended' | 'lost' | 'stopped' = 'valid';
  private cancelKeep: CancelTimer = () => {};
  private cancelDeadline: CancelTimer = () => {};

  private constructor(
    readonly lease: LeaseId,
    private readonly options: LeaseKeeperOptions,
    private readonly listener: LeaseListener,
    grantSentAt: number,
  ) {
    this.validUntil = grantSentAt + this.validForMs;
    this.keepLater(grantSentAt + this.keepEveryMs);
    this.watchDeadline();
  }

  /** Grants a lease and keeps it until `stop`. Throws StoreUnavailable; a lease granted all the same ends by itself. */
  static async grant(options: LeaseKeeperOptions, listener: LeaseListener = {}): Promise<LeaseKeeper> {
    const sentAt = options.clock.monotonic();
    const lease = await options.store.grantLease(options.ttlSeconds ?? 10);
    return new LeaseKeeper(lease, options, listener, sentAt);
  }

  /**
   * Whether the right stands at this moment. Reads the clock: right also after the process was stopped for a while and
   * before any timer has run.
   */
  get isValid(): boolean {
    return (this.state === 'valid' || this.state === 'suspended') && this.options.clock.monotonic() < this.validUntil;
  }

  /** When the right ends unless another keep-alive is acknowledged: ms on the monotonic clock. */
  get deadline(): number {
    return this.validUntil;
  }

  /** Ends the lease, and its keys with it. A store that is away is not waited for: the lease then ends by itself. Safe to repeat. */
  async stop(): Promise<void> {
    if (!this.end('stopped')) return;
    try {
      await this.options.store.revokeLease(this.lease);
    } catch (error) {
      this.options.log.warn('a lease could not be revoked: it ends by itself', { lease: this.lease, error });
    }
  }

  private get keepEveryMs(): number {
    return this.options.keepEveryMs ?? 3_000;
  }

  private get validForMs(): number {
    return this.options.validForMs ?? 8_000;
  }

  private keepLater(at: number): void {
    const { clock } = this.options;
    this.cancelKeep = clock.timer(Math.max(0, at - clock.monotonic()), () => void this.keep());
  }

  private async keep(): Promise<void> {
    const { store, clock, log } = this.options;
    const sentAt = { monotonic: clock.monotonic(), boot: clock.boot() };
    try {
      await store.keepAlive(this.lease, { deadlineMs: this.keepEveryMs });
      this.onKept(sentAt);
    } catch (error) {
      if (this.hasEnded) return;
      if (error instanceof LeaseLost) {
        this.onLost();
        return;
      }
      log.warn('a keep-alive failed: trying again', { lease: this.lease, validForMs: this.remainingMs, error });
      this.keepLater(clock.monotonic() + RETRY_MS);
    }
  }

  private onKept(sentAt: { monotonic: number; boot: number }): void {
    if (this.hasEnded) return;
    this.validUntil = sentAt.monotonic + this.validForMs;
    this.keepLater(sentAt.monotonic + this.keepEveryMs);
    this.listener.kept?.(sentAt);
    if (this.state === 'suspended' && this.isValid) {
      this.state = 'valid';
      this.watchDeadline();
      this.listener.resumed?.();
    }
  }

  /** One timer, set again for what was acknowledged meanwhile. */
  private watchDeadline(): void {
    this.cancelDeadline = this.options.clock.timer(Math.max(0, this.remainingMs), () => {
      if (this.remainingMs > 0) {
        this.watchDeadline();
        return;
      }
      this.state = 'suspended';
      this.listener.suspended?.();
    });
  }

  private onLost(): void {
    const wasValid = this.state === 'valid';
    this.end('lost');
    if (wasValid) this.listener.suspended?.();
    this.listener.lost?.();
  }

  private end(state: 'lost' | 'stopped'): boolean {
    if (this.hasEnded) return false;
    this.state = state;
    this.cancelKeep();
    this.cancelDeadline();
    return true;
  }

  private get hasEnded(): boolean {
    return this.state === 'lost' || this.state === 'stopped';
  }

  private get remainingMs(): number {
    return this.validUntil - this.options.clock.monotonic();
  }
}
