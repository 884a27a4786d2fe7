import { CancelTimer, Clock, LeaseLost } from '@app/platform';
import { LeaseId } from '../port/coordination-store.js';

/** Leases and when they end, on the monotonic clock. What hangs on a lease is not its business. */
export class LeaseTable {
  private readonly leases = new Map<LeaseId, Lease>();
  private granted = 0;

  /** `idPrefix` keeps the ids of one life of a store apart from those of another. `onEnd` is told when one expires. */
  constructor(
    private readonly clock: Clock,
    private readonly idPrefix: string,
    private readonly onEnd: (lease: LeaseId) => void,
  ) {}

  has(id: LeaseId): boolean {
    return this.leases.has(id);
  }

  grant(ttlSeconds: number): LeaseId {
    const id = `${this.idPrefix}${++this.granted}`;
    const lease: Lease = { ttlMs: ttlSeconds * 1_000, endsAt: 0, cancel: () => {} };
    this.leases.set(id, lease);
    lease.endsAt = this.clock.monotonic() + lease.ttlMs;
    this.watchOver(id, lease);
    return id;
  }

  /** Renews a lease by its full time. Throws LeaseLost when it is not there. */
  keep(id: LeaseId): void {
    const lease = this.leases.get(id);
    if (!lease) throw new LeaseLost(id);
    lease.endsAt = this.clock.monotonic() + lease.ttlMs;
  }

  /** Forgets a lease without telling `onEnd`; one that is not there is no error. */
  remove(id: LeaseId): void {
    this.leases.get(id)?.cancel();
    this.leases.delete(id);
  }

  /** Ends all timers. */
  close(): void {
    for (const lease of this.leases.values()) lease.cancel();
  }

  /** One timer per lease, set again for what was renewed meanwhile: a renewal itself touches no timer. */
  private watchOver(id: LeaseId, lease: Lease): void {
    lease.cancel = this.clock.timer(lease.endsAt - this.clock.monotonic(), () => {
      if (this.clock.monotonic() < lease.endsAt) {
        this.watchOver(id, lease);
        return;
      }
      this.leases.delete(id);
      this.onEnd(id);
    });
  }
}

interface Lease {
  readonly ttlMs: number;
  endsAt: number;
  cancel: CancelTimer;
}
