import { Clock, LeaseLost, Log, mayPass, pause } from '@app/platform';
import { Compare, CoordinationStore, Entry } from '../port/coordination-store.js';
import { isAbsent, isSince, put, read, transaction } from '../port/transaction.js';
import { LeaseKeeper } from './lease-keeper.js';
import { untilChanged } from './until-changed.js';

/** A stretch of leadership. */
export interface Term {
  /** Create revision of the leader's key: grows with every new leader, the same as long as the key lives. */
  readonly fence: number;
  /** Aborted, with LeaseLost as its reason, when the right to lead ends or is in doubt. */
  readonly signal: AbortSignal;
}

export interface LeaderElectionOptions {
  readonly store: CoordinationStore;
  readonly clock: Clock;
  readonly log: Log;
  /** The leader's key, for example `/cron/master`. */
  readonly key: string;
  /** What the leader's key says: who leads. */
  readonly value: string;
  /** Time to live of a candidate's lease, whole seconds; default 10. */
  readonly ttlSeconds?: number;
  /** Called when this candidate begins to lead. Also after a doubt was resolved, with the same fence. */
  readonly onElected?: (term: Term) => void;
  /** Called when it no longer leads, or cannot be sure to; its term's signal is aborted by then. */
  readonly onDeposed?: () => void;
}

/** After a failure, and to make sure that no event was missed. */
const RETRY_MS = 1_000;
const LOOK_AGAIN_MS = 10_000;

/**
 * One candidate among several for one key under a lease: who creates it leads.
 *
 * States: `follower` -> `leader` (the key is ours, and our lease's own deadline has not passed) -> `follower` when the
 * deadline passes, the lease is lost, or the key is gone. Two may believe to lead only as long as clocks run at
 * different speeds: so everything a leader writes compares its fence.
 */
export class LeaderElection {
  private readonly stopping = new AbortController();
  private keeper: LeaseKeeper | undefined;
  private fence: number | undefined;
  private term: AbortController | undefined;
  private campaign: Promise<void> = Promise.resolve();

  constructor(private readonly options: LeaderElectionOptions) {}

  /** Begins to stand for election, and goes on until `close`. To be called once. */
  start(): void {
    this.campaign = this.run();
  }

  /** Whether this candidate leads at this moment, by the clock: true is safe to act on only together with `fenceCompare`. */
  isLeader(): boolean {
    return this.fence !== undefined && this.term !== undefined && this.keeper?.isValid === true;
  }

  /** Goes into every transaction of a leader: holds only while it still leads. Throws LeaseLost when it does not lead. */
  fenceCompare(): Compare {
    if (this.fence === undefined || !this.isLeader()) throw new LeaseLost(this.keeper?.lease ?? 'of no leader');
    return isSince(this.options.key, this.fence);
  }

  /** Resigns, so that another may lead at once, and stands no more. Safe to repeat. */
  async close(): Promise<void> {
    this.stopping.abort();
    this.depose();
    await this.keeper?.stop();
    await this.campaign;
  }

  private async run(): Promise<void> {
    const { clock, log, key } = this.options;
    while (!this.stopping.signal.aborted) {
      try {
        await this.stand();
      } catch (error) {
        if (!mayPass(error)) throw error;
        log.warn('an election is waiting for the store', { key, error });
        await pause(clock, RETRY_MS, this.stopping.signal);
      }
    }
    await this.keeper?.stop();
  }

  /** Tries once to become leader; returns when it is worth trying again. Throws what the store throws. */
  private async stand(): Promise<void> {
    const { store, clock, key } = this.options;
    const keeper = await this.keepLease();
    const [holder, revision] = await this.takeOrRead(keeper);
    if (this.stopping.signal.aborted) return;
    // Our own key may be found there: an earlier answer was lost.
    if (holder?.lease === keeper.lease) this.elect(holder.createRevision);
    await untilChanged({
      store,
      clock,
      key,
      fromRevision: revision + 1,
      withinMs: LOOK_AGAIN_MS,
      signal: this.stopping.signal,
    });
    if (this.fence !== undefined && (await store.get(key))?.createRevision !== this.fence) this.dethrone();
  }

  private async keepLease(): Promise<LeaseKeeper> {
    if (this.keeper) return this.keeper;
    const { store, clock, log, ttlSeconds = 10 } = this.options;
    const keeper = await LeaseKeeper.grant(
      { store, clock, log, ttlSeconds, keepEveryMs: ttlSeconds * 300, validForMs: ttlSeconds * 800 },
      {
        suspended: () => this.depose(),
        resumed: () => this.fence !== undefined && this.elect(this.fence),
        lost: () => {
          this.keeper = undefined;
          this.dethrone();
        },
      },
    );
    this.keeper = keeper;
    return keeper;
  }

  /** The leader's key after an attempt to create it, and the revision at which that was true. */
  private async takeOrRead({ lease }: LeaseKeeper): Promise<[Entry | undefined, number]> {
    const { store, key, value } = this.options;
    const [settled] = await store.transactAll([
      transaction([isAbsent(key)], [put(key, value, lease), read(key)], [read(key)]),
    ]);
    if (!settled!.ok) throw settled!.error;
    const { results, revision } = settled!.result;
    const last = results.at(-1);
    return [last?.kind === 'get' ? last.entry : undefined, revision];
  }

  private elect(fence: number): void {
    if (this.stopping.signal.aborted || this.term || !this.keeper?.isValid) return;
    const term = new AbortController();
    this.fence = fence;
    this.term = term;
    this.options.log.info('elected', { key: this.options.key, fence });
    this.options.onElected?.({ fence, signal: term.signal });
  }

  /** Ends the term; the key may still be ours. */
  private depose(): void {
    const { term } = this;
    if (!term) return;
    this.term = undefined;
    term.abort(new LeaseLost(this.keeper?.lease ?? 'of a leader'));
    this.options.log.info('deposed', { key: this.options.key, fence: this.fence });
    this.options.onDeposed?.();
  }

  /** Ends the term for good: the key is no longer ours. */
  private dethrone(): void {
    this.depose();
    this.fence = undefined;
  }
}
