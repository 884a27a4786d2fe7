import type {
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
} from '@app/etcd';
import { type Clock, StoreUnavailable } from '@app/platform';
import type { SimProcess } from './process.js';
import type { Random } from './random.js';

/** What may happen to a message, as probabilities. */
export interface NetworkFaults {
  readonly lostRequest: number;
  readonly lostReply: number;
  /** A copy of a write arrives again, up to 3 s later. */
  readonly duplicate: number;
  /** Takes up to 4.5 s instead of a few milliseconds. */
  readonly slow: number;
}

/** Share of the calls that go to the member that is out of reach. */
const OUT_OF_REACH = 1 / 3;

export const CALM: NetworkFaults = { lostRequest: 0, lostReply: 0, duplicate: 0, slow: 0 };

/** The way from one process to the store and back. */
export class FaultyStore implements CoordinationStore {
  /** Nothing gets through: not there (`both`), or not back (`replies`). `partly`: one of three members is out of reach. */
  cut: 'none' | 'both' | 'replies' | 'partly' = 'none';
  faults: NetworkFaults = CALM;
  /** Whether copies of writes may arrive. */
  copies = true;
  private readonly watches = new Set<{ startOver(reason: string): void }>();

  constructor(
    private readonly store: CoordinationStore,
    private readonly world: Clock,
    private readonly process: SimProcess,
    private readonly random: Random,
    /** The store itself is down. */
    private readonly isDown: () => boolean,
  ) {}

  /** Breaks the connection: every watch has to start over. */
  reset(): void {
    for (const watch of [...this.watches]) watch.startOver('connection reset');
  }

  async transactAll(transactions: readonly Transaction[], options?: CallOptions): Promise<readonly Settled[]> {
    try {
      return await this.call('transact', options, () => this.store.transactAll(transactions), true);
    } catch (error) {
      return transactions.map(() => ({ ok: false, error: error as Error }));
    }
  }

  get(key: string, options?: CallOptions): Promise<Entry | undefined> {
    return this.call('get', options, () => this.store.get(key));
  }

  range(prefix: string, options: RangeOptions & CallOptions = {}): Promise<RangePage> {
    return this.call('range', options, () => this.store.range(prefix, options));
  }

  watch(prefix: string, fromRevision: number, listener: WatchListener): Watch {
    let isOpen = true;
    let inner: Watch | undefined;
    const close = (): void => {
      isOpen = false;
      this.watches.delete(handle);
      inner?.close();
    };
    let reachedAt = 0;
    const arrive = (event: () => void): void => {
      // In order: never before what was sent earlier.
      reachedAt = Math.max(reachedAt + 0.001, this.world.monotonic() + this.random.between(1, 8));
      this.world.timer(reachedAt - this.world.monotonic(), () => this.process.deliver(() => isOpen && event()));
    };
    const handle = {
      startOver: (reason: string): void => {
        if (!isOpen) return;
        this.watches.delete(handle);
        inner?.close();
        arrive(() => {
          isOpen = false;
          listener.startOver(reason);
        });
      },
    };
    this.watches.add(handle);
    inner = this.store.watch(prefix, fromRevision, {
      events: (events) => {
        if (this.cut === 'none' && !this.isDown()) arrive(() => listener.events(events));
      },
      startOver: (reason) => handle.startOver(reason),
    });
    return { close };
  }

  grantLease(ttlSeconds: number, options?: CallOptions): Promise<LeaseId> {
    return this.call('grant', options, () => this.store.grantLease(ttlSeconds));
  }

  keepAlive(lease: LeaseId, options?: CallOptions): Promise<void> {
    return this.call('keepAlive', options, () => this.store.keepAlive(lease));
  }

  revokeLease(lease: LeaseId, options?: CallOptions): Promise<void> {
    return this.call('revoke', options, () => this.store.revokeLease(lease));
  }

  status(options?: CallOptions): Promise<StoreStatus> {
    return this.call('status', options, () => this.store.status());
  }

  compact(revision: number, options?: CallOptions): Promise<void> {
    return this.call('compact', options, () => this.store.compact(revision));
  }

  async close(): Promise<void> {}

  /** Whether the cut swallows a message on its way. */
  private isLost(way: 'there' | 'back'): boolean {
    if (this.cut === 'partly') return way === 'there' && this.random.chance(OUT_OF_REACH);
    return this.cut === 'both' || (this.cut === 'replies' && way === 'back');
  }

  private call<T>(
    operation: string,
    options: CallOptions | undefined,
    work: () => Promise<T>,
    mayCopy = false,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      let isSettled = false;
      const settle = (event: () => void): void =>
        this.process.deliver(() => {
          if (isSettled) return;
          isSettled = true;
          cancelDeadline();
          event();
        });
      const cancelDeadline = this.world.timer(options?.deadlineMs ?? 5000, () =>
        settle(() => reject(new StoreUnavailable(operation, 'unknown'))),
      );
      if (this.process.isDead) return;
      const { random } = this;
      const way = (): number => (random.chance(this.faults.slow) ? random.between(500, 4500) : random.between(1, 6));
      const arrive = async (isCopy: boolean): Promise<void> => {
        if (this.isDown() || this.isLost('there')) return;
        const answer = await work().then(
          (value) => () => resolve(value),
          (error: unknown) => () => reject(error as Error),
        );
        if (isCopy || this.isLost('back') || random.chance(this.faults.lostReply)) return;
        this.world.timer(way(), () => settle(answer));
      };
      if (!random.chance(this.faults.lostRequest)) this.world.timer(way(), () => void arrive(false));
      if (mayCopy && this.copies && random.chance(this.faults.duplicate)) {
        this.world.timer(random.between(1, 3000), () => void arrive(true));
      }
    });
  }
}
