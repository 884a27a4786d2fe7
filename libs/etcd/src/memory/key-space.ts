import { LeaseLost } from '@app/platform';
import {
  Compare,
  Entry,
  LeaseId,
  Operation,
  OperationResult,
  Settled,
  Transaction,
} from '../port/coordination-store.js';
import { Change, ChangeLog } from './change-log.js';
import { SortedKeys } from './sorted-keys.js';

/** Where a key space starts: empty at revision 1 as a new etcd, or as it was read back from a disk. */
export interface KeySpaceOptions {
  readonly revision?: number;
  readonly entries?: Iterable<Entry>;
  /** How many changes are kept for watches and old revisions; at most twice as many are. */
  readonly historyLimit: number;
}

/** What one request did. */
export interface Applied {
  readonly settled: readonly Settled[];
  /** In the order they were made, at most one per key; empty when nothing was written. */
  readonly changes: readonly Change[];
}

/**
 * The state machine behind the embedded stores: keys with revisions and history. No time, no waiting: a request goes
 * in, its results come out, and the caller decides when they are told.
 */
export class KeySpace {
  private readonly entries = new Map<string, Entry>();
  private readonly order = new SortedKeys();
  private readonly keysByLease = new Map<LeaseId, Set<string>>();
  private readonly log: ChangeLog;
  private currentRevision: number;
  private bytes = 0;

  constructor(options: KeySpaceOptions) {
    this.currentRevision = options.revision ?? 1;
    // Nothing is ever written at revision 1, so a new store has its whole history.
    this.log = new ChangeLog(this.currentRevision === 1 ? 0 : this.currentRevision, options.historyLimit);
    for (const entry of options.entries ?? []) this.set(entry.key, entry);
  }

  /** Revision of the last request that wrote. */
  get revision(): number {
    return this.currentRevision;
  }

  /** History before this revision cannot be read. */
  get compactRevision(): number {
    return this.log.compactRevision;
  }

  /** Bytes of all keys and values. */
  get sizeBytes(): number {
    return this.bytes;
  }

  get(key: string): Entry | undefined {
    return this.entries.get(key);
  }

  /** Keys from `start` on in bytewise order. */
  keysFrom(start: string, inclusive: boolean): Iterable<string> {
    return this.order.from(start, inclusive);
  }

  /** Changes from and including a revision. */
  changesSince(revision: number): readonly Change[] {
    return this.log.since(revision);
  }

  compact(revision: number): void {
    this.log.compact(revision);
  }

  /**
   * Carries out one request as etcd does: all compares see the state before it, everything it writes shares one
   * revision. A put under a lease that is not `alive` fails its transaction alone.
   */
  apply(transactions: readonly Transaction[], alive: (lease: LeaseId) => boolean): Applied {
    const branches = transactions.map((transaction) => this.choose(transaction, alive));
    const changes: Change[] = [];
    const results = branches.map((branch) =>
      branch.lost === undefined ? branch.operations.map((operation) => this.carryOut(operation, changes)) : [],
    );
    this.conclude(changes);
    const settled = branches.map(
      ({ lost, succeeded }, index): Settled =>
        lost === undefined
          ? { ok: true, result: { succeeded, revision: this.currentRevision, results: results[index]! } }
          : { ok: false, error: new LeaseLost(lost) },
    );
    return { settled, changes };
  }

  /** Deletes the keys of a lease, all at one revision. */
  dropLease(lease: LeaseId): readonly Change[] {
    const changes: Change[] = [];
    for (const key of [...(this.keysByLease.get(lease) ?? [])]) this.remove(key, changes);
    this.conclude(changes);
    return changes;
  }

  /** Deletes the keys of all leases, all at one revision. */
  dropLeases(): readonly Change[] {
    const changes: Change[] = [];
    for (const keys of [...this.keysByLease.values()]) for (const key of [...keys]) this.remove(key, changes);
    this.conclude(changes);
    return changes;
  }

  /** Takes back the newest changes, given as they were told: for a store that could not write them down. */
  undo(changes: readonly Change[]): void {
    const [oldest] = changes;
    if (!oldest) return;
    for (const change of [...changes].reverse()) this.set(change.key, change.previous);
    this.log.removeFrom(oldest.revision);
    this.currentRevision = oldest.revision - 1;
  }

  private choose(transaction: Transaction, alive: (lease: LeaseId) => boolean): Branch {
    const succeeded = transaction.compare.every((compare) => this.holds(compare));
    const operations = (succeeded ? transaction.then : transaction.otherwise) ?? [];
    for (const operation of operations) {
      if (operation.kind === 'put' && operation.lease !== undefined && !alive(operation.lease)) {
        return { succeeded, operations, lost: operation.lease };
      }
    }
    return { succeeded, operations, lost: undefined };
  }

  private holds(compare: Compare): boolean {
    return (this.entries.get(compare.key)?.[compare.field] ?? 0) === compare.equals;
  }

  private carryOut(operation: Operation, changes: Change[]): OperationResult {
    switch (operation.kind) {
      case 'get':
        return { kind: 'get', entry: this.entries.get(operation.key) };
      case 'delete':
        return { kind: 'delete', deleted: this.remove(operation.key, changes) };
      case 'put':
        this.put(operation.key, Buffer.from(operation.value as string), operation.lease, changes);
        return { kind: 'put' };
    }
  }

  private put(key: string, value: Buffer, lease: LeaseId | undefined, changes: Change[]): void {
    const revision = this.currentRevision + 1;
    const previous = this.entries.get(key);
    const createRevision = previous?.createRevision ?? revision;
    const entry: Entry = {
      key,
      value,
      createRevision,
      modRevision: revision,
      ...(lease === undefined ? {} : { lease }),
    };
    this.set(key, entry);
    changes.push({ revision, key, entry, previous });
  }

  private remove(key: string, changes: Change[]): number {
    const previous = this.entries.get(key);
    if (!previous) return 0;
    this.set(key, undefined);
    changes.push({ revision: this.currentRevision + 1, key, entry: undefined, previous });
    return 1;
  }

  private conclude(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.currentRevision++;
    this.log.append(changes);
  }

  private set(key: string, entry: Entry | undefined): void {
    const previous = this.entries.get(key);
    if (previous) {
      this.bytes -= previous.value.length + key.length;
      if (previous.lease !== undefined) this.detach(previous.lease, key);
    }
    if (entry) {
      this.bytes += entry.value.length + key.length;
      if (entry.lease !== undefined) this.attach(entry.lease, key);
      this.entries.set(key, entry);
      if (!previous) this.order.add(key);
    } else if (previous) {
      this.entries.delete(key);
      this.order.remove(key);
    }
  }

  private attach(lease: LeaseId, key: string): void {
    const keys = this.keysByLease.get(lease);
    if (keys) keys.add(key);
    else this.keysByLease.set(lease, new Set([key]));
  }

  private detach(lease: LeaseId, key: string): void {
    const keys = this.keysByLease.get(lease);
    keys?.delete(key);
    if (keys?.size === 0) this.keysByLease.delete(lease);
  }
}

interface Branch {
  readonly succeeded: boolean;
  readonly operations: readonly Operation[];
  /** The lease that is gone, if the branch needs one. */
  readonly lost: LeaseId | undefined;
}
