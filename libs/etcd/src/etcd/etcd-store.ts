import { LeaseLost, StoreUnavailable } from '@app/platform';
import { ILeaseGrantResponse, IRangeResponse, ITxnResponse } from 'etcd3';
import {
  CallOptions,
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
import { Compacted } from '../port/errors.js';
import { CallFailure, meaningOf } from './call-failure.js';
import { Cluster } from './cluster.js';
import { readStatus } from './cluster-status.js';
import { decodeEntry } from './codec.js';
import { FailureSubject, toStoreError } from './errors.js';
import { EtcdStoreOptions } from './etcd-options.js';
import { keepAliveOnce } from './keep-alive.js';
import { readPage } from './read-page.js';
import { settleTransactions } from './settle-transactions.js';
import { WatchStream } from './watch-stream.js';

const DEFAULT_DEADLINE_MS = 5_000;

/**
 * The coordination port on etcd 3.4 and later. Every call has a deadline and goes out at most once: what may have been
 * done is said to be `unknown`, and the caller decides. Connects when first called, and again by itself.
 */
export class EtcdStore implements CoordinationStore {
  private readonly cluster: Cluster;
  private readonly watches = new Set<WatchStream>();
  private isClosed = false;

  constructor(private readonly options: EtcdStoreOptions) {
    this.cluster = new Cluster(options);
  }

  async transactAll(transactions: readonly Transaction[], options: CallOptions = {}): Promise<readonly Settled[]> {
    const remaining = this.countdown(options);
    return settleTransactions(transactions, (request) =>
      this.cluster.call<ITxnResponse>('KV', 'txn', request, remaining()),
    );
  }

  get(key: string, options: CallOptions = {}): Promise<Entry | undefined> {
    return this.translated('get', {}, async () => {
      const request = { key: Buffer.from(key) };
      const { kvs } = await this.cluster.call<IRangeResponse>('KV', 'range', request, deadlineOf(options));
      return kvs[0] && decodeEntry(kvs[0]);
    });
  }

  range(prefix: string, options: RangeOptions & CallOptions = {}): Promise<RangePage> {
    const remaining = this.countdown(options);
    return this.translated('range', { revision: options.revision }, () =>
      readPage((request) => this.cluster.call<IRangeResponse>('KV', 'range', request, remaining()), prefix, options),
    );
  }

  watch(prefix: string, fromRevision: number, listener: WatchListener): Watch {
    const watch = new WatchStream(this.cluster, this.options, prefix, fromRevision, listener, (ended) =>
      this.watches.delete(ended),
    );
    this.watches.add(watch);
    void watch.open();
    return watch;
  }

  grantLease(ttlSeconds: number, options: CallOptions = {}): Promise<LeaseId> {
    return this.translated('grantLease', {}, async () => {
      const request = { TTL: ttlSeconds };
      return (await this.cluster.call<ILeaseGrantResponse>('Lease', 'leaseGrant', request, deadlineOf(options))).ID;
    });
  }

  keepAlive(lease: LeaseId, options: CallOptions = {}): Promise<void> {
    return this.translated('keepAlive', { lease }, async () => {
      const remaining = this.countdown(options);
      const { endpoint, connection } = await this.cluster.connect('Lease', remaining());
      try {
        if ((await keepAliveOnce(connection, lease, remaining())) <= 0) throw new LeaseLost(lease);
      } catch (error) {
        if (error instanceof CallFailure) {
          this.cluster.turnFrom(endpoint, error);
          endpoint.forgetToken();
        }
        throw error;
      }
    });
  }

  revokeLease(lease: LeaseId, options: CallOptions = {}): Promise<void> {
    return this.translated('revokeLease', { lease }, async () => {
      try {
        await this.cluster.call('Lease', 'leaseRevoke', { ID: lease }, deadlineOf(options));
      } catch (error) {
        if (!(error instanceof CallFailure) || meaningOf(error).kind !== 'leaseGone') throw error;
      }
    });
  }

  status(options: CallOptions = {}): Promise<StoreStatus> {
    return this.translated('status', {}, () => readStatus(this.cluster, deadlineOf(options)));
  }

  async compact(revision: number, options: CallOptions = {}): Promise<void> {
    try {
      await this.translated('compact', { revision }, () =>
        this.cluster.call('KV', 'compact', { revision }, deadlineOf(options)),
      );
    } catch (error) {
      if (!(error instanceof Compacted)) throw error;
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const watch of [...this.watches]) watch.close();
    this.cluster.close();
  }

  private async translated<T>(operation: string, subject: FailureSubject, work: () => Promise<T>): Promise<T> {
    if (this.isClosed) throw new StoreUnavailable(operation, 'notDone', new Error('the store is closed'));
    try {
      return await work();
    } catch (error) {
      throw toStoreError(operation, error, subject);
    }
  }

  private countdown(options: CallOptions): () => number {
    const end = this.options.clock.monotonic() + deadlineOf(options);
    return () => end - this.options.clock.monotonic();
  }
}

function deadlineOf({ deadlineMs = DEFAULT_DEADLINE_MS }: CallOptions): number {
  return deadlineMs;
}
