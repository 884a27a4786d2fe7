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
import { KeySpace } from './key-space.js';
import { LeaseTable } from './lease-table.js';
import { readRange } from './read-range.js';
import { WatchHub } from './watch-hub.js';

export interface MemoryStoreOptions {
  /** How many changes are kept for watches and old revisions, at least; default 20,000. Older ones are compacted. */
  readonly historyLimit?: number;
}

/**
 * The coordination port in one process's memory: etcd's semantics without etcd, for tests, for the simulation, and as
 * the heart of EmbeddedStore. Deterministic: its only time is the clock it is given.
 */
export class MemoryStore implements CoordinationStore {
  private readonly keys: KeySpace;
  private readonly leases: LeaseTable;
  private readonly watches: WatchHub;
  private isClosed = false;

  constructor(clock: Clock, options: MemoryStoreOptions = {}) {
    this.keys = new KeySpace({ historyLimit: options.historyLimit ?? 20_000 });
    this.leases = new LeaseTable(clock, 'm', (lease) => this.dropKeys(lease));
    this.watches = new WatchHub(this.keys);
  }

  async transactAll(transactions: readonly Transaction[]): Promise<readonly Settled[]> {
    if (this.isClosed) return transactions.map(() => ({ ok: false, error: closed('transact') }));
    const settled: Settled[] = new Array(transactions.length);
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
      this.watches.publish(applied.changes);
    }
    return settled;
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
    return this.watches.open(prefix, fromRevision, listener);
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
    this.mustBeOpen('revokeLease');
    this.leases.remove(lease);
    this.dropKeys(lease);
  }

  async status(): Promise<StoreStatus> {
    this.mustBeOpen('status');
    return {
      revision: this.keys.revision,
      dbSizeBytes: this.keys.sizeBytes,
      alarms: [],
      members: [{ id: 'memory', name: 'memory', version: process.version, leader: true }],
    };
  }

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

  private dropKeys(lease: LeaseId): void {
    this.watches.publish(this.keys.dropLease(lease));
  }

  private mustBeOpen(operation: string): void {
    if (this.isClosed) throw closed(operation);
  }
}

function closed(operation: string): StoreUnavailable {
  return new StoreUnavailable(operation, 'notDone', new Error('the store is closed'));
}
