import { Compare, LeaseId, Operation } from '../port/coordination-store.js';
import { del, isAbsent, isSince, put } from '../port/transaction.js';

/** A lock that is held. */
export interface Lock {
  readonly key: string;
  /** Create revision of the lock's key: the fencing token. A later holder's is larger. */
  readonly fence: number;
}

/**
 * Locks of jobs: one key each, there while the lock is held. These are parts for a transaction that decides more than
 * the lock.
 */
export class JobLocks {
  /** `prefix` is that of all keys, without a trailing slash. */
  constructor(private readonly prefix: string) {}

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
}
