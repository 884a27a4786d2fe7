import { CoordinationStore, LeaseId } from '../port/coordination-store.js';
import { read, transaction } from '../port/transaction.js';
import { JobLocks, Lock } from './job-locks.js';

/** Locks of jobs: as parts for a larger transaction (`isFree`, `take`, `drop`), and as calls of their own. */
export class LockService extends JobLocks {
  /** `prefix` is that of all keys, without a trailing slash. */
  constructor(
    private readonly store: CoordinationStore,
    prefix: string,
  ) {
    super(prefix);
  }

  /**
   * Takes the lock if it is free; undefined when another has it. `owner` must name this attempt alone: after an answer
   * that was lost, asking again with the same owner and lease gives the lock that was taken then.
   *
   * Throws StoreUnavailable, and LeaseLost when the lease is gone.
   */
  async acquire(key: string, owner: string, lease?: LeaseId): Promise<Lock | undefined> {
    const [settled] = await this.store.transactAll([
      transaction([this.isFree(key)], [this.take(key, owner, lease)], [read(key)]),
    ]);
    if (!settled!.ok) throw settled!.error;
    const { succeeded, revision, results } = settled!.result;
    if (succeeded) return { key, fence: revision };
    const [found] = results;
    const holder = found?.kind === 'get' ? found.entry : undefined;
    const isOurs = holder?.value.toString() === owner && holder.lease === lease;
    return isOurs ? { key, fence: holder.createRevision } : undefined;
  }

  /** Frees a lock; false when it was no longer held. Safe to repeat. Throws StoreUnavailable. */
  async release(lock: Lock): Promise<boolean> {
    const [settled] = await this.store.transactAll([transaction([this.isHeld(lock)], [this.drop(lock.key)])]);
    if (!settled!.ok) throw settled!.error;
    return settled!.result.succeeded;
  }
}
