import { Clock, StoreUnavailable } from '@app/platform';
import { packRequests } from '../packing/pack-requests.js';
import { whyRefused } from '../packing/request-limits.js';
import {
  CoordinationStore,
  Entry,
  LeaseId,
  RangeOptions,
  RangePage,
  Settled,
  StoreStatus,
  Transaction,
  Watch,
  WatchListener,
} from '../port/coordination-store.js';
import { StoreRefused } from '../port/errors.js';
import { Change } from './change-log.js';
import { KeySpace } from './key-space.js';
import { LeaseTable } from './lease-table.js';
import { readRange } from './read-range.js';
import { WatchHub } from './watch-hub.js';

/** What a write did: its answer, and what it changed, which may span several revisions. */
export interface Written<T> {
  readonly answer: T;
  readonly changes: readonly Change[];
}

/**
 * The coordination port over a key space in this process: etcd's semantics without etcd. What a write still needs
 * before it may be answered is the subclass's business.
 */
export abstract class LocalStore implements CoordinationStore {
  protected readonly leases: LeaseTable;
  protected readonly watches = new WatchHub();
  protected isClosed = false;

  /** `leasePrefix` keeps the lease ids of one life of a store apart from those of another. */
  constructor(
    protected readonly clock: Clock,
    protected keys: KeySpace,
    leasePrefix: string,
  ) {
    this.leases = new LeaseTable(clock, leasePrefix, (lease) => this.onLeaseEnd(lease));
  }

  /**
   * Carries out a write on the key space, now or later, publishes its changes once they will last, and answers. Throws
   * StoreUnavailable, with the key space as if nothing had been asked. `weight`: how many transactions it stands for.
   */
  protected abstract write<T>(operation: string, work: () => Written<T>, weight?: number): Promise<T>;

  /** Called when a lease expired; its keys are still there. */
  protected abstract onLeaseEnd(lease: LeaseId): void;

  async transactAll(transactions: readonly Transaction[]): Promise<readonly Settled[]> {
    try {
      return await this.write('transact', () => this.applyAll(transactions), transactions.length);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return transactions.map(() => ({ ok: false, error }));
    }
  }

  async get(key: string): Promise<Entry | undefined> {
    this.mustBeOpen('get');
    return this.keys.get(key);
  }

  async range(prefix: string, options: RangeOptions = {}): Promise<RangePage> {
    this.mustBeOpen('range');
    return readRange(this.keys, prefix, options);
  }

  watch(prefix: string, fromRevision: number, listener: WatchListener): Watch {
    return this.watches.open(this.keys, prefix, fromRevision, listener);
  }

  async grantLease(ttlSeconds: number): Promise<LeaseId> {
    this.mustBeOpen('grantLease');
    return this.leases.grant(ttlSeconds);
  }

  async keepAlive(lease: LeaseId): Promise<void> {
    this.mustBeOpen('keepAlive');
    this.leases.keep(lease);
  }

  async revokeLease(lease: LeaseId): Promise<void> {
    await this.write('revokeLease', () => {
      this.leases.remove(lease);
      return this.dropLease(lease);
    });
  }

  abstract status(): Promise<StoreStatus>;

  async compact(revision: number): Promise<void> {
    this.mustBeOpen('compact');
    if (revision > this.keys.revision) throw new StoreRefused('compact', `revision ${revision} is still to come`);
    this.keys.compact(revision);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.leases.close();
    this.watches.close();
  }

  protected dropLease(lease: LeaseId): Written<undefined> {
    return { answer: undefined, changes: this.keys.dropLease(lease) };
  }

  protected mustBeOpen(operation: string): void {
    if (this.isClosed) throw new StoreUnavailable(operation, 'notDone', new Error('the store is closed'));
  }

  private applyAll(transactions: readonly Transaction[]): Written<readonly Settled[]> {
    const settled: Settled[] = new Array(transactions.length);
    const changes: Change[] = [];
    const accepted: number[] = [];
    for (const [index, transaction] of transactions.entries()) {
      const reason = whyRefused(transaction);
      if (reason === undefined) accepted.push(index);
      else settled[index] = { ok: false, error: new StoreRefused('transact', reason) };
    }
    for (const request of packRequests(accepted.map((index) => transactions[index]!))) {
      const indexes = request.map((position) => accepted[position]!);
      const applied = this.keys.apply(
        indexes.map((index) => transactions[index]!),
        (lease) => this.leases.has(lease),
      );
      for (const [position, index] of indexes.entries()) settled[index] = applied.settled[position]!;
      for (const change of applied.changes) changes.push(change);
    }
    return { answer: settled, changes };
  }
}
