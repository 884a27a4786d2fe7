/** Opaque id of a lease. */
export type LeaseId = string;

/** A key as the store holds it. Revisions count the store's transactions, 1 and up; they are safe integers. */
export interface Entry {
  readonly key: string;
  /** Bytes as they were put. Nothing is known of them: another client may have put anything. */
  readonly value: Buffer;
  /** Revision at which the key came into being; a put on an existing key keeps it. */
  readonly createRevision: number;
  /** Revision of the last put. */
  readonly modRevision: number;
  /** The lease the key dies with, if any. */
  readonly lease?: LeaseId;
}

/** True while the key's revision is exactly this; `equals: 0` is true while the key is absent. */
export interface Compare {
  readonly key: string;
  readonly field: 'modRevision' | 'createRevision';
  readonly equals: number;
}

/** What a transaction does. Keys are whole keys, prefix included. */
export type Operation =
  | { readonly kind: 'put'; readonly key: string; readonly value: string | Buffer; readonly lease?: LeaseId }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'get'; readonly key: string };

/**
 * If all compares hold then `then`, else `otherwise`, atomically. A key is put or deleted at most once in it; gets in a
 * branch that also puts see the state before the puts or after, so do not mix them on one key.
 */
export interface Transaction {
  readonly compare: readonly Compare[];
  readonly then: readonly Operation[];
  readonly otherwise?: readonly Operation[];
}

/** One result per operation of the branch that ran, in order. */
export type OperationResult =
  | { readonly kind: 'put' }
  | { readonly kind: 'delete'; readonly deleted: number }
  | { readonly kind: 'get'; readonly entry: Entry | undefined };

export interface TransactionResult {
  /** Whether the compares held. */
  readonly succeeded: boolean;
  /** The store's revision after it; what `then` put has this as its modRevision. */
  readonly revision: number;
  readonly results: readonly OperationResult[];
}

/**
 * How one transaction of several ended. `error` is StoreUnavailable (its `outcome` says whether it may have been done),
 * LeaseLost (a put named a lease that is gone: not done) or StoreRefused (the store will never take it: not done).
 */
export type Settled =
  | { readonly ok: true; readonly result: TransactionResult }
  | { readonly ok: false; readonly error: Error };

export interface RangeOptions {
  /** Only keys after this one (exclusive). */
  readonly after?: string;
  /** At most this many entries; default 1,000. */
  readonly limit?: number;
  /** As the store was at this revision. Throws Compacted when that is no longer readable. Default: now. */
  readonly revision?: number;
  /** Leave the values out (empty buffers). */
  readonly keysOnly?: boolean;
}

export interface RangePage {
  /** Ascending by key (bytewise). */
  readonly entries: readonly Entry[];
  /** Whether keys after the last of `entries` remain. */
  readonly more: boolean;
  /** The revision that was read: pass it on to page consistently, watch from the next one. */
  readonly revision: number;
}

export type WatchEvent =
  | { readonly kind: 'put'; readonly entry: Entry }
  | { readonly kind: 'delete'; readonly key: string; readonly modRevision: number };

/** Called one at a time, in order of revisions, never before `watch` returned. */
export interface WatchListener {
  /** Events of one or more whole revisions, ascending. */
  events(events: readonly WatchEvent[]): void;
  /**
   * The watch cannot go on without a gap in doubt (compaction, connection, a cancelled watch) and has ended: list again,
   * compare, and watch from the listed revision + 1. Called at most once.
   */
  startOver(reason: string): void;
}

export interface Watch {
  /** No call of the listener comes after it. */
  close(): void;
}

/** State of the store for health and the cluster page. */
export interface StoreStatus {
  readonly revision: number;
  readonly dbSizeBytes: number;
  /** Bytes in use within the file, where known. */
  readonly dbInUseBytes?: number;
  /** Where known. */
  readonly quotaBytes?: number;
  /** Raised alarms: those of etcd, for example `NOSPACE`; of the embedded store `DISK` and `IN_DOUBT`. */
  readonly alarms: readonly string[];
  readonly members: readonly StoreMember[];
}

export interface StoreMember {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly leader: boolean;
}

/** Per-call limits. */
export interface CallOptions {
  /** Answer or StoreUnavailable within this many milliseconds; default 5,000. */
  readonly deadlineMs?: number;
}

/**
 * The coordination port: etcd's own model. Ordered keys with revisions, transactions that compare and then put, ranges
 * at one revision, watches from a revision, leases. Claims, locks, election, presence and registry are written once,
 * on this.
 *
 * Every promise settles within its deadline. None is ever retried inside: a write whose answer was lost is reported as
 * `unknown`, and the caller decides.
 */
export interface CoordinationStore {
  /**
   * Settles independent transactions, in as few requests as the store's limits allow; never rejects. One that the
   * store refuses does not harm its neighbours. No order between them is promised, and no key may be written by two.
   */
  transactAll(transactions: readonly Transaction[], options?: CallOptions): Promise<readonly Settled[]>;

  /** Reads one key, linearizably. Throws StoreUnavailable. */
  get(key: string, options?: CallOptions): Promise<Entry | undefined>;

  /** Reads a page of the keys that start with `prefix`. Throws StoreUnavailable, Compacted. */
  range(prefix: string, options?: RangeOptions & CallOptions): Promise<RangePage>;

  /** Watches keys that start with `prefix`, from and including `fromRevision`. Never throws: see `startOver`. */
  watch(prefix: string, fromRevision: number, listener: WatchListener): Watch;

  /** A new lease of `ttlSeconds` (whole, 1 and up). Throws StoreUnavailable. */
  grantLease(ttlSeconds: number, options?: CallOptions): Promise<LeaseId>;

  /** Renews the lease by its full time, once. Throws LeaseLost when it is gone, StoreUnavailable. */
  keepAlive(lease: LeaseId, options?: CallOptions): Promise<void>;

  /** Ends the lease and deletes its keys. Safe to repeat; one that is gone already is no error. Throws StoreUnavailable. */
  revokeLease(lease: LeaseId, options?: CallOptions): Promise<void>;

  /** Throws StoreUnavailable. */
  status(options?: CallOptions): Promise<StoreStatus>;

  /** Forgets history before `revision`. Safe to repeat. Throws StoreUnavailable. */
  compact(revision: number, options?: CallOptions): Promise<void>;

  /** Ends watches and connections. */
  close(): Promise<void>;
}
