import { Compare, CoordinationStore, LeaseId, Operation } from '../port/coordination-store.js';
import { del, isAbsent, isSince, put, read, transaction } from '../port/transaction.js';

/** A lock that is held. */
export interface Lock {
  readonly key: string;
  /** Create revision of the lock's key: the fencing token. A later holder's is larger. */
  readonly fence: number;
}

/**
 * Locks of jobs: one key each, there while the lock is held.
 *
 * As parts for a transaction that decides more than the lock (`isFree`, `take`, `drop`), and as calls of their own.
 */
export class LockService {
  /** `prefix` is that of all keys, without a trailing slash. */
  constructor(
    private readonly store: CoordinationStore,
    private readonly prefix: string,
  ) {}

  /** Key of a job's lock; of its further ones where several runs may go on at once: slot 1, 2 and so on. */
  keyOf(jobName: string, slot = 0): string {
    const key = `${this.prefix}/lock/${jobName}`;
    return slot === 0 ? key : `${key}/${slot}`;
  }

  /** Holds while nobody has the lock. */
  isFree(key: string): Compare {
    return isAbsent(key);
  }

  /** Holds while the lock is the one taken at this fence. */
  isHeld({ key, fence }: Lock): Compare {
    return isSince(key, fence);
  }

  /** Takes the lock, together with `isFree` in one transaction: its fence is the transaction's revision. */
  take(key: string, owner: string, lease?: LeaseId): Operation {
    return put(key, owner, lease);
  }

  /** Frees the lock, together with `isHeld` in one transaction. */
  drop(key: string): Operation {
    return del(key);
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
